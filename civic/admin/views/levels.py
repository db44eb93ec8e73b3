"""Within how many days things are due: of the district and of departments, from a day on; what a change moves."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic.admin import queries, services
from civic.admin.level_forms import LEVEL_FIELDS, LevelsForm, levels_form
from civic.admin.moving import recent_orders, say_followed, summed
from civic.admin.rules import FIELD_NAMES, LEVEL_NAMES
from civic.admin.views import bp
from civic.admin.views.moving import to_order
from civic.admin.views.places import show_stored
from civic.cases import services as cases
from civic.core import clock
from civic.core.actor import Role
from civic.core.dated import fingerprint
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, NotFound, Stale
from civic.departments import queries as places
from civic.departments import services as departments
from civic.departments.rules import LevelKey, beyond_most
from civic.departments.services import DISTRICT
from civic.web.access import access, current_actor
from civic.web.locale import chinese_or_english
from civic.web.messages import put_on_form

Answer = str | tuple[str, int] | Response
OF_DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose levels: ``id`` is that of a department, or :data:`DISTRICT`."""

    id: int
    key: str
    name: str


@bp.get("/levels")
@access(Role.ADMIN)
def levels() -> str:
    """The district's deadlines, and the departments that have some of their own."""
    found = places.service_levels()
    today = places.local_day(clock.now())
    own = {
        row.key: {key: days for key in LevelKey if (days := found.own_days(key, row.id, today))}
        for row in places.departments()
    }
    return render_template(
        "admin/levels.html",
        values=departments.level_values(DISTRICT, today),
        fields=LEVEL_FIELDS,
        names=FIELD_NAMES,
        level_names=LEVEL_NAMES,
        departments=places.departments(),
        own=own,
        orders=recent_orders(departments.LEVELS),
    )


@bp.route("/levels/<key>", methods=["GET", "POST"])
@access(Role.ADMIN)
def levels_of(key: str) -> Answer:
    """The deadlines of the district or of a department: a change, what it would move, and its confirmation."""
    owner = _owner(key)
    today = places.local_day(clock.now())
    values = departments.level_values(owner.id, today)
    form = levels_form(values, departments.level_values(DISTRICT, today) if owner.id else None)
    if request.method == "GET":
        form.show(values)
        form.effective_on.data = today
        form.seen.data = fingerprint(values)
    if request.form.get("sure") != "back" and form.validate_on_submit():
        try:
            if request.form.get("sure") != "yes":
                return _preview(owner, form, values)
            return _save(owner, form)
        except DomainError as error:
            put_on_form(form, error)
            if isinstance(error, Stale):
                show_stored(form, values)
    page = render_template(
        "admin/levels_of.html",
        form=form,
        owner=owner,
        fields=LEVEL_FIELDS,
        names=LEVEL_NAMES,
        field_names=FIELD_NAMES,
        changes=queries.changes_of(departments.LEVELS, owner.id),
        action=FlaskForm(),
    )
    return page, 422 if form.errors else 200


@bp.post("/levels/<key>/changes/<int:change_id>/withdraw")
@access(Role.ADMIN)
def withdraw_levels_change(key: str, change_id: int) -> Response:
    """Drop a planned change."""
    owner = _owner(key)
    with unit_of_work():
        departments.withdraw_levels_change(current_actor(), owner.id, change_id, clock.now())
    flash(_("The planned change is dropped."))
    return redirect(url_for("admin.levels_of", key=key))


def _preview(owner: _Owner, form: LevelsForm, standing: dict[str, int | None]) -> str:
    values = form.values()
    moved = services.preview_levels(
        current_actor(), owner.id, values, form.dating(), clock.now(), open_cases=bool(form.open_cases.data)
    )
    changed = [(name, standing[name], new) for name, new in values.items() if new != standing[name]]
    return render_template(
        "admin/levels_preview.html",
        form=form,
        owner=owner,
        changed=changed,
        field_names=FIELD_NAMES,
        beyond=beyond_most({key: values[key.value] for key in LevelKey}),
        level_names=LEVEL_NAMES,
        moves=summed(moved),
        by_worker=bool(moved) and cases.is_for_worker(owner.id or None),
    )


def _save(owner: _Owner, form: LevelsForm) -> Response:
    actor, now, dating = current_actor(), clock.now(), form.dating()
    open_cases = bool(form.open_cases.data)
    with unit_of_work():
        followed = services.change_levels(
            actor, owner.id, form.values(), dating, now, form.seen.data or "", open_cases=open_cases
        )
    waits = dating.effective_on > places.local_day(now)
    flash(_("The change is planned and will be made on that day.") if waits else _("The change is saved."))
    if open_cases:
        flash(say_followed(followed))
    return to_order(followed) or redirect(url_for("admin.levels_of", key=owner.key))


def _owner(key: str) -> _Owner:
    if key == OF_DISTRICT:
        return _Owner(DISTRICT, OF_DISTRICT, _("The district"))
    row = next((one for one in places.departments(include_inactive=True) if one.key == key), None)
    if row is None:
        raise NotFound(N_("There is no such department."))
    return _Owner(row.id, row.key, chinese_or_english(row.name, row.name_hant, row.name_en))
