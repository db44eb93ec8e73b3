"""Whether the list behind a figure is as long as the figure, and sums are those of every counter."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, literal, select

from civic.cases import queries
from civic.cases.models import CaseStat
from civic.cases.queries import Narrowing
from civic.cases.rules import Measure
from civic.core.extensions import db

STOCKS = {
    Measure.LEFT: {Measure.OPENED},
    Measure.LEFT_OVERDUE: {Measure.BECAME_OVERDUE, Measure.CAME_OVERDUE},
}
COLUMNS = (None, "item_id", "kind", "street_id", "department_id")
SPANS = (None, 400, 33, 6, 0)
"""So many days before its last one a period begins; None for no beginning."""


@dataclass(frozen=True)
class Window:
    measures: frozenset[Measure]
    since: date | None
    until: date


def list_is_as_long_as_its_figure(measure: Measure, until: date, where: Sequence[Narrowing]) -> None:
    window = Window(frozenset({measure}), None, until)
    figure = sum(s.n for s in queries.stat_sums([window], where=where))
    assert queries.count_behind(queries.Selection([window], where=where)) == figure, (measure, where)
    for one in where if len(where) == 1 and not where[0].others else ():
        told_apart = queries.stat_sums([window], one.column)
        assert sum(s.n for s in told_apart if s.key in one.values) == figure
    if measure in STOCKS:
        stock_is_listed(measure, until)


def stock_is_listed(left: Measure, until: date) -> None:
    """What is open, or overdue, on a day: as many as came and didn't leave, on as many pages as it takes."""
    came = STOCKS[left]
    window = Window(frozenset({*came, left}), None, until)
    stock = sum(s.n if s.measure in came else -s.n for s in queries.stat_sums([window]))
    selection = queries.Selection([window], minus=frozenset({left}))
    assert queries.count_behind(selection) == stock, came
    listed, cursor = 0, None
    while True:
        page = queries.cases_behind(selection, cursor, size=3)
        listed += len(page.rows)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert listed == stock


def sums_are_those_of_every_counter(
    column: str | None, since: date | None, until: date, where: Sequence[Narrowing]
) -> None:
    """Of a period that begins and ends anywhere, from sums of which some were only just posted."""
    measures = frozenset(Measure)
    days = [CaseStat.day <= until, *([CaseStat.day >= since] if since else [])]
    told = (getattr(CaseStat, column) if column else literal(0), CaseStat.measure, CaseStat.bucket)
    narrowed = [one.holds(getattr(CaseStat, one.column)) for one in where]
    query = select(*told, func.sum(CaseStat.n)).where(*days, *narrowed).group_by(*told)
    found = queries.stat_sums([Window(measures, since, until)], column, where=where)
    counted = {tuple(row[:3]): row[3] for row in db.session.execute(query)}
    assert {(s.key, s.measure.value, s.bucket): s.n for s in found} == counted, (since, until, column)
    by_month: Counter[tuple[str, date]] = Counter()
    for day, measure, n in db.session.execute(
        select(CaseStat.day, CaseStat.measure, CaseStat.n).where(*days)
    ):
        by_month[measure, day.replace(day=1)] += n
    assert queries.stat_months(measures, since or date(2020, 1, 1), until) == by_month


def all_figures_are_right(until: date, narrowings: Sequence[Sequence[Narrowing]]) -> None:
    """Each figure and each period once, narrowed in turn."""
    turn = itertools.cycle(narrowings)
    for measure in Measure:
        list_is_as_long_as_its_figure(measure, until, next(turn))
    for span in SPANS:
        since = until - timedelta(days=span) if span is not None else None
        for column in COLUMNS:
            sums_are_those_of_every_counter(column, since, until, next(turn))
