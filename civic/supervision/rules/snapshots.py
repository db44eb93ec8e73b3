"""The law of sealed summaries, pure: which periods are sealed and when, and the document of one.

A document is plain JSON without floats. ``places`` says what falls into which row (ids of departments, items,
streets, kinds), so that the same figures come out of the same events whatever is renamed or moved later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from civic.cases.rules.counters import Count
from civic.supervision.rules.choices import Scope
from civic.supervision.rules.opinions import Listed, OpinionFigures, opinion_row, summed
from civic.supervision.rules.periods import Period, month_of, months_later, quarter_of, year_of
from civic.supervision.rules.summaries import Figures, Rate, Spread, figures

DOCUMENT_VERSION = 3
"""2: with the part on opinions of deputies. 3: with the part on topics, and since when cases were counted; second
answers are no longer among those within own days."""
SECOND_OWN_UP_TO = 2
"""Up to this version second answers are among those within own days; a document is checked by the rule of its time."""
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


def due_periods(today: date, since: date | None) -> tuple[Period, ...]:
    """The last month, quarter and year that were over when ``today`` began, if anything was counted by their end."""
    if since is None:
        return ()
    last = today.replace(day=1) - timedelta(days=1)
    found = [month_of(last)]
    for now, months in ((quarter_of(today), 3), (year_of(today), 12)):
        found.append(Period(months_later(now.since, -months), now.since - timedelta(days=1)))
    return tuple(one for one in found if since <= one.until)


def figures_json(row: Figures) -> Json:
    """A row of figures without floats: counts, both parts of a rate, durations as decimal strings."""
    return {one.name: plain(getattr(row, one.name)) for one in fields(row)}


def plain(value: int | Rate | Spread) -> int | Json:
    """One figure without floats."""
    if isinstance(value, Rate):
        return {"part": value.part, "whole": value.whole}
    if isinstance(value, Spread):
        return {"n": value.n, "median": decimal(value.median), "p90": decimal(value.p90)}
    return value


def decimal(value: float | None) -> str | None:
    """A number as it is written without floats."""
    return None if value is None else f"{value:g}"


def figures_of(row: Mapping[str, Any]) -> Figures:
    """The row that :func:`figures_json` wrote; a figure that was not counted yet then is nothing."""
    nothing = figures_json(figures(()))
    values: dict[str, Any] = {
        one.name: typed(row.get(one.name, nothing[one.name])) for one in fields(Figures)
    }
    return Figures(**values)


def as_sealed(sealed: Any, again: Any) -> Any:
    """What was counted again with no more figures than were sealed: a figure that came later breaks no seal."""
    if isinstance(sealed, Mapping) and isinstance(again, Mapping):
        return {key: as_sealed(value, again[key]) for key, value in sealed.items() if key in again}
    if isinstance(sealed, list) and isinstance(again, list) and len(sealed) == len(again):
        return [as_sealed(*pair) for pair in zip(sealed, again, strict=True)]
    return again


def typed(value: int | Mapping[str, Any]) -> int | Rate | Spread:
    """The figure that :func:`plain` wrote."""
    if isinstance(value, int):
        return value
    if "whole" in value:
        return Rate(value["part"], value["whole"])
    median, p90 = value["median"], value["p90"]
    return Spread(value["n"], None if median is None else float(median), None if p90 is None else int(p90))


def counted(period: Period, places: Mapping[str, Any], counts: Counts, today: date | None = None) -> Json:
    """All that follows from the counters: the total, what it compares with, and the rows of every scope.

    ``today``: of a period that isn't over by then, no more of earlier ones is compared than has come of it.
    """
    return {
        "total": figures_json(figures(counts(period, None))),
        "earlier": [
            {
                "which": which,
                "since": other.since.isoformat(),
                "until": other.until.isoformat(),
                "total": figures_json(figures(counts(other, None))),
            }
            for which, whole in period.compared_with.items()
            for other in (whole.like(period, today) if today else whole,)
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


def opinions_json(
    counts: Mapping[int, Mapping[str, int]], listed: Iterable[Listed], places: Mapping[str, Any]
) -> Json:
    """Opinions of deputies: the total, the rows of departments, and what was published, as facts without texts."""
    department, item = (
        {value: key for key, values in places[scope]["members"].items() for value in values}
        for scope in (Scope.DEPARTMENT.value, Scope.ITEM.value)
    )
    by_key = {department[one]: opinion_row(row) for one, row in counts.items()}
    order = places[Scope.DEPARTMENT.value]["order"]
    return {
        "total": opinion_figures_json(summed(counts.values())),
        "departments": [
            {"key": key, "figures": opinion_figures_json(by_key[key])} for key in order if key in by_key
        ],
        "listed": [
            {
                "year": one.year,
                "serial": one.serial,
                "department": department[one.department_id],
                "item": None if one.item_id is None else item[one.item_id],
                "sent": one.sent_day.isoformat(),
                "due": one.due_day.isoformat(),
                "answered": one.answered_day.isoformat(),
                "rounds": one.rounds,
                "rating": one.rating.value,
            }
            for one in listed
        ],
    }


def opinion_figures_json(row: OpinionFigures) -> Json:
    """A row of figures of opinions."""
    return {one.name: plain(getattr(row, one.name)) for one in fields(row)}


def opinion_figures_of(row: Mapping[str, Any]) -> OpinionFigures:
    """The row that :func:`opinion_figures_json` wrote; a figure that was not counted yet then is nothing."""
    nothing = opinion_figures_json(opinion_row({}))
    values: dict[str, Any] = {name: typed(row.get(name, value)) for name, value in nothing.items()}
    return OpinionFigures(**values)
