"""Cases not closed that supervision warns of: overdue, or reopened or returned again. Days and numbers, no text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, literal_column, select
from sqlalchemy.orm import aliased

from civic.cases.models import Assignment, Case, CaseRound
from civic.cases.rules import OPEN, CaseStatus, FeedbackKind, RoundKind
from civic.core.extensions import db

_OPEN = [status.value for status in OPEN]
_NOT_CLOSED = [*_OPEN, CaseStatus.REPLIED.value]
_OFTEN = aliased(Case)


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """One case; ``n`` says how often it was reopened or returned, 0 where that isn't asked.

    ``department_id``: who has it, or at whom it was reopened while the dispatcher has it.
    """

    case_id: int
    reference: str
    kind: FeedbackKind
    status: CaseStatus
    visible: bool
    item_id: int | None
    department_id: int | None
    due_day: date
    n: int


def overdue_cases(before: datetime) -> tuple[WatchedCase, ...]:
    """Open cases whose clock runs and whose reply deadline passed before a moment."""
    return _watched(literal(0), Case.department_id, _late(before))


def overdue_counts(before: datetime) -> dict[date, int]:
    """How many of them there are by the day on which their deadline fell."""
    query = select(Case.due_day, func.count()).where(*_late(before)).group_by(Case.due_day)
    return {day: int(n) for day, n in db.session.execute(query.order_by(Case.due_day))}


def _late(before: datetime) -> tuple[Any, ...]:
    return Case.status.in_(_OPEN), Case.urgent_at < before, Case.due_at < before


def reopened_cases(at_least: int) -> tuple[WatchedCase, ...]:
    """Cases that aren't closed and were reopened at least so often."""
    last = (
        select(CaseRound.reopened_from)
        .where(CaseRound.case_id == Case.id, CaseRound.kind == RoundKind.REOPENED.value)
        .order_by(CaseRound.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    # Said as the index has it, so that the few that ever were reopened are looked at, and not all that are open.
    often = _OFTEN.reopenings
    found = select(_OFTEN.id).where(often > literal_column("0"), often >= at_least)
    conditions = (Case.status.in_(_NOT_CLOSED), Case.id.in_(found))
    return _watched(Case.reopenings, func.coalesce(Case.department_id, last), conditions)


def returned_cases(at_least: int) -> tuple[WatchedCase, ...]:
    """Cases that aren't closed and were returned as misrouted at least so often."""
    returned = Assignment.returned_day.is_not(None)
    times = select(func.count()).where(Assignment.case_id == Case.id, returned).scalar_subquery()
    found = (
        select(Assignment.case_id)
        .where(returned)
        .group_by(Assignment.case_id)
        .having(func.count() >= at_least)
    )
    return _watched(times, Case.department_id, (Case.status.in_(_NOT_CLOSED), Case.id.in_(found)))


def _watched(n: Any, department: Any, conditions: Iterable[Any]) -> tuple[WatchedCase, ...]:
    columns = (Case.id, Case.reference, Case.kind, Case.status, Case.visible, Case.item_id, Case.due_day)
    query = select(*columns, department.label("department_id"), n.label("n"))
    rows = db.session.execute(query.where(*conditions).order_by(Case.id))
    return tuple(
        WatchedCase(
            row.id, row.reference, FeedbackKind(row.kind), CaseStatus(row.status), row.visible, row.item_id,
            row.department_id, row.due_day, int(row.n),
        )
        for row in rows
    )  # fmt: skip
