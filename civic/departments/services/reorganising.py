"""Merging a department into another one, or passing a part of its tasks on, from a day on.

A feature says what it keeps for departments (:func:`register_part`). On the day everything passes in one
transaction; the former department stays with its name for what happened before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from flask import Flask, current_app
from sqlalchemy import select

from civic.core import dated
from civic.core.actor import SYSTEM, Actor
from civic.core.audit import record
from civic.core.dated import Dating
from civic.core.errors import N_, DomainError, Invalid, NotFound
from civic.core.extensions import db
from civic.departments import queries
from civic.departments.models import Reorganisation
from civic.departments.rules import KIND_NAMES, Handover, Holding, ReorganisationKind
from civic.departments.services.editing import can_edit_places
from civic.web.caching import renew_reference


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature keeps for departments: ``holdings`` lists what one has, ``move`` passes it on.

    ``check`` raises :class:`Invalid` where a handover that is being planned would leave something undone.
    """

    move: Callable[[Handover], None]
    holdings: Callable[[int], tuple[Holding, ...]] | None = None
    check: Callable[[Handover], None] | None = None


@dataclass(frozen=True, slots=True)
class NewReorganisation:
    """What an administrator enters; ``keys`` as in :class:`~civic.departments.rules.Handover`."""

    kind: ReorganisationKind
    source_id: int
    target_id: int
    effective_on: date
    title: str
    number: str
    dated: date
    keys: frozenset[str] = frozenset()


def register_part(app: Flask, name: str, part: Part) -> None:
    """Let something pass on with a department; ``name`` is one of ``KIND_NAMES``."""
    app.extensions.setdefault("civic.department_parts", {})[name] = part


def holdings(actor: Actor, department_id: int) -> dict[str, tuple[Holding, ...]]:
    """What a department has that can pass on, by kind."""
    can_edit_places(actor).require()
    return {
        name: part.holdings(department_id) for name, part in _parts().items() if part.holdings is not None
    }


def check_reorganisation(actor: Actor, new: NewReorganisation, now: datetime) -> None:
    """Raise :class:`Invalid` for what can't be; who comes along is checked by :func:`plan_reorganisation`."""
    can_edit_places(actor).require()
    known = {row.id for row in queries.departments()}
    if new.source_id not in known:
        raise Invalid(N_("This department is a former one already."))
    if new.target_id not in known or new.target_id == new.source_id:
        raise Invalid(N_("Choose another department."), field="target")
    for name in ("title", "number"):
        if not getattr(new, name).strip():
            raise Invalid(N_("Cite the document that orders it."), field=name)
    for row in queries.reorganisations():
        merges = row.waits and row.kind is ReorganisationKind.MERGE
        if merges and row.source_id == new.source_id:
            raise Invalid(N_("A merger of this department is planned already."))
        if merges and row.source_id == new.target_id:
            raise Invalid(N_("This department is to be merged into another one itself."), field="target")


def plan_reorganisation(actor: Actor, new: NewReorganisation, now: datetime) -> int:
    """Merge or split from a day on: at once if that day has come, else when it comes. Returns its id."""
    check_reorganisation(actor, new, now)
    if new.kind is ReorganisationKind.SPLIT and not new.keys:
        raise Invalid(N_("Choose what passes on."), field="keys")
    row = Reorganisation(
        kind=new.kind.value, source_id=new.source_id, target_id=new.target_id, effective_on=new.effective_on,
        title=new.title.strip(), number=new.number.strip(), dated=new.dated, keys=sorted(new.keys),
        recorded_by=actor.account_id, recorded_at=now,
    )  # fmt: skip
    handover = _handover(row, now)
    for part in _parts().values():
        if part.check is not None:
            part.check(handover)
    db.session.add(row)
    db.session.flush()
    record(actor, f"department.{row.kind}", "department", row.source_id, now, reorganisation=row.id)
    if row.effective_on <= queries.local_day(now):
        _apply(row, now)
    return row.id


def withdraw_reorganisation(actor: Actor, department_id: int, row_id: int, now: datetime) -> None:
    """Drop what is planned; raises :class:`Invalid` once it is done."""
    can_edit_places(actor).require()
    row = db.session.get(Reorganisation, row_id, with_for_update=True, populate_existing=True)
    if row is None or row.source_id != department_id:
        raise NotFound(N_("There is no such change."))
    if row.applied_at is not None:
        raise Invalid(N_("This has taken place. Enter a new change to change it back."))
    row.withdrawn_at = row.withdrawn_at or now
    record(
        actor, "department.reorganisation_withdrawn", "department", department_id, now, reorganisation=row.id
    )


def apply_reorganisations(now: datetime) -> int:
    """Do what is planned and whose day has come, oldest first; how many. Doing it twice changes nothing more."""
    due = select(Reorganisation).where(
        Reorganisation.applied_at.is_(None),
        Reorganisation.withdrawn_at.is_(None),
        Reorganisation.effective_on <= queries.local_day(now),
    )
    done = 0
    for row in db.session.scalars(
        due.order_by(Reorganisation.effective_on, Reorganisation.id).with_for_update()
    ).all():
        try:
            with db.session.begin_nested():
                _apply(row, now)
            done += 1
        except DomainError as error:
            # It stays planned and is shown as overdue to whoever entered it.
            structlog.get_logger().warning(
                "a reorganisation can't be done", reorganisation=row.id, error=str(error)
            )
    return done


def move_streets(handover: Handover) -> None:
    """The streets whose office the former department was get the other one."""
    for street in _streets_of(handover.source_id):
        if handover.takes(f"street:{street.id}"):
            values = {"department_id": handover.target_id}
            dated.change(SYSTEM, "street", street.id, values, dating(handover), handover.at, handover.on)


def street_holdings(department_id: int) -> tuple[Holding, ...]:
    """The streets whose office a department is."""
    return tuple(Holding(f"street:{row.id}", row.name, row.name_hant) for row in _streets_of(department_id))


def dating(handover: Handover) -> Dating:
    """From when and on what paper something passes on, for its history."""
    return Dating(handover.on, handover.title, handover.number)


def _streets_of(department_id: int) -> tuple[queries.StreetRow, ...]:
    return tuple(row for row in queries.streets() if row.department_id == department_id)


def _parts() -> Mapping[str, Part]:
    registered = current_app.extensions.get("civic.department_parts", {})
    return {name: registered[name] for name in KIND_NAMES if name in registered}


def _handover(row: Reorganisation, now: datetime) -> Handover:
    # Where the chosen department was merged meanwhile, the one that stands for it today takes over.
    target_id = queries.heirs().get(row.target_id, row.target_id)
    if target_id == row.source_id:
        raise Invalid(N_("Choose another department."), field="target")
    return Handover(
        source_id=row.source_id, target_id=target_id, whole=row.kind == ReorganisationKind.MERGE.value,
        keys=frozenset(row.keys), on=min(row.effective_on, queries.local_day(now)), at=now,
        title=row.title, number=f"{row.number} {row.dated.isoformat()}",
    )  # fmt: skip


def _apply(row: Reorganisation, now: datetime) -> None:
    handover = _handover(row, now)
    row.target_id = handover.target_id
    for part in _parts().values():
        part.move(handover)
    if handover.whole:
        dated.change(
            SYSTEM, "department", handover.source_id, {"active": False}, dating(handover), now, handover.on
        )
    row.applied_at = now
    db.session.flush()
    renew_reference()
