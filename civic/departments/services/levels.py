"""Changing on the site within how many days things are due: for the district, or for one department.

A change holds from its day on, for deadlines that start then. What was changed here stays when the data files
are loaded again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from civic.core import dated
from civic.core.actor import Actor, Role
from civic.core.dated import Dating, Subject
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.policy import ALLOWED, Decision, refused
from civic.departments.models import ServiceLevel
from civic.departments.queries import LevelRow, ServiceLevels, department, local_day, service_levels
from civic.departments.rules import DEFAULT_DAYS, SOON_LEVELS, LevelKey
from civic.web.caching import renew_reference

LEVELS = "levels"
DISTRICT = 0
"""The subject of the district's own levels; a department's is its id."""
SOON = "_soon"


@dataclass(frozen=True, slots=True)
class LevelsChanged:
    """Which levels a change gives other days, and for whom: a department, or (None) all that have none of their own."""

    keys: frozenset[LevelKey]
    department_id: int | None


def can_edit_levels(actor: Actor) -> Decision:
    """Administrators keep the deadlines."""
    if actor.has(Role.ADMIN):
        return ALLOWED
    return refused(N_("Only an administrator may change deadlines."))


def level_values(owner: int, today: date) -> dict[str, Any]:
    """What holds on a day by field: a department's days are None where it follows the district.

    The district's hold a number for every level, and ``<level>_soon`` for those of the queues.
    """
    levels = service_levels()
    if owner != DISTRICT:
        department(owner)
        return {key.value: levels.own_days(key, owner, today) for key in LevelKey}
    days = {key.value: levels.days(key, on=today) for key in LevelKey}
    return days | {f"{key.value}{SOON}": levels.soon(key, today) for key in SOON_LEVELS}


def change_levels(
    actor: Actor, owner: int, values: Mapping[str, int | None], dating: Dating, now: datetime, seen: str
) -> int:
    """Change levels from a day on; returns the change's id. Open deadlines don't follow by themselves.

    Raises :class:`Invalid` for a number out of bounds or a day that has passed, and what
    :func:`civic.core.dated.change` raises.
    """
    can_edit_levels(actor).require()
    check_levels(owner, values, dating, now)
    today = local_day(now)
    return dated.change(actor, LEVELS, owner, values, dating, now, today, seen=seen)


def check_levels(owner: int, values: Mapping[str, int | None], dating: Dating, now: datetime) -> None:
    """Raise :class:`Invalid` at the field that can't be."""
    for name, value in values.items():
        least, most = (1, 30) if name.endswith(SOON) else (1, 400)
        if value is None and owner != DISTRICT:
            continue
        if value is None or not least <= value <= most:
            raise Invalid(
                N_("Enter a number from %(least)s to %(most)s."), field=name, least=least, most=most
            )
    if dating.effective_on < local_day(now):
        raise Invalid(
            N_("Promised deadlines aren't changed backwards. Enter today or a day to come."),
            field="effective_on",
        )


def levels_changed(owner: int, values: Mapping[str, int | None], today: date) -> LevelsChanged:
    """Which of the days that hold today these values would change."""
    standing = level_values(owner, today)
    keys = {key for key in LevelKey if key.value in values and values[key.value] != standing[key.value]}
    return LevelsChanged(frozenset(keys), owner or None)


def levels_with(owner: int, values: Mapping[str, int | None], on: date) -> ServiceLevels:
    """The district's levels as they would be from that day on."""
    wanted = levels_changed(owner, values, on)
    rows = tuple(
        LevelRow(key, values[key.value], on, wanted.department_id)
        for key in sorted(wanted.keys, key=list(LevelKey).index)
    )
    replaced = {(row.level, row.department_id, row.effective_from) for row in rows}
    kept = (
        row
        for row in service_levels().rows
        if (row.level, row.department_id, row.effective_from) not in replaced
    )
    return ServiceLevels((*kept, *rows))


def withdraw_levels_change(actor: Actor, owner: int, change_id: int, now: datetime) -> None:
    """Drop a planned change."""
    can_edit_levels(actor).require()
    dated.withdraw(actor, LEVELS, owner, change_id, now)


def changed_levels() -> dict[int | None, frozenset[LevelKey]]:
    """By department (None: the district) what was changed on the site: a load of the files leaves it alone."""
    return {
        owner or None: frozenset(LevelKey(name.removesuffix(SOON)) for name in names)
        for owner, names in dated.changed_here(LEVELS).items()
    }


def register_levels(app: Flask, today: Callable[[], date]) -> None:
    """Let service levels be changed with a date; ``today`` tells the district's day."""
    dated.register_subject(app, LEVELS, Subject(lambda owner: level_values(owner, today()), _write))


def _write(owner: int, values: Mapping[str, Any], on: date) -> None:
    department_id = owner or None
    levels = service_levels()
    for key in LevelKey:
        soon = f"{key.value}{SOON}"
        if key.value not in values and soon not in values:
            continue
        days = values.get(key.value, levels.own_days(key, department_id, on))
        row = db.session.scalar(
            select(ServiceLevel).where(
                ServiceLevel.level == key.value,
                ServiceLevel.department_id == department_id,
                ServiceLevel.effective_from == on,
            )
        )
        if row is None:
            row = ServiceLevel(level=key.value, department_id=department_id, effective_from=on)
            db.session.add(row)
        row.days = days if department_id else days or DEFAULT_DAYS[key]
        row.soon = None if department_id or key not in SOON_LEVELS else values.get(soon, levels.soon(key, on))
    db.session.flush()
    renew_reference()
