"""Working days: which days count, when a deadline falls, and how that was computed. Pure.

A :class:`Calendar` holds what the State Council's yearly notices say: days off and
make-up workdays (调休). Every other Monday to Friday is a working day. Of a year whose notice
is not out yet only the holidays that stand on fixed days by law are off (:data:`BY_LAW`), and
what depends on it is *provisional*.

Counting: day one is the next working day after the start; a deadline is due at close of
work of its last day. While a clock is paused, days are skipped and not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
SATURDAY = 5
NEVER = date.max.year + 1


class DayKind(StrEnum):
    """Why a day counts (``workday``, ``makeup``) or doesn't."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


NAMED = frozenset({DayKind.HOLIDAY, DayKind.MAKEUP})

BY_LAW: Mapping[tuple[int, int], tuple[str, int]] = {
    (1, 1): ("元旦", 1950),
    (5, 1): ("劳动节", 1950),
    (5, 2): ("劳动节", 2025),
    (10, 1): ("国庆节", 1950),
    (10, 2): ("国庆节", 1950),
    (10, 3): ("国庆节", 2000),
}
"""Month and day of the holidays that don't follow the lunar calendar or the sun, their name, and from which year on
(全国年节及纪念日放假办法, 1949, changed in 1999, 2007, 2013 and 2024). The days to which one of them on a weekend, or
their longer breaks, are moved are known from the notice of the year alone."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a computation; ``number`` is its place in the count, or 0 where it was skipped.

    ``name`` is the holiday that the day is off for, or is worked for.
    """

    day: date
    why: DayKind
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class DayRun:
    """Neighbouring days of a computation that are told as one; a counted day always stands alone."""

    first: date
    last: date
    why: DayKind
    number: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due, and how that was counted, day by day from the day after ``start``.

    ``due_at`` is aware, in UTC; ``due_day`` is its local day. ``provisional`` says that a
    year was touched whose calendar is not published yet.
    """

    start: date
    length: int
    due_at: datetime
    due_day: date
    counted_days: tuple[CountedDay, ...]
    provisional: bool

    @property
    def skipped(self) -> tuple[CountedDay, ...]:
        """The days that were passed over: weekends, holidays, pauses."""
        return tuple(day for day in self.counted_days if day.number == 0)

    @property
    def runs(self) -> tuple[DayRun, ...]:
        """All days in order, those passed over for the same reason as one.

        A weekend inside a holiday or a pause belongs to it.
        """
        told: list[DayRun] = []
        for day in self.counted_days:
            told.append(DayRun(day.day, day.day, day.why, day.number, day.name))
            _join(told)
        return tuple(told)


Pauses = tuple[tuple[date, date], ...]
"""Half-open spans of days ``[from, until)`` in which a clock stood still."""


@dataclass(frozen=True)
class Calendar:
    """A district's working days, zone and close of work.

    ``days`` maps a date to True (a working day although a weekend) or False (a day off
    although Monday to Friday) and ``names`` it to the holiday behind that; ``known_years`` are the years
    with a published notice.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()
    zone_name: str = "Asia/Shanghai"
    closes_at: time = time(17, 30)
    names: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    def local_day(self, at: datetime) -> date:
        """The district's calendar day of a moment; raises ValueError without a zone."""
        if at.tzinfo is None:
            raise ValueError("a moment must carry its zone")
        return at.astimezone(self.zone).date()

    def office_day(self, at: datetime) -> date:
        """The day to which work at that moment belongs: after close of work it's the next day."""
        local = at.astimezone(self.zone)
        after_hours = local.timetz().replace(tzinfo=None) > self.closes_at
        return local.date() + ONE_DAY if after_hours else local.date()

    def kind_of(self, day: date) -> DayKind:
        """Why that day is or isn't a working day."""
        weekend = day.weekday() >= SATURDAY
        override = self._said_of(day)
        if override is None:
            return DayKind.WEEKEND if weekend else DayKind.WORKDAY
        if override:
            return DayKind.MAKEUP if weekend else DayKind.WORKDAY
        return DayKind.HOLIDAY

    def is_workday(self, day: date) -> bool:
        override = self._said_of(day)
        return day.weekday() < SATURDAY if override is None else override

    def name_of(self, day: date) -> str:
        """The holiday that the day is off for, or is worked for; nothing of others."""
        return self.names.get(day) or (BY_LAW[day.month, day.day][0] if self._off_by_law(day) else "")

    def _said_of(self, day: date) -> bool | None:
        """What a notice says of a day, or the law where there is none yet; None of an ordinary day."""
        override = self.days.get(day)
        return False if override is None and self._off_by_law(day) else override

    def _off_by_law(self, day: date) -> bool:
        if day.year in self.known_years or day in self.days or day.weekday() >= SATURDAY:
            return False
        return day.year >= BY_LAW.get((day.month, day.day), ("", NEVER))[1]

    def closing(self, day: date) -> datetime:
        """Close of work of that day, in UTC."""
        return datetime.combine(day, self.closes_at, self.zone).astimezone(UTC)

    def deadline(self, start: date | datetime, length: int, paused: Pauses = ()) -> Deadline:
        """The deadline ``length`` working days after ``start`` (a day, or an aware moment).

        ``paused`` days are skipped. Raises ValueError for a length under one.
        """
        if length < 1:
            raise ValueError("a deadline needs at least one working day")
        first = self.local_day(start) if isinstance(start, datetime) else start
        counted: list[CountedDay] = []
        number = 0
        for day in _days_after(first):
            why = self.kind_of(day)
            if why in (DayKind.WORKDAY, DayKind.MAKEUP) and is_paused(day, paused):
                why = DayKind.PAUSED
            counts = why in (DayKind.WORKDAY, DayKind.MAKEUP)
            number += counts
            name = self.name_of(day) if why in NAMED else ""
            counted.append(CountedDay(day, why, number if counts else 0, name))
            if number == length:
                break
        due_day = counted[-1].day
        return Deadline(
            start=first,
            length=length,
            due_at=self.closing(due_day),
            due_day=due_day,
            counted_days=tuple(counted),
            provisional=any(entry.day.year not in self.known_years for entry in counted),
        )


def is_paused(day: date, paused: Pauses) -> bool:
    """Whether a day lies in one of the half-open spans."""
    return any(since <= day < until for since, until in paused)


def is_workday(calendar: Calendar, day: date) -> bool:
    """Whether people work on that day."""
    return calendar.is_workday(day)


def add_workdays(calendar: Calendar, start: date | datetime, length: int) -> Deadline:
    """The deadline ``length`` working days after ``start``; day one is the next working day."""
    return calendar.deadline(start, length)


def workdays_between(calendar: Calendar, after: date, until: date, paused: Pauses = ()) -> int:
    """How many working days lie in ``(after, until]``, pauses left out; 0 if ``until`` is not later."""
    span = (until - after).days
    days = (after + ONE_DAY * i for i in range(1, span + 1))
    return sum(calendar.is_workday(day) and not is_paused(day, paused) for day in days)


def _join(told: list[DayRun]) -> None:
    """Join the last run to the one before, or to the one before the weekend between."""
    last = told[-1]
    if last.number:
        return
    for back in (2, 3):
        if len(told) < back:
            return
        before, between = told[-back], told[1 - back : -1]
        alike = (before.why, before.name, before.number) == (last.why, last.name, 0)
        if alike and all(day.why is DayKind.WEEKEND for day in between):
            told[-back:] = [replace(before, last=last.last)]
            return


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += ONE_DAY
        yield day
