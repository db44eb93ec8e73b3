"""What everybody may see of the figures: departments' rates, and counts by street and kind without small ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civic.cases import queries as cases
from civic.cases.rules.counters import Measure
from civic.departments import queries as departments
from civic.supervision.queries.summaries import SummaryRow, summary_of
from civic.supervision.rows import NOBODY_KEY, EveryRow, Name
from civic.supervision.rules import Choice, Figures, Period, Scope, quarter_of, windows
from civic.supervision.rules.suppressing import published


@dataclass(frozen=True, slots=True)
class StreetCounts:
    """One line of the table: a street, or all together (``name`` None); None is a count that isn't published."""

    key: str
    name: Name | None
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class StreetsPage:
    """Cases received by street and kind in a finished quarter; the last count of each line is its sum."""

    period: Period
    kinds: tuple[tuple[str, Name], ...]
    rows: tuple[StreetCounts, ...]

    @property
    def hides(self) -> bool:
        """Whether any count is left out."""
        return any(None in row.counts for row in self.rows)


def scoreboard_period(now: datetime, days: int) -> Period:
    """The last ``days`` days up to today."""
    today = departments.local_day(now)
    return Period(today - timedelta(days=days - 1), today)


def scoreboard(now: datetime, days: int) -> tuple[SummaryRow, ...]:
    """The public scoreboard: departments that had anything to answer in the last ``days`` days.

    Open to everyone: pages and files show counts, and rates of at least
    :data:`~civic.supervision.rules.SMALL` cases.
    """
    page = summary_of(Choice(scoreboard_period(now, days), Scope.DEPARTMENT), now)
    return tuple(row for row in page.rows if row.key != NOBODY_KEY and has_work(row.figures))


def has_work(f: Figures) -> bool:
    """Whether a row has anything that a reader of the scoreboard would look for."""
    return bool(f.received or f.open or f.overdue or f.replied.whole or f.solved.whole)


def streets_by_kind(now: datetime) -> StreetsPage:
    """The last finished quarter. A finished one doesn't change: two days' tables can't be taken from each other."""
    period = quarter_of(departments.local_day(now)).before
    every = EveryRow()
    streets, kinds = every[Scope.STREET], every[Scope.KIND]
    counts = [_received(period, kind, streets.column) for kind in kinds.names]
    by_street: dict[str, list[int]] = {key: [0] * len(counts) for key in streets.names}
    for place, counted in enumerate(counts):
        for value, n in counted.items():
            by_street[streets.key_of.get(value, NOBODY_KEY)][place] += n
    *shown, total = published(list(by_street.values()))
    rows = [StreetCounts(key, streets.names[key], line) for key, line in zip(by_street, shown, strict=True)]
    return StreetsPage(period, tuple(kinds.names.items()), (*rows, StreetCounts("total", None, total)))


def _received(period: Period, kind: str, column: str) -> dict[cases.StatKey, int]:
    """{street: cases received} of one kind."""
    where = [cases.Narrowing("kind", frozenset({kind}))]
    measures = windows([Measure.RECEIVED], period, date.max)
    return {one.key: one.n for one in cases.stat_sums(measures, column, where=where)}
