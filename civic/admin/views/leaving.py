"""Somebody leaves: to whom the open cases go is asked for, by their number alone, and done with the deactivation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from civic.accounts import queries, services
from civic.accounts.policy import can_change_account
from civic.admin.queries import names_of_departments
from civic.admin.views import bp
from civic.cases.queries import approvals_waiting, held_counts
from civic.cases.services import hand_over_cases
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form


@bp.route("/accounts/<int:account_id>/deactivate", methods=["GET", "POST"])
@access(Role.ADMIN)
def deactivate(account_id: int) -> str | tuple[str, int] | Response:
    """The person has left: the cases go first, then the account, in one transaction."""
    actor, now = current_actor(), clock.now()
    can_change_account(actor, account_id).require()
    page = queries.account_page(actor, account_id, now)
    held = held_counts(account_id)
    names = names_of_departments(held)
    form = _form(account_id, names, held)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                moved = hand_over_cases(actor, account_id, _chosen(form, held), now)
                services.deactivate_account(actor, account_id, now)
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(
                _(
                    "The account is deactivated and signed out everywhere. Open cases handed over: %(num)d.",
                    num=moved,
                )
            )
            return redirect(url_for("admin.account", account_id=account_id))
    fields = [form[f"to_{department_id}"] for department_id in held]
    alone = approvals_waiting(queries.led_alone(account_id))
    led = [(name, alone[department_id]) for department_id, name in names_of_departments(alone).items()]
    answer = render_template("admin/leaving.html", page=page, form=form, fields=fields, led=led)
    return (answer, 422) if form.errors else answer


def _form(account_id: int, names: dict[int, str], held: dict[int, int]) -> FlaskForm:
    """One choice per department in which the person holds cases."""

    class LeavingForm(FlaskForm):
        pass

    for department_id, name in names.items():
        people = [one for one in queries.colleagues(department_id) if one.id != account_id]
        back = SelectChoice("", _("Back to the department: its lead distributes them"))
        choices = [back, *(SelectChoice(str(one.id), one.name) for one in people)]
        count = ngettext("%(num)d open case", "%(num)d open cases", held[department_id])
        to = SelectField(name, description=count, choices=choices, validators=[Optional()])
        setattr(LeavingForm, f"to_{department_id}", to)
    return LeavingForm()


def _chosen(form: FlaskForm, held: dict[int, int]) -> dict[int, int | None]:
    given = {department_id: form[f"to_{department_id}"].data for department_id in held}
    return {department_id: int(to) if to else None for department_id, to in given.items()}
