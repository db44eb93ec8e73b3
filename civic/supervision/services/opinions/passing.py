"""Opinions follow a department that is merged or split, and their deadlines the calendar."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic.core.actor import SYSTEM
from civic.core.extensions import db
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


def move_opinion_deadlines(now: datetime) -> int:
    """Count running deadlines anew as the working days are now; how many moved. Twice changes nothing more."""
    calendar, moved = departments.calendar(), 0
    running = (
        select(OpinionRound)
        .join(Opinion, Opinion.id == OpinionRound.opinion_id)
        .where(Opinion.status.in_(sorted(WITH_DEPARTMENT)), OpinionRound.answered_day.is_(None))
    )
    for row in db.session.scalars(running.order_by(OpinionRound.opinion_id)).all():
        deadline = calendar.deadline(row.opened_at, row.days)
        if (deadline.due_at, deadline.provisional) != (row.due_at, row.provisional):
            with changing(SYSTEM, row.opinion_id, None, now) as work:
                work.apply(OpinionAction.MOVE_DEADLINE, **clock_params(deadline))
            moved += 1
    return moved
