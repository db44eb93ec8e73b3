"""The writer's own data: what is kept, all of it to read or take away, and having it erased."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import structlog
from flask import abort, flash, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases import services as cases
from civic.cases.rules import CHANNEL_LABELS, PARTY_LABELS, SPEAKS_AS_LABELS
from civic.core import clock
from civic.core.actor import RESIDENT
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import NotAllowed, NotFound, Stale, TooMany
from civic.core.extensions import csrf
from civic.core.tally import mark_of
from civic.core.windows import HOUR, Limit
from civic.intake import queries
from civic.intake.forms import PlainForm, StepForm
from civic.intake.own_data import as_zip, photo_names
from civic.intake.queries import OwnDataPage
from civic.intake.views import bp
from civic.intake.views.limiting import limited
from civic.intake.views.steps import ANOTHER_CASE
from civic.web import senders
from civic.web.access import access
from civic.web.senders import clock_time

EXPORT = "own_data"
EXPORTS = (Limit(10, HOUR),)
"""Of one case: each one decrypts a contact and leaves an audit row."""
Answer = Response | str | tuple[str, int]


@bp.route("/track/case/data", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def own_data() -> Answer:
    """What is kept and until when; on request all of it, on a page (``shape=page``) or as a file."""
    now = clock.now()
    page = _page(now)
    if page is None:
        return redirect(url_for("intake.track"))
    form = PlainForm()
    if request.method == "GET":
        return _overview(page, form)
    if not form.validate():
        return _overview(page, form), 422
    try:
        return _everything(page, now)
    except TooMany as error:
        form.form_errors.append(
            _(
                "This was asked for very often. Please try again after %(time)s.",
                time=clock_time(error.again_at, now),
            )
        )
        return limited(_overview(page, form), error, now)


@bp.route("/track/case/erase/<any(contact, words):what>", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def erase(what: str) -> Answer:
    """What erasing brings, in so many words, and the one button that does it."""
    now = clock.now()
    page = _page(now)
    if page is None:
        return redirect(url_for("intake.track"))
    if not _erasable(page, what):
        flash(_("There is nothing of this left to erase."), "warning")
        return redirect(url_for("intake.own_data"))
    form, case = StepForm(), page.data.case
    if request.method == "GET":
        form.show(case.reference, case.version)
        return _confirmation(page, what, form)
    if form.about.data and form.about.data != case.reference:
        flash(str(ANOTHER_CASE), "warning")
        return redirect(url_for("intake.own_data"))
    if not form.validate():
        return _confirmation(page, what, form), 422
    perform = cases.erase_words if what == "words" else cases.erase_contact
    try:
        with unit_of_work():
            perform(RESIDENT, case.case_id, form.seen_version, now)
    except (Stale, NotAllowed):
        form.form_errors.append(
            _(
                "The case has changed since you opened this page. Look at it again and press the button once more."
            )
        )
        form.show(case.reference, case.version)
        return _confirmation(page, what, form), 409
    # Read again after a restore, see operations.md: the backup doesn't know of it.
    structlog.get_logger().info("erased", what=what, reference=case.reference)
    if what == "words":
        flash(_("Your words, photos and contact are erased."), "success")
        return redirect(url_for("intake.tracked"))
    flash(_("Your contact is erased."), "success")
    return redirect(url_for("intake.own_data"))


def _page(now: datetime) -> OwnDataPage | None:
    """What is kept of the case that this browser has opened; None if it has opened none."""
    case_id = session.get("case")
    if case_id is None:
        return None
    try:
        return queries.own_data(case_id, now)
    except NotFound:
        session.pop("case", None)
        return None


def _erasable(page: OwnDataPage, what: str) -> bool:
    return page.data.case.erased_at is None if what == "words" else bool(page.data.contact_fields)


def _overview(page: OwnDataPage, form: PlainForm) -> str:
    return render_template(
        "intake/public/data/overview.html", page=page, form=form, contact_days=settings().contact_days
    )


def _confirmation(page: OwnDataPage, what: str, form: StepForm) -> str:
    return render_template(f"intake/public/data/erase_{what}.html", page=page, form=form)


def _everything(page: OwnDataPage, now: datetime) -> Answer:
    shape = request.form.get("shape", "")
    if shape not in ("page", "file"):
        abort(400)
    case = page.data.case
    mark = mark_of("case", str(case.case_id), now)
    with unit_of_work():
        senders.require_for(EXPORT, mark, EXPORTS, now)
        senders.count(EXPORT, mark, now=now)
        contact = cases.show_own_contact(RESIDENT, case.case_id, now)
    page = queries.own_data(case.case_id, now)
    shown = {
        "page": page,
        "contact": contact,
        "now": now,
        "contact_days": settings().contact_days,
        "CHANNEL_LABELS": CHANNEL_LABELS,
        "SPEAKS_AS_LABELS": SPEAKS_AS_LABELS,
        "PARTY_LABELS": PARTY_LABELS,
    }
    if shape == "page":
        return render_template("intake/public/data/everything.html", photos={}, **shown)
    html = render_template("intake/public/data/file.html", photos=photo_names(page), **shown)
    return send_file(
        BytesIO(as_zip(page, contact, html, now)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{case.reference}.zip",
    )
