"""What time does to cases: answers nobody objected to close, deadlines that passed are noted once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select

from civic.cases.models import Case
from civic.cases.rules import OPEN, CaseAction, CaseStatus
from civic.cases.services.applying import changing, changing_several
from civic.core.actor import SYSTEM
from civic.core.errors import DomainError
from civic.core.extensions import db

BATCH = 200
"""Cases per sweep and kind: the next sweep goes on where this one stopped."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many cases a sweep closed, and how many it noted as overdue."""

    closed: int
    overdue: int


def sweep(now: datetime) -> SweepReport:
    """Close what nobody objected to and note what became overdue; doing it twice changes nothing more."""
    unobjected, late = _unobjected(now), _late(now)
    with changing_several((*unobjected, *late)):
        return SweepReport(
            closed=_each(unobjected, CaseAction.CLOSE, now),
            overdue=_each(late, CaseAction.BECAME_OVERDUE, now),
        )


def _unobjected(now: datetime) -> list[int]:
    due = (
        select(Case.id)
        .where(Case.status == CaseStatus.REPLIED.value, Case.close_at <= now)
        .order_by(Case.close_at, Case.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(due))


def _late(now: datetime) -> list[int]:
    late = (
        select(Case.id)
        .where(
            Case.status.in_([status.value for status in OPEN]),
            Case.due_at < now,
            Case.overdue_noted.is_(False),
        )
        .order_by(Case.due_at, Case.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(late))


def _each(case_ids: list[int], action: CaseAction, now: datetime) -> int:
    """Each case in a savepoint of its own: one that can't go on doesn't hold up the others."""
    done = 0
    for case_id in case_ids:
        try:
            with db.session.begin_nested(), changing(SYSTEM, case_id, None, now) as work:
                work.apply(action)
            done += 1
        except DomainError as error:
            structlog.get_logger().warning("sweep skipped a case", case_id=case_id, code=error.code)
    return done
