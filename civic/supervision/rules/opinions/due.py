"""How a running deadline of an opinion stands: derived when read, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from civic.core.workdays import Calendar, workdays_between
from civic.supervision.rules.opinions.vocabulary import WITH_DEPARTMENT, OpinionStatus


class DueState(StrEnum):
    """How a deadline stands."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class OpinionDue:
    """A running deadline: its state, and whole working days left or overdue."""

    state: DueState
    at: datetime
    days: int


def due_of(
    status: OpinionStatus, due_at: datetime | None, now: datetime, calendar: Calendar
) -> OpinionDue | None:
    """How the deadline stands at ``now``; None where nobody owes anything."""
    if status not in WITH_DEPARTMENT or due_at is None:
        return None
    today, day = calendar.local_day(now), calendar.local_day(due_at)
    if due_at < now:
        return OpinionDue(DueState.OVERDUE, due_at, workdays_between(calendar, day, today))
    if day == today:
        return OpinionDue(DueState.TODAY, due_at, 0)
    return OpinionDue(DueState.LATER, due_at, workdays_between(calendar, today, day))
