"""The page of one case, its contact (asked for, and audited), internal notes, and its short form beside a list."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases import queries as cases
from civic.cases import services
from civic.cases.services import ContactView
from civic.core import clock
from civic.core.actor import Actor, Role
from civic.core.db import unit_of_work
from civic.core.errors import Invalid
from civic.desk import queries
from civic.desk.beside import beside_case, named
from civic.desk.file_forms import AttachForm
from civic.desk.forms import NoteForm
from civic.desk.passing import case_to_change, case_to_open
from civic.desk.policy import READERS, WORKERS
from civic.desk.queries import DeskCase
from civic.desk.rules import Keepable
from civic.desk.services import drop_kept
from civic.desk.views import bp
from civic.desk.views.acting import SECOND_CLICK, back
from civic.desk.views.around import around, pane_of, put_back
from civic.desk.views.forming import buttons_of
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form

OPEN = "open"
"""The part of an address that says which folded form of the page stands open: the way to it without a script."""


def read_case(reference: str) -> DeskCase:
    """The case for the one who asks; an auditor's look at a private one leaves an audit row."""
    actor, now = current_actor(), clock.now()
    page = case_to_open(actor, reference, now)
    if actor.has(Role.AUDITOR):
        with unit_of_work():
            services.note_reading(actor, page.case.case_id, now)
    return page


def render_case(
    page: DeskCase,
    *,
    note: NoteForm | None = None,
    contact: ContactView | None = None,
    attach: AttachForm | None = None,
) -> str:
    """The whole page, with an answered request for the contact, or a note or file that could not be kept."""
    writing = around(page)
    if note is None:
        note = NoteForm(formdata=None)
        put_back(note, writing["keeping"], Keepable.NOTE)
    return render_template(
        "desk/case.html",
        page=page,
        buttons=buttons_of(page),
        beside=beside_case(current_actor(), page, clock.now()),
        note=note,
        attach=attach or AttachForm.of(page.case, sent=False),
        contact=contact,
        back=back(),
        opened=request.args.get(OPEN, ""),
        **writing,
    )


@bp.get("/cases/<reference>")
@access(*READERS)
def case(reference: str) -> str:
    """Everything about one case, and what can be done with it."""
    return render_case(read_case(reference))


@bp.get("/cases/<reference>/pane")
@access(*READERS)
def pane(reference: str) -> str:
    """The case in short, without page around it, for the third column of the queue."""
    page = read_case(reference)
    return render_template(
        "desk/pane.html", page=page, buttons=buttons_of(page), back=back(), **pane_of(page)
    )


@bp.post("/cases/<reference>/presence")
@access(*WORKERS)
def presence(reference: str) -> str:
    """A heartbeat of an open page: I am here, and who else is; ``gone`` says that the page was closed."""
    actor, now = current_actor(), clock.now()
    case_id = cases.case_id_of(reference) or 0
    if request.form.get("gone"):
        with unit_of_work():
            services.leave(actor, case_id)
        return ""
    with unit_of_work():
        there = services.touch_presence(actor, case_id, now, writing=bool(request.form.get("writing")))
    return render_template("desk/case/present.html", there=named(there))


@bp.post("/cases/<reference>/contact")
@access(*WORKERS)
def contact(reference: str) -> str:
    """Show how to reach the resident; each time is written down."""
    actor, now = current_actor(), clock.now()
    page = queries.desk_case(actor, reference, now)
    with unit_of_work():
        shown = services.reveal_contact(actor, page.case.case_id, now)
    return render_case(page, contact=shown)


@bp.post("/cases/<reference>/note")
@access(*WORKERS)
def note(reference: str) -> str | Response | tuple[str, int]:
    """Leave a note for colleagues. It changes nothing about the case, so no version is asked for."""
    actor, now = current_actor(), clock.now()
    page = case_to_change(actor, reference, now)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            if not _kept_already(page, actor, form.text.data, now):
                with unit_of_work():
                    services.add_note(actor, page.case.case_id, form.text.data, now)
                    drop_kept(actor, page.case.case_id, Keepable.NOTE)
        except Invalid as error:
            put_on_form(form, error)
        else:
            flash(_("Note kept."), "success")
            address = url_for("desk.case", reference=page.case.reference, back=back() or None)
            return redirect(address + "#notes")
    return render_case(page, note=form), 422


def _kept_already(page: DeskCase, actor: Actor, text: str, now: datetime) -> bool:
    """Whether the same person left the same note a moment ago: a double click."""
    return any(
        one.account_id == actor.account_id and one.text == text and now - one.at <= SECOND_CLICK
        for one in page.case.notes
    )
