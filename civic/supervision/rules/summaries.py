"""What a supervision summary is made of: periods, figures out of counters, and their definitions.

Pure. A figure is never a bare percentage: a rate carries its numerator and denominator, a
median the number of cases behind it. Below :data:`SMALL` no rate is stated, because two
cases out of three say nothing about a department.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from civic.cases.rules.counters import Measure
from civic.core.errors import N_, Invalid

SMALL = 5
"""Fewer cases than this: the fraction is shown, no percentage."""


class Scope(StrEnum):
    """By what the rows of a summary are told apart."""

    DEPARTMENT = "department"
    CHAPTER = "chapter"
    LIVELIHOOD = "livelihood"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the district's calendar, both ends included."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise Invalid(
                N_("The period begins after it ends. Choose an earlier beginning."),
                code="bad_period",
                field="since",
            )

    @property
    def before(self) -> Period:
        """The period of equal length that ends the day before this one begins."""
        last = self.since - timedelta(days=1)
        return Period(last - (self.until - self.since), last)


def month_of(day: date) -> Period:
    """The calendar month of ``day``."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def parse_period(text: str | None, since: str | None, until: str | None, today: date) -> Period:
    """The period that an address names.

    ``text`` is ``2026``, ``2026-Q3`` or ``2026-11``; otherwise ``since`` and ``until`` are ISO
    days. Without either: the present month. Raises :class:`Invalid` with what to do.
    """
    if text:
        return _named(text)
    if since or until:
        return Period(_day(since, "since", today.replace(day=1)), _day(until, "until", today))
    return month_of(today)


def _named(text: str) -> Period:
    if match := re.fullmatch(r"(\d{4})", text):
        year = _year(match[1])
        return Period(date(year, 1, 1), date(year, 12, 31))
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        first = date(_year(match[1]), 3 * int(match[2]) - 2, 1)
        return Period(first, month_of(first + timedelta(days=70)).until)
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
        return month_of(date(_year(match[1]), int(match[2]), 1))
    raise Invalid(N_("Write a period as 2026, 2026-Q3 or 2026-11."), code="bad_period", field="period")


def _year(text: str) -> int:
    year = int(text)
    if not 2000 <= year <= 2100:
        raise Invalid(N_("Write a period as 2026, 2026-Q3 or 2026-11."), code="bad_period", field="period")
    return year


def _day(text: str | None, field: str, default: date) -> date:
    if not text:
        return default
    try:
        day = date.fromisoformat(text)
        _year(str(day.year))
    except ValueError:
        raise Invalid(N_("Write a day as 2026-11-23."), code="bad_day", field=field) from None
    return day


@dataclass(frozen=True, slots=True)
class Rate:
    """``part`` of ``whole``; the share is stated only if ``whole`` is at least :data:`SMALL`."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole >= SMALL else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Exact median and 90th percentile of whole working days, over ``n`` cases."""

    n: int
    median: float | None
    p90: int | None


def spread(buckets: Mapping[int, int]) -> Spread:
    """Median (mean of the middle two) and 90th percentile (nearest rank) of {working days: cases}."""
    n = sum(buckets.values())
    if n <= 0:
        return Spread(0, None, None)
    low, high = _ranked(buckets, (n + 1) // 2), _ranked(buckets, n // 2 + 1)
    return Spread(n, (low + high) / 2, _ranked(buckets, -(-9 * n // 10)))


def _ranked(buckets: Mapping[int, int], rank: int) -> int:
    """The value at ``rank`` (from 1) of the sorted list that ``buckets`` counts."""
    seen = 0
    for value in sorted(buckets):
        seen += buckets[value]
        if seen >= rank:
            return value
    raise ValueError("rank beyond the number of cases")


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of the counters: how often ``measure`` fell into ``bucket`` for the row ``key``."""

    key: int
    measure: Measure
    bucket: int
    n: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one row of a summary. ``open`` and ``overdue`` are stocks at the period's end."""

    received: int
    public: int
    accepted: Rate
    replied: Rate
    days: Spread
    open: int
    overdue: int
    solved: Rate
    satisfied: Rate
    reopened: int
    returned: int
    extended: int
    declined: int
    single_signature: int


DEADLINES = frozenset(
    {
        Measure.ACCEPT_DUE,
        Measure.ACCEPT_ON_TIME,
        Measure.REPLY_DUE,
        Measure.REPLY_ON_TIME,
        Measure.BECAME_OVERDUE,
    }
)
"""Counted on the day a deadline falls; that day is judged only once its close of work has passed."""

STOCKS = frozenset({Measure.OPENED, Measure.LEFT, Measure.BECAME_OVERDUE, Measure.LEFT_OVERDUE})
"""Counted from the beginning of time up to the period's last day."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days over which some measures are summed; ``since`` None means from the beginning of time."""

    measures: frozenset[Measure]
    since: date | None
    until: date


def windows(measures: Iterable[Measure], period: Period, judged_until: date) -> tuple[Window, ...]:
    """Over which days each measure counts towards a period.

    ``judged_until`` is the last day whose close of work has passed: deadlines after it haven't
    been met or missed yet.
    """
    grouped: dict[tuple[date | None, date], set[Measure]] = {}
    for measure in measures:
        since = None if measure in STOCKS else period.since
        until = min(period.until, judged_until) if measure in DEADLINES else period.until
        grouped.setdefault((since, until), set()).add(measure)
    return tuple(Window(frozenset(found), *days) for days, found in grouped.items())


def figures(counts: Sequence[Count]) -> Figures:
    """The figures of one row, out of its counts (see :func:`windows` for the days they are summed over)."""
    total = _Totals(counts)
    days: dict[int, int] = {}
    for count in counts:
        if count.measure is Measure.REPLY_DAYS:
            days[count.bucket] = days.get(count.bucket, 0) + count.n
    content = total(Measure.RATED_SATISFIED) + total(Measure.RATED_BASICALLY)
    solved = total(Measure.SOLVED)
    return Figures(
        received=total(Measure.RECEIVED),
        public=total(Measure.PUBLIC),
        accepted=Rate(total(Measure.ACCEPT_ON_TIME), total(Measure.ACCEPT_DUE)),
        replied=Rate(total(Measure.REPLY_ON_TIME), total(Measure.REPLY_DUE)),
        days=spread(days),
        open=total(Measure.OPENED) - total(Measure.LEFT),
        overdue=total(Measure.BECAME_OVERDUE) - total(Measure.LEFT_OVERDUE),
        solved=Rate(solved, solved + total(Measure.NOT_SOLVED)),
        satisfied=Rate(content, content + total(Measure.RATED_DISSATISFIED)),
        reopened=total(Measure.REOPENED),
        returned=total(Measure.RETURNED),
        extended=total(Measure.EXTENDED),
        declined=total(Measure.DECLINED),
        single_signature=total(Measure.SINGLE_SIGNATURE),
    )


class _Totals:
    def __init__(self, counts: Iterable[Count]) -> None:
        self.sums: dict[Measure, int] = {}
        for count in counts:
            self.sums[count.measure] = self.sums.get(count.measure, 0) + count.n

    def __call__(self, measure: Measure) -> int:
        return self.sums.get(measure, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """A period and by what the rows are told apart; ``period_text`` as it was asked for, if named."""

    period: Period
    scope: Scope
    period_text: str | None = None

    @property
    def args(self) -> dict[str, str]:
        """The same choice as parameters of an address."""
        if self.period_text:
            return {"by": self.scope.value, "period": self.period_text}
        return {
            "by": self.scope.value,
            "since": self.period.since.isoformat(),
            "until": self.period.until.isoformat(),
        }
