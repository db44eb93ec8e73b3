"""What changed working days or levels do to open cases: which deadlines they would move, and moving them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from civic.cases.models import Case
from civic.cases.rules import (
    OPEN,
    CaseAction,
    CaseFacts,
    DaysOf,
    MovedDeadline,
    moved_clocks,
    moved_deadline,
    replay,
)
from civic.cases.services.applying import changing, changing_several
from civic.cases.services.histories import histories
from civic.core.actor import SYSTEM
from civic.core.extensions import db
from civic.core.workdays import Calendar
from civic.departments import queries as departments
from civic.departments.queries import ServiceLevels
from civic.departments.rules import LevelKey
from civic.departments.services import DistrictLoaded, LevelsChanged
from civic.web.caching import reference_settled

CHUNK = 500
"""Cases whose events are read at once."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Which open cases a change concerns, and how.

    ``days_of``: the days that levels have by it; None where only working days changed. ``department_id``: only
    what is with this department. ``until``: no case that came after this one.
    """

    days_of: DaysOf | None = None
    department_id: int | None = None
    until: int | None = None


EVERY_CASE = Concerned()


@dataclass(frozen=True, slots=True)
class Portion:
    """A step through open cases: how many were ``looked`` at, up to the case ``last``, and which moved."""

    looked: int
    last: int
    moved: tuple[MovedDeadline, ...]


def preview_deadlines(
    now: datetime, calendar: Calendar, concerned: Concerned = EVERY_CASE
) -> list[MovedDeadline]:
    """What :func:`recompute_deadlines` would do if these were the working days. Changes and locks nothing."""
    found: list[MovedDeadline] = []
    after = 0
    while references := open_after(concerned, after, CHUNK):
        found += (
            moved_deadline(case_id, references[case_id], facts, moved, now)
            for case_id, facts in _facts_of(references)
            if (moved := moved_clocks(calendar, facts, concerned.days_of))
        )
        after = max(references)
    return found


def recompute_deadlines(now: datetime, concerned: Concerned = EVERY_CASE) -> list[MovedDeadline]:
    """Recompute the clocks of open cases after a change of working days or levels; says which moved.

    Doing it twice changes nothing more.
    """
    done: list[MovedDeadline] = []
    after = 0
    while (portion := recompute_portion(now, after, CHUNK, concerned)).looked:
        done += portion.moved
        after = portion.last
    return done


@reference_settled()
def recompute_portion(now: datetime, after: int, size: int, concerned: Concerned = EVERY_CASE) -> Portion:
    """The same for the next ``size`` open cases that came after the case ``after``."""
    calendar = departments.calendar()
    references = open_after(concerned, after, size)
    moving = [
        case_id
        for case_id, facts in _facts_of(references)
        if moved_clocks(calendar, facts, concerned.days_of)
    ]
    with changing_several(moving):
        moved = tuple(one for case_id in moving if (one := _move(case_id, calendar, concerned.days_of, now)))
    return Portion(len(references), max(references, default=after), moved)


def open_after(concerned: Concerned, after: int, size: int) -> dict[int, str]:
    """{id: reference} of the next open cases that a change concerns, in the order in which they came."""
    query = select(Case.id, Case.reference).where(
        Case.status.in_([status.value for status in OPEN]), Case.id > after
    )
    if concerned.department_id is not None:
        query = query.where(Case.department_id == concerned.department_id)
    if concerned.until is not None:
        query = query.where(Case.id <= concerned.until)
    return {row.id: row.reference for row in db.session.execute(query.order_by(Case.id).limit(size))}


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


def say_unmoved(event: DistrictLoaded) -> None:
    """Let a load of the data files say how many open cases its working days would move: it moves none itself."""
    found = preview_deadlines(event.at, departments.calendar()) if event.changed_years else []
    if found:
        years = ", ".join(map(str, event.changed_years))
        event.said.append(
            f"Working days of {years} changed; the deadlines of {len(found)} open cases aren't recomputed yet."
            " 'flask civic recompute-deadlines --dry-run' names them, without --dry-run it moves them."
        )


def _move(case_id: int, calendar: Calendar, days_of: DaysOf | None, now: datetime) -> MovedDeadline | None:
    """Move one case's clocks as they stand once it is locked; None if there is nothing left to move."""
    with changing(SYSTEM, case_id, None, now) as work:
        moved = moved_clocks(calendar, work.current, days_of) if work.current.is_open else {}
        if not moved:
            return None
        done = moved_deadline(case_id, work.case.reference, work.current, moved, now)
        params: dict[str, Any] = {name: clock.as_params() for name, clock in moved.items()}
        work.apply(CaseAction.MOVE_DEADLINES, **params)
    return done


def _facts_of(references: dict[int, str]) -> Iterator[tuple[int, CaseFacts]]:
    for case_id, history in histories(list(references)) if references else ():
        facts = replay(history)
        if facts is not None:
            yield case_id, facts
