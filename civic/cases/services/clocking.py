"""The clocks that go with an event, computed from the calendar as it stands and kept in the event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic.cases.rules import Clock, days_held, extend_clock, resume_clock, start_clock
from civic.cases.services.applying import CaseWork
from civic.core.errors import N_, Invalid
from civic.core.workdays import add_workdays


def assignment_clocks(work: CaseWork, department_id: int) -> dict[str, Any]:
    """Acceptance, return and own deadline of a department that gets the case now, as event parameters."""
    calendar, levels = work.around.calendar, work.around.levels(department_id)
    days = levels.reply_days(work.current.kind)
    return {
        "accept": start_clock(calendar, work.now, levels.accept).as_params(),
        "own": start_clock(calendar, work.now, days).as_params(),
        "returning": start_clock(calendar, work.now, levels.return_within).as_params(),
    }


def held_days(work: CaseWork) -> int | None:
    """How many whole working days the running stint has lasted; None on the dispatcher's desk."""
    return days_held(work.around.calendar, work.current.stint, work.around.today)


def days_since_assignment(work: CaseWork) -> int:
    """Whole working days from the assignment to its acceptance now."""
    return held_days(work) or 0


def resumed_clocks(work: CaseWork, stopped_at: datetime) -> dict[str, Any]:
    """The clocks after a stop since ``stopped_at``; a clock that had run out before stays as it was."""
    return _changed_clocks(
        work, lambda clock: resume_clock(work.around.calendar, clock, stopped_at, work.now)
    )


def extended_clocks(work: CaseWork, days: int) -> dict[str, Any]:
    """The answer's clock and the department's own, each longer by ``days`` working days."""
    return _changed_clocks(
        work, lambda clock: extend_clock(work.around.calendar, clock, days), first_days=False
    )


def part_due(work: CaseWork, days: int) -> str:
    """Until when a supporting department is asked for its part, as an event keeps it."""
    calendar = work.around.calendar
    return add_workdays(calendar, calendar.local_day(work.now), days).due_at.isoformat()


def check_extension(work: CaseWork, days: int) -> None:
    """Raise :class:`Invalid` for more working days than the department's service level allows."""
    longest = work.around.levels(work.current.department_id).extension
    if not 1 <= days <= longest:
        raise Invalid(
            N_("An extension has between 1 and %(longest)s working days."),
            code="bad_extension",
            field="days",
            longest=longest,
        )


def _changed_clocks(work: CaseWork, change: Any, *, first_days: bool = True) -> dict[str, Any]:
    facts = work.current
    clocks: dict[str, Clock | None] = {"clock": facts.round.clock}
    if facts.stints:
        last = facts.stints[-1]
        clocks["own"] = last.own
        if first_days:
            clocks["returning"] = last.returning
            clocks["accept"] = last.accept if last.accepted_at is None else None
    changed = {name: change(clock) for name, clock in clocks.items() if clock is not None}
    return {name: clock.as_params() for name, clock in changed.items() if clock != clocks[name]}
