"""What moved in a month, day by day, and what has not moved for long, department by department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from civic.changes import queries as changes
from civic.changes.queries import Change
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.portal.queries.departments import department_list
from civic.progress import queries as progress
from civic.progress.queries import MoveKind, QuietItem

MOST = 300
"""Moves of one month that are shown; a month with more says so."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was published on one day of the district, newest first."""

    day: date
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month. ``first``: its first day; ``before`` and ``after``: those of its neighbours, if worth a link."""

    first: date
    days: tuple[Day, ...]
    counts: tuple[tuple[MoveKind, int], ...]
    before: date | None
    after: date | None
    complete: bool


@dataclass(frozen=True, slots=True)
class QuietDepartment:
    """A department and what it leads that stands still, longest first; ``led`` is how many items it leads."""

    department: DepartmentRow
    items: tuple[QuietItem, ...]
    led: int


@dataclass(frozen=True, slots=True)
class QuietPage:
    """All departments with quiet items, in the district's order."""

    months: int
    departments: tuple[QuietDepartment, ...]
    quiet: int
    asked: int


def month_page(asked: str, now: datetime) -> MonthPage:
    """The month ``2026-11``; this month for anything that isn't one, or that lies ahead."""
    today = departments.local_day(now)
    first = min(read_month(asked) or today.replace(day=1), today.replace(day=1))
    after = (first + timedelta(days=32)).replace(day=1)
    zone = ZoneInfo(departments.district().zone)
    start, end = (datetime.combine(day, time(), zone) - timedelta(microseconds=1) for day in (first, after))
    found = changes.changes(changes.EVERYTHING, since=start, until=end, limit=MOST + 1, with_answers=False)
    shown = found[:MOST]
    days = tuple(
        Day(day, tuple(rows)) for day, rows in groupby(shown, lambda one: departments.local_day(one.at))
    )
    kinds = [one.move.kind for one in shown if one.move]
    opened = min((plan.first_year for plan in plans.plans()), default=first.year)
    before = (first - timedelta(days=1)).replace(day=1)
    return MonthPage(
        first,
        days,
        tuple((kind, kinds.count(kind)) for kind in MoveKind if kind in kinds),
        before if before.year >= opened else None,
        after if after <= today else None,
        len(found) <= MOST,
    )


def read_month(text: str) -> date | None:
    """The first day of a month written as ``2026-11``; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def quiet_page(now: datetime, months: int) -> QuietPage:
    """What was not updated for ``months``, by department."""
    today = departments.local_day(now)
    found = progress.quiet_items(today, months)
    led = {one.department.id: len(one.rollup.looks) for one in department_list(today)}
    rows = []
    for row in departments.departments(include_inactive=True):
        own = tuple(one for one in found if one.department_id == row.id)
        if own:
            rows.append(QuietDepartment(row, own, led.get(row.id, len(own))))
    return QuietPage(months, tuple(rows), len(found), sum(led.values()))
