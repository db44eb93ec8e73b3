"""Opinions follow a department that is merged or split, and their deadlines the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.core.actor import SYSTEM
from civic.core.extensions import db
from civic.core.workdays import Calendar, Deadline
from civic.departments import queries as departments
from civic.departments.rules import Handover
from civic.supervision.models import Opinion, OpinionRound
from civic.supervision.rules.opinions import WITH_DEPARTMENT, OpinionAction, OpinionStatus, clock_params
from civic.supervision.services.opinions.applying import changing

_OPEN = tuple(sorted({*WITH_DEPARTMENT, OpinionStatus.DRAFT, OpinionStatus.DELIVERED}))


def pass_opinions(handover: Handover) -> None:
    """All opinions to a merged department; of a split those that are open and about an item that passes."""
    query = select(Opinion.id).where(
        Opinion.department_id == handover.source_id, Opinion.status != OpinionStatus.WITHDRAWN.value
    )
    if not handover.whole:
        items = [int(one) for one in handover.chosen("item")]
        query = query.where(Opinion.item_id.in_(items), Opinion.status.in_(_OPEN))
    for opinion_id in db.session.scalars(query.order_by(Opinion.id)).all():
        with changing(SYSTEM, opinion_id, None, handover.at) as work:
            work.apply(OpinionAction.SUCCEED, department_id=handover.target_id)


@dataclass(frozen=True, slots=True)
class MovedOpinion:
    """One opinion whose answer would be due at another moment; ``year`` and ``serial`` are its number."""

    year: int
    serial: int
    before: datetime
    after: datetime


def preview_opinion_deadlines(calendar: Calendar) -> tuple[MovedOpinion, ...]:
    """What :func:`move_opinion_deadlines` would move if these were the working days. Changes nothing."""
    return tuple(
        MovedOpinion(opinion.year, opinion.serial, row.due_at, deadline.due_at)
        for row, opinion, deadline in _moving(calendar)
        if opinion.year and opinion.serial and deadline.due_at != row.due_at
    )


def move_opinion_deadlines(now: datetime) -> int:
    """Count running deadlines anew as the working days are now; how many moved. Twice changes nothing more."""
    moving = list(_moving(departments.calendar()))
    for row, _opinion, deadline in moving:
        with changing(SYSTEM, row.opinion_id, None, now) as work:
            work.apply(OpinionAction.MOVE_DEADLINE, **clock_params(deadline))
    return len(moving)


def _moving(calendar: Calendar) -> Iterator[tuple[OpinionRound, Opinion, Deadline]]:
    """The running rounds that end otherwise by these working days, each with its opinion and its new end."""
    running = (
        select(OpinionRound, Opinion)
        .join(Opinion, Opinion.id == OpinionRound.opinion_id)
        .where(Opinion.status.in_(sorted(WITH_DEPARTMENT)), OpinionRound.answered_day.is_(None))
    )
    for row, opinion in db.session.execute(running.order_by(OpinionRound.opinion_id)).all():
        deadline = calendar.deadline(row.opened_at, row.days)
        if (deadline.due_at, deadline.provisional) != (row.due_at, row.provisional):
            yield row, opinion, deadline
