"""What changed working days or levels do to open cases: which deadlines they would move, and moving them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from civic.cases.models import Case
from civic.cases.rules import OPEN, CaseAction, CaseFacts, Clock, DaysOf, moved_clocks, replay
from civic.cases.services.applying import changing
from civic.cases.services.histories import histories
from civic.core.actor import SYSTEM
from civic.core.extensions import db
from civic.core.workdays import Calendar
from civic.departments import queries as departments
from civic.departments.queries import ServiceLevels
from civic.departments.rules import LevelKey
from civic.departments.services import LevelsChanged

CHUNK = 500
"""Cases whose events are read at once."""


@dataclass(frozen=True, slots=True)
class MovedClock:
    """One of a case's clocks (``clock``, ``accept``, ``own``, ``review``), before and after."""

    name: str
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """One open case that a changed calendar touches.

    ``before`` and ``after``: when the answer is due. ``clocks``: all clocks that end at another moment; empty
    where only a provisional deadline becomes certain, or the other way round.
    """

    case_id: int
    reference: str
    before: datetime
    after: datetime
    clocks: tuple[MovedClock, ...]
    becomes_overdue: bool
    no_longer_overdue: bool


def preview_deadlines(
    now: datetime, calendar: Calendar, days_of: DaysOf | None = None
) -> list[MovedDeadline]:
    """What :func:`recompute_deadlines` would do if these were the working days. Changes and locks nothing."""
    return [
        _moved(case_id, reference, facts, moved, now)
        for case_id, reference, facts in _open_cases()
        if (moved := moved_clocks(calendar, facts, days_of))
    ]


def recompute_deadlines(
    now: datetime, *, dry_run: bool = False, days_of: DaysOf | None = None
) -> list[MovedDeadline]:
    """Recompute the clocks of all open cases after a change of working days or levels; says which moved.

    Doing it twice changes nothing more.
    """
    calendar = departments.calendar()
    found = preview_deadlines(now, calendar, days_of)
    if dry_run:
        return found
    done = []
    for case_id in [one.case_id for one in found]:
        with changing(SYSTEM, case_id, None, now) as work:
            moved = moved_clocks(calendar, work.current, days_of) if work.current.is_open else {}
            if moved:
                done.append(_moved(case_id, work.case.reference, work.current, moved, now))
                params: dict[str, Any] = {name: clock.as_params() for name, clock in moved.items()}
                work.apply(CaseAction.MOVE_DEADLINES, **params)
    return done


def days_where(changed: LevelsChanged, levels: ServiceLevels, today: date) -> DaysOf:
    """The days that these levels now have, for the cases of whoever the change concerns."""

    def days_of(level: str, department_id: int | None) -> int | None:
        if LevelKey(level) not in changed.keys:
            return None
        if changed.department_id is None:
            concerned = department_id is None or levels.own_days(level, department_id, today) is None
        else:
            concerned = department_id == changed.department_id
        return levels.days(level, department_id, today) if concerned else None

    return days_of


def _open_cases() -> Iterator[tuple[int, str, CaseFacts]]:
    """(id, reference, facts) of all open cases, read in chunks."""
    query = select(Case.id, Case.reference).where(Case.status.in_([status.value for status in OPEN]))
    references = {row.id: row.reference for row in db.session.execute(query.order_by(Case.id))}
    ids = list(references)
    for start in range(0, len(ids), CHUNK):
        for case_id, history in histories(ids[start : start + CHUNK]):
            facts = replay(history)
            if facts is not None:
                yield case_id, references[case_id], facts


def _moved(
    case_id: int, reference: str, facts: CaseFacts, moved: dict[str, Clock], now: datetime
) -> MovedDeadline:
    standing = {"clock": facts.round.clock, "review": facts.review}
    if facts.stint is not None:
        standing |= {"own": facts.stint.own, "accept": facts.stint.accept}
    clocks = tuple(
        MovedClock(name, clock.due_at, moved[name].due_at)
        for name, clock in standing.items()
        if clock is not None and name in moved and clock.due_at != moved[name].due_at
    )
    before = facts.round.clock.due_at
    after = moved["clock"].due_at if "clock" in moved else before
    return MovedDeadline(
        case_id=case_id,
        reference=reference,
        before=before,
        after=after,
        clocks=clocks,
        becomes_overdue=facts.clock_runs and after < now <= before,
        no_longer_overdue=facts.clock_runs and before < now <= after,
    )
