"""Who is away and who stands in: entered by oneself or the lead, seen by the colleagues of the department alone."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.accounts.services import NewAbsence, end_absence, enter_absence
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.departments.queries import DepartmentRow, local_day
from civic.desk.absence import AbsencePage, absence_page, nobody_approves
from civic.desk.absence_forms import AbsenceForm
from civic.desk.views import bp
from civic.web.access import access, current_actor
from civic.web.filters import day
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form


@bp.route("/absences", methods=["GET", "POST"])
@access(Role.HANDLER, Role.LEAD)
def absences() -> str | Response | tuple[str, int]:
    """The list, and the form of a new one."""
    actor, now = current_actor(), clock.now()
    page = absence_page(actor, local_day(now))
    form = _form(page)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                enter_absence(actor, form.filled, now)
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(_("Entered. It begins and ends by itself."), "success")
            _warn(form.filled)
            return redirect(url_for("desk.absences"))
    answer = render_template("desk/absences.html", page=page, form=form, today=local_day(now))
    return (answer, 422) if form.errors else answer


@bp.post("/absences/<int:absence_id>/end")
@access(Role.HANDLER, Role.LEAD)
def end_of_absence(absence_id: int) -> Response:
    """The person is back, or doesn't go."""
    with unit_of_work():
        end_absence(current_actor(), absence_id, clock.now())
    flash(_("Ended. The cases stand in the list of their own handler alone again."), "success")
    return redirect(url_for("desk.absences"))


def _form(page: AbsencePage) -> AbsenceForm:
    """A lead chooses among everybody of the department, everyone else only where they work themselves."""
    actor = current_actor()
    several = len(page.departments) > 1

    def label(name: str, row: DepartmentRow) -> str:
        return f"{name} · {chinese_or_english(row.name, row.name_hant, row.name_en)}" if several else name

    everyone = [(f"{one.id}:{row.id}", label(one.name, row), one.id, row.id) for row, one in page.people]
    own = [(key, name) for key, name, person, _row in everyone if person == actor.account_id]
    led = [
        (key, name) for key, name, person, row in everyone if row in page.led and person != actor.account_id
    ]
    return AbsenceForm(
        people=[*own, *led],
        stand_ins=[(key, name) for key, name, _person, _row in everyone],
    )


def _warn(new: NewAbsence) -> None:
    """Say it where nobody would be left who approves replies."""
    days = [new.since + timedelta(days=n) for n in range((new.until - new.since).days + 1)]
    first = nobody_approves(new.department_id, days, local_day(clock.now()))
    if first is not None:
        flash(
            _(
                "From %(day)s every lead of the department is away: nobody can approve replies. "
                "A stand-in takes over the work, not the signature.",
                day=day(first),
            ),
            "warning",
        )
