"""Departments, streets and communities: what there is, its history, and changes from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from civic.admin import forms, queries
from civic.admin.reorganisation_page import reorganisations_of
from civic.admin.rules import FIELD_NAMES
from civic.admin.views import bp
from civic.core import clock
from civic.core.actor import Role
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, NotFound, Stale
from civic.departments import queries as places
from civic.departments import services
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form

Answer = str | tuple[str, int] | Response
WHERE = "<any(departments, streets, communities):where>"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of place: what services call it, its forms, and how its pages are headed."""

    name: str
    form: type[forms.DatedForm]
    new_form: type[forms.DatedForm]
    heading: str


KINDS: Mapping[str, _Kind] = {
    "departments": _Kind("department", forms.DepartmentForm, forms.NewDepartmentForm, N_("A new department")),
    "streets": _Kind("street", forms.StreetForm, forms.NewStreetForm, N_("A new street")),
    "communities": _Kind("community", forms.CommunityForm, forms.NewCommunityForm, N_("A new community")),
}


@bp.get("/departments")
@access(Role.ADMIN)
def departments() -> str:
    """All departments with their key and function, the former ones last."""
    rows = places.departments(include_inactive=True)
    return render_template(
        "admin/departments.html",
        departments=[row for row in rows if row.active],
        former=[row for row in rows if not row.active],
        heirs=places.heirs(),
        names=places.department_names(row.id for row in rows),
    )


@bp.get("/streets")
@access(Role.ADMIN)
def streets() -> str:
    """All streets with their office and communities."""
    return render_template(
        "admin/streets.html",
        streets=places.streets(include_inactive=True),
        communities=places.communities(include_inactive=True),
        offices=places.department_names(
            street.department_id for street in places.streets(include_inactive=True)
        ),
    )


@bp.route(f"/{WHERE}/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_place(where: str) -> Answer:
    """Add one."""
    kind = KINDS[where]
    form = _offer(kind.new_form())
    if request.method == "GET":
        form.effective_on.data = places.local_day(clock.now())
        if "street_id" in form and request.args.get("street"):
            form["street_id"].data = request.args["street"]
    if form.validate_on_submit():
        key = str(form["key"].data).strip()
        try:
            with unit_of_work():
                services.create_place(
                    current_actor(), kind.name, key, form.values(), form.dating(), clock.now()
                )
        except DomainError as error:
            put_on_form(form, error)
        else:
            flash(_("Added: %(name)s", name=form["name"].data))
            return redirect(url_for("admin.place", where=where, key=key))
    return (
        render_template("admin/new_place.html", form=form, where=where, heading=kind.heading),
        422 if form.errors else 200,
    )


@bp.route(f"/{WHERE}/<key>", methods=["GET", "POST"])
@access(Role.ADMIN)
def place(where: str, key: str) -> Answer:
    """One of them: change it from a day on, see what was changed."""
    kind, row = KINDS[where], _row(where, key)
    values = services.place_values(kind.name, row.id)
    form = _offer(kind.form())
    if request.method == "GET":
        _begin(form, values)
    if form.validate_on_submit():
        actor, now = current_actor(), clock.now()
        try:
            with unit_of_work():
                services.change_place(
                    actor, kind.name, row.id, form.values(), form.dating(), now, form.seen.data or ""
                )
        except DomainError as error:
            put_on_form(form, error)
            if isinstance(error, Stale):
                show_stored(form, values)
        else:
            _say_saved(form)
            return redirect(url_for("admin.place", where=where, key=key))
    page = render_template(
        "admin/place.html",
        form=form,
        where=where,
        row=row,
        changes=queries.changes_of(kind.name, row.id),
        field_names=FIELD_NAMES,
        action=FlaskForm(),
        reorganised=reorganisations_of(row.id) if where == "departments" else (),
        today=places.local_day(clock.now()),
        members=[c for c in places.communities() if c.street_id == row.id] if where == "streets" else [],
    )
    return page, 422 if form.errors else 200


@bp.post(f"/{WHERE}/<key>/changes/<int:change_id>/withdraw")
@access(Role.ADMIN)
def withdraw_place_change(where: str, key: str, change_id: int) -> Response:
    """Drop a planned change."""
    with unit_of_work():
        services.withdraw_place_change(
            current_actor(), KINDS[where].name, _row(where, key).id, change_id, clock.now()
        )
    flash(_("The planned change is dropped."))
    return redirect(url_for("admin.place", where=where, key=key))


def show_stored(form: forms.DatedForm, stored: Mapping[str, Any]) -> None:
    """After a stale save: what was typed stays, what is stored stands beside it, and the next save counts."""
    for name, value in stored.items():
        if name in form and form.values().get(name) != value:
            form[name].description = _("Stored now: %(value)s", value=queries.in_words(name, value))
    form.seen.data = fingerprint(stored)


def _begin(form: forms.DatedForm, values: Mapping[str, Any]) -> None:
    form.show(values)
    form.effective_on.data = places.local_day(clock.now())
    form.seen.data = fingerprint(values)


def _say_saved(form: forms.DatedForm) -> None:
    waits = form.effective_on.data and form.effective_on.data > places.local_day(clock.now())
    flash(_("The change is planned and will be made on that day.") if waits else _("The change is saved."))


def _offer(form: forms.DatedForm) -> forms.DatedForm:
    """Fill in what can be chosen, in the reader's language."""
    for name, rows in (("department_id", places.departments()), ("street_id", places.streets())):
        if name in form:
            options = [
                SelectChoice(str(row.id), chinese_or_english(row.name, row.name_hant, row.name_en))
                for row in rows
            ]
            form[name].choices = [SelectChoice("", _("Choose …")), *options]
    return form


def _row(where: str, key: str) -> Any:
    rows: Mapping[str, Any] = {
        "departments": lambda: {row.key: row for row in places.departments(include_inactive=True)},
        "streets": lambda: {row.code: row for row in places.streets(include_inactive=True)},
        "communities": lambda: {row.code: row for row in places.communities(include_inactive=True)},
    }
    found = rows[where]().get(key)
    if found is None:
        raise NotFound(N_("There is no such department, street or community."))
    return found
