"""What a supervision summary is made of: figures out of counters.

Pure. A figure is never a bare percentage: a rate carries its numerator and denominator, a
median the number of cases behind it. Below :data:`SMALL` no rate is stated, because two
cases out of three say nothing about a department.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate

from civic.cases.rules.counters import Count, Measure, Totals, totals_of
from civic.supervision.rules.intervals import wilson
from civic.supervision.rules.periods import Period

SMALL = 5
"""Fewer cases than this: the fraction is shown, no percentage."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``part`` of ``whole``; the share is stated only if ``whole`` is at least :data:`SMALL`."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole >= SMALL else None

    @property
    def interval(self) -> Interval | None:
        """Within what the true share lies, 95 times in 100 (Wilson's score); None where no share is stated."""
        return _interval(self.part, self.whole) if self.whole >= SMALL else None


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, shares between 0 and 1."""

    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        """Whether a value could lie in both: then a difference may be chance."""
        return self.low <= other.high and other.low <= self.high


@lru_cache(maxsize=4096)
def _interval(part: int, whole: int) -> Interval:
    """Kept, since a page compares each rate with that of all rows and of earlier periods."""
    low, high = wilson(part, whole)
    return Interval(min(low, part / whole), max(high, part / whole))


@dataclass(frozen=True, slots=True)
class Spread:
    """Exact median and 90th percentile of whole working days, over ``n`` cases."""

    n: int
    median: float | None
    p90: int | None

    @property
    def stated(self) -> Spread:
        """What a reader is told: of fewer than :data:`SMALL` cases only how many there were."""
        return self if self.n >= SMALL else Spread(self.n, None, None)


def spread(buckets: Mapping[int, int]) -> Spread:
    """Median (mean of the middle two) and 90th percentile (nearest rank) of {working days: cases}."""
    values = sorted(buckets)
    so_far = list(accumulate(map(buckets.__getitem__, values)))
    n = so_far[-1] if so_far else 0
    if n <= 0:
        return Spread(0, None, None)

    def ranked(rank: int) -> int:
        """The value at ``rank`` (from 1) of the sorted list that ``buckets`` counts."""
        return values[bisect_left(so_far, rank)]

    return Spread(n, (ranked((n + 1) // 2) + ranked(n // 2 + 1)) / 2, ranked(-(-9 * n // 10)))


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one row of a summary. ``open`` and ``overdue`` are stocks at the period's end.

    ``own`` is the on-time rate of each department's own days, ``again`` that of reopened rounds.
    """

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
    own: Rate
    again: Rate
    again_days: Spread
    withdrawn: int
    merged: int
    escalated: int


DEADLINES = frozenset(
    {
        Measure.ACCEPT_DUE,
        Measure.ACCEPT_ON_TIME,
        Measure.REPLY_DUE,
        Measure.REPLY_ON_TIME,
        Measure.AGAIN_DUE,
        Measure.AGAIN_ON_TIME,
        Measure.OWN_DUE,
        Measure.OWN_ON_TIME,
        Measure.BECAME_OVERDUE,
    }
)
"""Counted on the day a deadline falls; that day is judged only once its close of work has passed."""

STOCKS = frozenset(
    {
        Measure.OPENED,
        Measure.LEFT,
        Measure.BECAME_OVERDUE,
        Measure.CAME_OVERDUE,
        Measure.LEFT_OVERDUE,
    }
)
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


def figures(counts: Iterable[Count]) -> Figures:
    """The figures of one row, out of its counts (see :func:`windows` for the days they are summed over)."""
    return figures_of(totals_of(counts))


def figures_of(totals: Totals) -> Figures:
    """The same out of what the counts add up to."""
    number, days = totals.numbers.get, totals.days
    solved = number(Measure.SOLVED, 0)
    return Figures(
        received=number(Measure.RECEIVED, 0),
        public=number(Measure.PUBLIC, 0),
        accepted=Rate(number(Measure.ACCEPT_ON_TIME, 0), number(Measure.ACCEPT_DUE, 0)),
        replied=Rate(number(Measure.REPLY_ON_TIME, 0), number(Measure.REPLY_DUE, 0)),
        days=spread(days.get(Measure.REPLY_DAYS, {})),
        open=number(Measure.OPENED, 0) - number(Measure.LEFT, 0),
        overdue=number(Measure.BECAME_OVERDUE, 0)
        + number(Measure.CAME_OVERDUE, 0)
        - number(Measure.LEFT_OVERDUE, 0),
        solved=Rate(solved, solved + number(Measure.NOT_SOLVED, 0)),
        satisfied=satisfied_of(totals),
        reopened=number(Measure.REOPENED, 0),
        returned=number(Measure.RETURNED, 0),
        extended=number(Measure.EXTENDED, 0),
        declined=number(Measure.DECLINED, 0),
        single_signature=number(Measure.SINGLE_SIGNATURE, 0),
        own=own_of(totals),
        again=Rate(number(Measure.AGAIN_ON_TIME, 0), number(Measure.AGAIN_DUE, 0)),
        again_days=spread(days.get(Measure.AGAIN_DAYS, {})),
        withdrawn=number(Measure.WITHDRAWN, 0),
        merged=number(Measure.MERGED, 0),
        escalated=number(Measure.ESCALATED, 0),
    )


def satisfied_of(totals: Totals) -> Rate:
    """How many of the answers that were rated satisfied, at least basically."""
    number = totals.numbers.get
    content = number(Measure.RATED_SATISFIED, 0) + number(Measure.RATED_BASICALLY, 0)
    return Rate(content, content + number(Measure.RATED_DISSATISFIED, 0))


def own_of(totals: Totals) -> Rate:
    """How many of the cases whose own days ran out were answered within them."""
    return Rate(totals.numbers.get(Measure.OWN_ON_TIME, 0), totals.numbers.get(Measure.OWN_DUE, 0))


def durations(counts: Iterable[Count], measure: Measure) -> dict[int, int]:
    """{working days: cases} of a measure that is a duration."""
    days: dict[int, int] = {}
    for count in counts:
        if count.measure is measure:
            days[count.bucket] = days.get(count.bucket, 0) + count.n
    return days
