"""What the leads of a department are told of opinions to it: those that have come, and how their deadlines stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.core.actor import Actor, Role
from civic.core.extensions import db
from civic.core.workdays import add_workdays
from civic.departments import queries as departments
from civic.departments.rules import LevelKey
from civic.supervision.models import Opinion, OpinionRound
from civic.supervision.rules.opinions import WITH_DEPARTMENT, NoticedOpinion, OpinionStatus, noticed, standing


@dataclass(frozen=True, slots=True)
class OpinionNotice:
    """One opinion that a department owes an answer to, by its number: no title, which is the deputy's words."""

    what: NoticedOpinion
    opinion_id: int
    year: int
    serial: int
    due_at: datetime


def opinion_news(actor: Actor, since: datetime, until: datetime, now: datetime) -> tuple[OpinionNotice, ...]:
    """What became different between two moments for the departments that the actor leads; one query."""
    return _told(
        (noticed(opened_at, row.due_at, (since, until), (_soon(since), _soon(until)), now), row)
        for row, opened_at in _owed(actor)
    )


def opinions_owed_now(actor: Actor, now: datetime) -> tuple[OpinionNotice, ...]:
    """What is late, due soon or waits for approval in the departments that the actor leads; one query."""
    soon = _soon(now)
    return _told(
        (standing(OpinionStatus(row.status), row.due_at, soon, now), row) for row, _opened_at in _owed(actor)
    )


def _owed(actor: Actor) -> list[tuple[Opinion, datetime]]:
    led = actor.departments(Role.LEAD)
    if not led:
        return []
    rows = db.session.execute(
        select(Opinion, OpinionRound.opened_at)
        .join(OpinionRound, OpinionRound.opinion_id == Opinion.id)
        .where(
            Opinion.department_id.in_(led),
            Opinion.status.in_([status.value for status in WITH_DEPARTMENT]),
            OpinionRound.answered_at.is_(None),
            OpinionRound.withdrawn_day.is_(None),
        )
        .order_by(Opinion.due_at, Opinion.id)
    )
    return [(row.Opinion, row.opened_at) for row in rows]


def _told(found: Iterator[tuple[NoticedOpinion | None, Opinion]]) -> tuple[OpinionNotice, ...]:
    return tuple(
        OpinionNotice(what, row.id, row.year, row.serial, row.due_at)
        for what, row in found
        if what is not None and row.year is not None and row.serial is not None and row.due_at is not None
    )


def _soon(at: datetime) -> datetime:
    """Until when an answer is due soon at that moment."""
    calendar = departments.calendar()
    day = calendar.local_day(at)
    return add_workdays(calendar, day, departments.service_levels().soon(LevelKey.OPINION, day)).due_at
