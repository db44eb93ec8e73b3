"""Plain summaries for editors: the list of clauses, and one with preview, version check and history."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core.actor import Role
from civic.core.clock import now
from civic.core.db import unit_of_work
from civic.core.errors import DomainError, Stale
from civic.plans import services as plans
from civic.portal.forms import SummaryForm
from civic.portal.queries.summaries import summaries_page, summary_page
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form


def register(bp: Blueprint) -> None:
    """Add the editors' pages to the portal."""

    @bp.get("/plain-summaries")
    @access(Role.EDITOR)
    def plain_summaries() -> str:
        """Which clauses have a summary, chapter by chapter."""
        return render_template(
            "portal/staff/summaries.html", page=summaries_page(request.args.get("plan", ""))
        )

    @bp.route("/plain-summaries/<plan>/<code>", methods=["GET", "POST"])
    @access(Role.EDITOR)
    def plain_summary(plan: str, code: str) -> Response | str | tuple[str, int]:
        """Write, preview and publish the summary of one item."""
        return _page(plan, code)


def _page(plan: str, code: str) -> Response | str | tuple[str, int]:
    page = summary_page(plan, code)
    newest = page.versions[0] if page.versions else None
    form = SummaryForm(
        text=newest.text if newest else "", text_en=newest.text_en if newest else "", seen=page.current_id
    )
    status, preview, stale = 200, False, False
    if form.validate_on_submit():
        if not form.publish.data:
            preview = True
        else:
            new = plans.NewSummary(form.text.data or "", form.text_en.data or "", form.seen_id())
            try:
                with unit_of_work():
                    plans.publish_plain_summary(current_actor(), page.ref.id, new, now())
            except DomainError as error:
                put_on_form(form, error)
                status, stale = error.status, isinstance(error, Stale)
                page = summary_page(plan, code)
            else:
                flash(_("The summary is published."), "success")
                return redirect(url_for("portal.plain_summary", plan=plan, code=code))
    elif form.is_submitted():
        status = 422
    if stale:
        # What the editor wrote stays; publishing again replaces the version that is now on the screen.
        form.seen.data = str(page.current_id)
    return render_template(
        "portal/staff/summary.html", page=page, form=form, preview=preview, stale=stale
    ), status
