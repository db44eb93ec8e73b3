"""Merging and splitting a department: what passes is seen first, then confirmed; what is planned can be withdrawn."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.admin import services
from civic.admin.forms import ReorganisationForm
from civic.admin.reorganisation_page import preview
from civic.admin.views import bp
from civic.cases.rules import STATUS_LABELS
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, NotFound
from civic.departments import queries as places
from civic.departments import services as departments
from civic.departments.queries import DepartmentRow
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form

Answer = str | tuple[str, int] | Response


@bp.route("/departments/<key>/reorganise", methods=["GET", "POST"])
@access(Role.ADMIN)
def reorganise(key: str) -> Answer:
    """Enter it; see what passes and choose; and do it once that was seen."""
    source = _department(key)
    form = _form(source)
    if request.method == "GET":
        form.effective_on.data = places.local_day(clock.now())
    sure = request.form.get("sure", "")
    if sure != "back" and form.validate_on_submit():
        try:
            if sure == "yes":
                return _confirmed(form, source)
            departments.check_reorganisation(
                current_actor(), form.entered(source.id, frozenset()), clock.now()
            )
        except DomainError as error:
            put_on_form(form, error)
        if sure == "yes" or not form.errors:
            return _preview(form, source, set(request.form.getlist("keys")) if sure == "yes" else None)
    page = render_template("admin/reorganise.html", form=form, source=source)
    return page, 422 if form.errors else 200


@bp.post("/departments/<key>/reorganisations/<int:row_id>/withdraw")
@access(Role.ADMIN)
def withdraw_reorganisation(key: str, row_id: int) -> Response:
    """Drop what is planned."""
    source = _department(key)
    with unit_of_work():
        departments.withdraw_reorganisation(current_actor(), source.id, row_id, clock.now())
    flash(_("The planned change is dropped."))
    return redirect(url_for("admin.place", where="departments", key=key))


def _confirmed(form: ReorganisationForm, source: DepartmentRow) -> Response:
    new = form.entered(source.id, frozenset(request.form.getlist("keys")))
    with unit_of_work():
        services.reorganise(current_actor(), new, clock.now(), form.seen.data or "")
    at_once = new.effective_on <= places.local_day(clock.now())
    flash(
        _("Done: everything has passed on.") if at_once else _("It is planned and will be done on that day.")
    )
    return redirect(url_for("admin.place", where="departments", key=source.key))


def _preview(form: ReorganisationForm, source: DepartmentRow, chosen: set[str] | None) -> tuple[str, int]:
    page = preview(current_actor(), form.entered(source.id, frozenset()), chosen)
    form.seen.data = page.seen
    rendered = render_template(
        "admin/reorganise_preview.html",
        form=form,
        page=page,
        status_labels=STATUS_LABELS,
        at_once=page.new.effective_on <= places.local_day(clock.now()),
    )
    return rendered, 422 if form.errors else 200


def _form(source: DepartmentRow) -> ReorganisationForm:
    form = ReorganisationForm()
    form.offer(
        tuple(
            (row.id, chinese_or_english(row.name, row.name_hant, row.name_en))
            for row in places.departments()
            if row.id != source.id
        )
    )
    return form


def _department(key: str) -> DepartmentRow:
    found = next((row for row in places.departments(include_inactive=True) if row.key == key), None)
    if found is None:
        raise NotFound(N_("There is no such department, street or community."))
    return found
