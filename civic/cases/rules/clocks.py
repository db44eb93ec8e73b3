"""How long things may take, and how clocks start, stop and are extended.

The reply clock starts when a case is submitted (or reopened) and runs on when it moves
between departments; each department's acceptance and own days start with its assignment.
While the resident is asked, the days from the asking up to the answer are skipped; what
happens after close of work belongs to the next day. A clock that has run out isn't
stopped by a question asked afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from civic.cases.rules.facts import CaseFacts, Clock, Stint
from civic.cases.rules.vocabulary import FeedbackKind, Publication
from civic.core.workdays import Calendar, Deadline, workdays_between

DEFAULT_REPLY_DAYS: Mapping[FeedbackKind, int] = {
    FeedbackKind.QUESTION: 5,
    FeedbackKind.SUGGESTION: 10,
    FeedbackKind.REPORT: 10,
    FeedbackKind.COMPLAINT: 10,
    FeedbackKind.PRAISE: 10,
}


@dataclass(frozen=True, slots=True)
class Levels:
    """A district's service levels in working days; ``close_after`` in calendar days.

    ``reply`` is per kind. Source: DESIGN §10; a district sets its own.
    """

    moderate: int = 1
    accept: int = 1
    return_within: int = 2
    extension: int = 10
    close_after: int = 15
    reply: Mapping[FeedbackKind, int] = field(default_factory=lambda: dict(DEFAULT_REPLY_DAYS))

    def reply_days(self, kind: FeedbackKind) -> int:
        return self.reply.get(kind, DEFAULT_REPLY_DAYS[kind])


def start_clock(calendar: Calendar, at: datetime, days: int) -> Clock:
    """A clock of ``days`` working days that starts at ``at``."""
    return _set(calendar, Clock(calendar.local_day(at), days, at, calendar.local_day(at)))


def stopped_in_time(clock: Clock, paused_at: datetime) -> bool:
    """Whether a pause at that moment stops the clock at all: only before it has run out."""
    return paused_at <= clock.due_at


def resume_clock(calendar: Calendar, clock: Clock, paused_at: datetime, at: datetime) -> Clock:
    """The clock after a pause: its working days are given back."""
    if not stopped_in_time(clock, paused_at):
        return clock
    span = (calendar.office_day(paused_at), calendar.office_day(at))
    if span[0] >= span[1]:
        return clock
    return _set(calendar, replace(clock, paused=(*clock.paused, span)))


def extend_clock(calendar: Calendar, clock: Clock, days: int) -> Clock:
    """The clock with ``days`` more working days."""
    return _set(calendar, replace(clock, days=clock.days + days))


def recomputed(calendar: Calendar, clock: Clock) -> Clock:
    """The clock under this calendar; equal to ``clock`` if nothing moved."""
    return _set(calendar, clock)


DaysOf = Callable[[str, int | None], int | None]
"""The days that a level (a kind of message, ``accept``, ``return``, ``moderate``) now has at a department; None: as
before."""


def moved_clocks(calendar: Calendar, facts: CaseFacts, days_of: DaysOf | None = None) -> dict[str, Clock]:
    """The clocks of an open case that are others under this calendar, by name; empty if none is.

    With ``days_of`` only the clocks whose level changed are counted anew, with its days from where they started;
    an extension that was granted is kept on top.
    """
    standing: dict[str, Clock | None] = {"clock": facts.round.clock}
    if facts.publication is Publication.PENDING:
        standing["review"] = facts.review
    if facts.stint is not None:
        standing["own"] = facts.stint.own
        if facts.stint.accepted_at is None:
            standing["accept"] = facts.stint.accept
        if can_still_return(facts.stint, facts.returned_by):
            standing["returning"] = facts.stint.returning
    clocks = {name: clock for name, clock in standing.items() if clock is not None}
    if days_of is not None:
        clocks = _with_days(clocks, facts, days_of)
    counted = {name: recomputed(calendar, clock) for name, clock in clocks.items()}
    return {name: clock for name, clock in counted.items() if clock != standing[name]}


def can_still_return(stint: Stint, returned_by: tuple[int, ...]) -> bool:
    """Whether the department may return the case as misrouted, as long as its days for that last."""
    return not stint.designated and stint.department_id not in returned_by


def _with_days(clocks: Mapping[str, Clock], facts: CaseFacts, days_of: DaysOf) -> dict[str, Clock]:
    """The clocks whose level changed, with its days."""
    found = {}
    for name, clock in clocks.items():
        level = {"review": "moderate", "accept": "accept", "returning": "return"}.get(name, facts.kind.value)
        days = days_of(level, facts.department_id)
        extended = name == "clock" or (name == "own" and facts.stint and facts.stint.extended_day)
        if days is not None:
            found[name] = replace(clock, days=days + (facts.round.extended_by if extended else 0))
    return found


def explain(calendar: Calendar, clock: Clock) -> Deadline:
    """How the clock's deadline is counted, day by day, for pages."""
    return calendar.deadline(clock.start, clock.days, clock.paused)


def days_used(calendar: Calendar, clock: Clock, at: datetime) -> int:
    """Whole working days from the clock's start to ``at``, pauses left out; 0 on the first day."""
    return workdays_between(calendar, clock.start, calendar.local_day(at), clock.paused)


def days_held(calendar: Calendar, stint: Stint | None, today: date) -> int | None:
    """How many whole working days the running stint has lasted; None on the dispatcher's desk."""
    if stint is None or stint.department_id is None:
        return None
    return workdays_between(calendar, stint.since_day, today)


def closing_moment(calendar: Calendar, replied_at: datetime, days: int) -> datetime:
    """Until when one can object (an answer then closes): close of work, ``days`` calendar days later."""
    return calendar.closing(calendar.local_day(replied_at) + timedelta(days=days))


def _set(calendar: Calendar, clock: Clock) -> Clock:
    deadline = explain(calendar, clock)
    return replace(clock, due_at=deadline.due_at, due_day=deadline.due_day, provisional=deadline.provisional)
