"""Doing something with a case: one view for every action, each with its own small form.

What is allowed comes from the case's page, which asks the law of a case; what a form does
is in ``handling``, ``replying`` and ``dispatching``. A save that comes too late is refused
with both texts shown; a second click on the same button does no harm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases.queries import HistoryEntry, QueueView, similar_cases
from civic.cases.rules import ACTION_TEXTS, CaseAction
from civic.core import clock
from civic.core.actor import Actor
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotFound, Stale
from civic.desk import queries, services
from civic.desk.forms import CaseForm
from civic.desk.passing import case_to_change
from civic.desk.policy import WORKERS
from civic.desk.queries import DeskCase
from civic.desk.rules import Keepable
from civic.desk.views import bp
from civic.desk.views.around import Around, around, put_back
from civic.desk.views.deeds import Order
from civic.desk.views.forming import DEEDS, SLUGS, Button, button_of, form_of
from civic.desk.views.joining import compared
from civic.desk.views.wording import OWN_PAGES, list_url
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form

SECOND_CLICK = timedelta(minutes=1)
"""How long the same press by the same person counts as one."""
THEN = {"send": CaseAction.SEND_FOR_APPROVAL, "publish": CaseAction.PUBLISH_REPLY}
"""What a button does after its action."""


@bp.route("/cases/<reference>/<slug>", methods=["GET", "POST"])
@access(*WORKERS)
def act(reference: str, slug: str) -> str | Response | tuple[str, int]:
    """The form of one action, and doing it."""
    if slug not in SLUGS:
        abort(404)
    action, actor, now = SLUGS[slug], current_actor(), clock.now()
    if request.method == "GET":
        return _ask(queries.desk_case(actor, reference, now), action)
    page = case_to_change(actor, reference, now)
    form = form_of(page, action, sent=True)
    if form.seen_version != page.case.version:
        return _too_late(page, actor, action, form, now)
    if form.validate():
        order = Order(actor, page.case.case_id, form.seen_version, form, now, request.form.get("then", ""))
        try:
            with unit_of_work():
                DEEDS[action].perform(order)
                if slug in set(Keepable):
                    services.drop_kept(actor, page.case.case_id, Keepable(slug))
        except Stale:
            # Someone was faster by a moment: after the page was read, before the row was locked.
            return _too_late(case_to_change(actor, reference, now), actor, action, form, now)
        except NotFound:
            case_to_change(actor, reference, now)
            raise
        except Invalid as error:
            put_on_form(form, error)
        else:
            return _onward(page, action)
    return _shown(page, button_of(page, action, form), around(page, action)), 422


def back() -> str:
    """The list the reader came from, as a word of the address; empty if none."""
    wanted = request.values.get("back", "")
    return wanted if wanted in {*OWN_PAGES, *QueueView} else ""


def _ask(page: DeskCase, action: CaseAction) -> str | Response:
    if not page.case.may(action):
        flash(_("This is not possible in the present state of the case."), "warning")
        return redirect(url_for("desk.case", reference=page.case.reference, back=back() or None))
    beside, button = around(page, action), button_of(page, action)
    put_back(button.form, beside["keeping"], button.slug)
    return _shown(page, button, beside)


def _shown(page: DeskCase, button: Button, beside: Around) -> str:
    """The form beside the case, and beside the other case where there are two."""
    beside_it = compared(page, button.form)
    choosing = button.action is CaseAction.MERGE and (beside_it is None or bool(beside_it.refusal))
    return render_template(
        "desk/act.html",
        page=page,
        button=button,
        compared=beside_it,
        similar=similar_cases(current_actor(), page.case) if choosing else (),
        back=back(),
        **beside,
    )


def _onward(page: DeskCase, action: CaseAction) -> Response:
    done = _(DEEDS[action].done or ACTION_TEXTS[action].past)
    flash(_("%(done)s: %(reference)s", done=done, reference=page.case.reference), "success")
    if DEEDS[action].leaves and back():
        return redirect(list_url(back()))
    return redirect(url_for("desk.case", reference=page.case.reference, back=back() or None))


def _already_done(page: DeskCase, actor: Actor, action: CaseAction, form: CaseForm, now: datetime) -> bool:
    """Whether this very thing was just done by the same person: a double click, or a reload of the answer."""
    recent = [
        entry
        for entry in page.case.history
        if entry.account_id == actor.account_id and now - entry.at <= SECOND_CLICK
    ]
    mine = [entry for entry in recent if entry.action is action]
    then = THEN.get(request.form.get("then", ""))
    if not mine or (then is not None and all(entry.action is not then for entry in recent)):
        return False
    if not form.choices_made() <= _chosen_then(page, mine):
        return False
    return {text for _label, text in form.typed()} <= page.texts | {mine[-1].text}


def _chosen_then(page: DeskCase, mine: list[HistoryEntry]) -> set[str]:
    """What was chosen with what was just done, as plain values; a draft holds its own."""
    details = (value for entry in mine for value in entry.detail.values())
    replies = (reply.resolution for reply in (page.draft, page.current_reply) if reply)
    return {str(value) for value in (*details, *replies, *(part.department_id for part in page.case.parts))}


def _too_late(
    page: DeskCase, actor: Actor, action: CaseAction, form: CaseForm, now: datetime
) -> Response | tuple[str, int]:
    """The case has changed since the form was opened: both texts, and the choice between them."""
    if _already_done(page, actor, action, form, now):
        return _onward(page, action)
    form.version.data = str(page.case.version)
    return render_template(
        "desk/stale.html",
        page=page,
        button=button_of(page, action, form),
        typed=form.typed(),
        current=page.current_text(action),
        back=back(),
        **around(page, action),
    ), 409
