"""The law of sealed summaries, pure: which periods are sealed and when, and the document of one.

A document is plain JSON without floats. ``places`` says what falls into which row (ids of departments, items,
streets, kinds), so that the same figures come out of the same events whatever is renamed or moved later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from civic.supervision.rules.choices import Scope
from civic.supervision.rules.periods import Period, month_of, months_later, quarter_of, year_of
from civic.supervision.rules.summaries import Count, Figures, Rate, Spread, figures

DOCUMENT_VERSION = 1
NOBODY = "none"
SEALED_SCOPES = (
    Scope.DEPARTMENT,
    Scope.CHAPTER,
    Scope.LIVELIHOOD,
    Scope.STREET,
    Scope.KIND,
    Scope.ITEM,
)
"""What a sealed summary is told apart by."""

Json = dict[str, Any]
Counts = Callable[[Period, str | None], Sequence[Count]]
"""The counters of a period, told apart by a column of theirs or not at all."""


def period_text(period: Period) -> str:
    """How an address names a month, quarter or year; raises :class:`ValueError` for other days."""
    names = {
        1: f"{period.since:%Y-%m}",
        3: f"{period.since:%Y}-Q{(period.since.month + 2) // 3}",
        12: f"{period.since:%Y}",
    }
    if period.unit is None:
        raise ValueError("neither a month nor a quarter nor a year")
    return names[period.unit]


def due_periods(judged: date, since: date | None) -> tuple[Period, ...]:
    """The last month, quarter and year that are over and judged to their last day, if anything was counted by then."""
    if since is None:
        return ()
    first = (
        judged.replace(day=1) if judged != month_of(judged).until else months_later(judged.replace(day=1), 1)
    )
    month = month_of(months_later(first, -1))
    quarter, year = quarter_of(month.until), year_of(month.until)
    found = [month]
    found.extend(one for one in (quarter, year) if one.until == month.until)
    return tuple(one for one in found if one.until <= judged and since <= one.until)


def figures_json(row: Figures) -> Json:
    """A row of figures without floats: counts, both parts of a rate, durations as decimal strings."""
    return {one.name: _plain(getattr(row, one.name)) for one in fields(row)}


def _plain(value: int | Rate | Spread) -> int | Json:
    if isinstance(value, Rate):
        return {"part": value.part, "whole": value.whole}
    if isinstance(value, Spread):
        return {"n": value.n, "median": _decimal(value.median), "p90": _decimal(value.p90)}
    return value


def _decimal(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def figures_of(row: Mapping[str, Any]) -> Figures:
    """The row that :func:`figures_json` wrote."""
    values: dict[str, Any] = {one.name: _typed(row[one.name]) for one in fields(Figures)}
    return Figures(**values)


def _typed(value: int | Mapping[str, Any]) -> int | Rate | Spread:
    if isinstance(value, int):
        return value
    if "whole" in value:
        return Rate(value["part"], value["whole"])
    median, p90 = value["median"], value["p90"]
    return Spread(value["n"], None if median is None else float(median), None if p90 is None else int(p90))


def counted(period: Period, places: Mapping[str, Any], counts: Counts) -> Json:
    """All that follows from the counters: the total, what it compares with, and the rows of every scope."""
    return {
        "total": figures_json(figures(counts(period, None))),
        "earlier": [
            {
                "which": which,
                "since": other.since.isoformat(),
                "until": other.until.isoformat(),
                "total": figures_json(figures(counts(other, None))),
            }
            for which, other in (("before", period.before), ("year_ago", period.year_ago))
        ],
        "tables": {scope: _table(place, counts(period, place["column"])) for scope, place in places.items()},
    }


def _table(place: Mapping[str, Any], counts: Iterable[Count]) -> list[Json]:
    """The rows in which something was counted, in the order of their names."""
    row_of = {value: key for key, values in place["members"].items() for value in values}
    grouped: dict[str, list[Count]] = {}
    for count in counts:
        grouped.setdefault(row_of.get(count.key, NOBODY), []).append(count)
    return [
        {"key": key, "figures": figures_json(figures(grouped[key]))}
        for key in place["order"]
        if key in grouped
    ]
