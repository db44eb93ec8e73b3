"""Changing departments, streets and communities on the site, from a day on.

What has moved stays visible in the history; open cases stay with the department that holds them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from civic.core import dated
from civic.core.actor import Actor, Role
from civic.core.dated import Dating, Subject
from civic.core.errors import N_, Invalid, NotFound
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.policy import ALLOWED, Decision, refused
from civic.departments.models import Community, Department, Street
from civic.departments.queries import heirs, local_day
from civic.departments.services.scripts import traditional
from civic.web.caching import renew_reference

Place = type[Department] | type[Street] | type[Community]
PLACES: Mapping[str, Place] = {"department": Department, "street": Street, "community": Community}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "department": ("name", "name_en", "function", "function_en", "note", "active"),
    "street": ("name", "name_en", "department_id", "active"),
    "community": ("name", "street_id", "active"),
}
IN_TRADITIONAL = ("name", "function", "note")
KEYS: Mapping[str, tuple[str, str]] = {
    "department": ("key", r"[a-z][a-z0-9-]{1,39}"),
    "street": ("code", r"[0-9]{9,12}"),
    "community": ("code", r"[0-9]{12}"),
}


@dataclass(frozen=True, slots=True)
class DepartmentRetires:
    """Published before a department stops taking cases; a subscriber that needs it raises :class:`Invalid`."""

    department_id: int


def can_edit_places(actor: Actor) -> Decision:
    """Administrators keep departments, streets and communities."""
    if actor.has(Role.ADMIN):
        return ALLOWED
    return refused(N_("Only an administrator may change departments and streets."))


def change_place(
    actor: Actor, kind: str, row_id: int, values: Mapping[str, Any], dating: Dating, now: datetime, seen: str
) -> int:
    """Change a department, street or community (``kind``) from a day on; returns the change's id.

    Raises :class:`~civic.core.errors.NotAllowed`, :class:`NotFound`, :class:`Invalid` and
    :class:`~civic.core.errors.Stale` as :func:`civic.core.dated.change` does.
    """
    can_edit_places(actor).require()
    _check(kind, values)
    if values.get("active") is False:
        _may_retire(kind, row_id)
    if values.get("active") and kind == "department" and row_id in heirs():
        raise Invalid(
            N_("It was merged into another department and can't come back: add a new one."), field="active"
        )
    return dated.change(actor, kind, row_id, values, dating, now, local_day(now), seen=seen)


def create_place(
    actor: Actor, kind: str, key: str, values: Mapping[str, Any], dating: Dating, now: datetime
) -> int:
    """Add a department, street or community, at the end of the order; returns its id."""
    can_edit_places(actor).require()
    _check(kind, values)
    if not dating.reason.strip():
        raise Invalid(N_("Say why it changes."), field="reason")
    model, (column, shape) = PLACES[kind], KEYS[kind]
    if not re.fullmatch(shape, key):
        sentence = (
            N_("Use lower-case letters, digits and hyphens, beginning with a letter: planning-bureau.")
            if kind == "department"
            else N_("Enter the statistical code: 9 or 12 digits for a street, 12 for a community.")
        )
        raise Invalid(sentence, field="key")
    if db.session.scalar(select(model.id).where(getattr(model, column) == key)) is not None:
        raise Invalid(N_("%(key)s exists already."), field="key", key=key)
    last = db.session.scalar(select(func.max(model.position))) or 0
    row = model(**{column: key}, position=last + 1, active=True)
    _put(row, values)
    db.session.add(row)
    db.session.flush()
    renew_reference()
    dated.note_created(actor, kind, row.id, {column: key, **values}, dating, now)
    return row.id


def withdraw_place_change(actor: Actor, kind: str, row_id: int, change_id: int, now: datetime) -> None:
    """Drop a planned change."""
    can_edit_places(actor).require()
    dated.withdraw(actor, kind, row_id, change_id, now)


def place_values(kind: str, row_id: int) -> dict[str, Any]:
    """What stands now, by field; raises :class:`NotFound`."""
    row = db.session.get(PLACES[kind], row_id)
    if row is None:
        raise NotFound(N_("There is no such department, street or community."))
    return {name: getattr(row, name) for name in FIELDS[kind]}


def register_places(app: Flask) -> None:
    """Let departments, streets and communities be changed with a date."""
    for kind in PLACES:
        dated.register_subject(app, kind, _subject(kind))


def _subject(kind: str) -> Subject:
    def write(row_id: int, values: Mapping[str, Any], _on: date) -> None:
        if values.get("active") is False:
            _may_retire(kind, row_id)
        _put(db.session.get_one(PLACES[kind], row_id), values)
        renew_reference()

    return Subject(lambda row_id: place_values(kind, row_id), write)


def _put(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
        if name in IN_TRADITIONAL and hasattr(row, f"{name}_hant"):
            setattr(row, f"{name}_hant", traditional(value))


def _check(kind: str, values: Mapping[str, Any]) -> None:
    if "name" in values and not str(values["name"]).strip():
        raise Invalid(N_("Enter the name."), field="name")
    for name, model in (("department_id", Department), ("street_id", Street)):
        if name in values and db.session.get(model, values[name]) is None:
            raise Invalid(N_("Choose one from the list."), field=name)


def _may_retire(kind: str, row_id: int) -> None:
    """A department that is still a street's office stays; so does a street with communities."""
    if kind == "department":
        street = db.session.scalar(select(Street.name).where(Street.department_id == row_id, Street.active))
        if street is not None:
            raise Invalid(
                N_("It is still the office of %(street)s. Give the street another office first."),
                field="active", street=street,
            )  # fmt: skip
        publish(DepartmentRetires(row_id))
    if kind == "street":
        held = select(Community.id).where(Community.street_id == row_id, Community.active)
        if db.session.scalar(held.limit(1)) is not None:
            raise Invalid(N_("It still has communities. Give them another street first."), field="active")
