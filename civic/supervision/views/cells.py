"""The figures of a summary as its page writes them: each with the address of its list.

A page has many hundred figures, so what they share is made once: addresses, names and sentences, and a link is one
piece of markup, since a template takes some times longer for four. The template puts them into their cells, which are
tuples, since those are made fastest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from civic.plans.queries import ItemRef
from civic.supervision.columns import GROUPS, Column, Group, Sort
from civic.supervision.exports import name_text
from civic.supervision.queries import Overview
from civic.supervision.reports.words import difference_text
from civic.supervision.rules import SMALL, Choice, Figures, Rate, Scope, Spread
from civic.supervision.rules.comparing import Direction, against_the_whole
from civic.web.bars import Whisker, whisker
from civic.web.filters import number, percent, share, whole_numbers

UNQUOTED = "!$'()*,/:;?@"
"""What may stand in the query of an address as it is."""


LINK = '<a class="figure-link" href="%s&amp;figure=%s%s" data-figure="%s" data-value="%d">%s</a>'
"""A number of cases that opens their list."""


class Cell(NamedTuple):
    """One figure. ``links`` are the numbers of cases it rests on, '' where there is nothing to tell; ``stated`` is the
    share or median where there are enough cases, ``beside`` the range of the share, or within how many days nine of
    ten were."""

    sort: Sort
    links: str
    stated: str = ""
    beside: str = ""
    against: str = ""
    """How a row's rate stands to that of all rows together."""
    late: bool = False


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One figure of the period, and with how it stands to that of each earlier period."""

    column: Column
    cell: Cell
    earlier: tuple[tuple[Cell, str, str], ...]
    """The figure then, a mark for the difference ('' where none can be told), and the difference in words."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a summary."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """Which part of a row's deadlines was met, how that stands to all rows, and its picture where a rate is stated."""

    name: str
    rate: Cell
    against: str
    drawn: Whisker | None


@dataclass(frozen=True, slots=True)
class Written:
    """Everything of a summary's page that counts cases."""

    compared: tuple[tuple[Group, tuple[ComparedRow, ...]], ...]
    by_row: tuple[tuple[Group, tuple[Line, ...], tuple[Cell, ...]], ...]
    """Each group of figures with its rows and their total."""
    on_time: tuple[Reached, ...]
    months: tuple[tuple[Markup, ...], ...]
    days: tuple[Markup, ...]
    items: tuple[tuple[Markup, ...], ...]


MARKS = {Direction.UNCLEAR: "≈", Direction.SAME: "=", Direction.MORE: "▲", Direction.LESS: "▼"}


def written(overview: Overview) -> Written:
    """The figures of a page in the reader's language."""
    page, pen = overview.summary, Pen()
    choice, total = page.choice, page.total
    rows = [
        _Row(name_text(one.name), one.figures, pen.row(one.figures, choice, one.key, total))
        for one in page.rows
    ]
    whole = _Row("", total, pen.row(total, choice))
    earlier = [_Row("", one.total, pen.row(one.total, one.choice)) for one in overview.earlier if one.total]
    days = pen.list_of(choice)
    return Written(
        compared=tuple(
            (group, tuple(_compared(column, whole, earlier) for column in group.columns)) for group in GROUPS
        ),
        by_row=tuple(
            (group, tuple(Line(row.name, row.of(group)) for row in rows), whole.of(group)) for group in GROUPS
        ),
        on_time=tuple(_on_time(rows, whole, "own" if choice.scope is Scope.DEPARTMENT else "replied")),
        months=tuple(
            pen.pair(one.choice, received=one.received, reply_days=one.answered) for one in overview.months
        ),
        days=tuple(pen.link("reply_days", one.n, days, f"&amp;days={one.text}") for one in overview.days),
        items=tuple(pen.pair(one.choice, received=one.received, public=one.public) for one in overview.items),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """Figures, and how each is written."""

    name: str
    figures: Figures
    cells: Mapping[str, Cell]

    def of(self, group: Group) -> tuple[Cell, ...]:
        return tuple(self.cells[column.name] for column in group.columns)


def _compared(column: Column, whole: _Row, earlier: Iterable[_Row]) -> ComparedRow:
    then = []
    for one in earlier:
        found = column.difference(whole.figures, one.figures)
        mark = MARKS.get(found.direction, "")
        then.append((one.cells[column.name], mark, difference_text(column.sort, found)))
    return ComparedRow(column, whole.cells[column.name], tuple(then))


def _on_time(rows: Iterable[_Row], whole: _Row, name: Literal["own", "replied"]) -> Iterator[Reached]:
    """The rows of which anything was due. Below the picture stands how they compare, so not beside the figure too."""
    line: Rate = getattr(whole.figures, name)
    for row in rows:
        rate: Rate = getattr(row.figures, name)
        if rate.whole:
            cell, interval = row.cells[name], rate.interval
            drawn = (
                whisker(rate.share, interval.low, interval.high, line.share)
                if rate.share is not None and interval
                else None
            )
            yield Reached(row.name, cell._replace(against=""), cell.against, drawn)


class Pen:
    """Writes figures in the language of the request."""

    def __init__(self) -> None:
        self._whole = whole_numbers()
        self._reach = _("%(low)s to %(high)s")
        self._half, self._most = cache(_half), cache(_most)
        self.list_of = cache(_list_of)

    def row(
        self, figures: Figures, choice: Choice, key: str | None = None, whole: Figures | None = None
    ) -> dict[str, Cell]:
        """All figures of a row by name; against the ``whole`` if there is one."""
        begin, end = self.list_of(choice), "" if key is None else f"&amp;row={quote(key, safe=UNQUOTED)}"
        return {
            column.name: self._cell(column, figures, whole, begin, end)
            for group in GROUPS
            for column in group.columns
        }

    def link(self, figure: str, value: int, begin: str, end: str = "") -> Markup:
        """A figure with the address of its list, of which :meth:`list_of` is the beginning; both ends are quoted."""
        return Markup(LINK % (begin, figure, end, figure, value, self._whole(value)))  # noqa: S704

    def pair(self, choice: Choice, **counted: int) -> tuple[Markup, ...]:
        """Some figures by name of another choice."""
        return tuple(self.link(figure, n, self.list_of(choice)) for figure, n in counted.items())

    def _cell(self, column: Column, figures: Figures, whole: Figures | None, begin: str, end: str) -> Cell:
        value = column.of(figures)
        if isinstance(value, Rate):
            return self._rate(column, value, whole, begin, end)
        if isinstance(value, Spread):
            return self._days(column, value, begin, end)
        late = column.key == "overdue" and value != 0
        return Cell(column.sort, self.link(column.key, value, begin, end), late=late)

    def _rate(self, column: Column, rate: Rate, whole: Figures | None, begin: str, end: str) -> Cell:
        if not rate.whole:
            return Cell(column.sort, "")
        part, of_all = (
            self.link(column.key, rate.part, begin, end),
            self.link(column.whole, rate.whole, begin, end),
        )
        links, interval = part + BETWEEN + of_all, rate.interval
        if interval is None:
            return Cell(column.sort, links)
        all_rows = None if whole is None else column.of(whole)
        against = against_the_whole(rate, all_rows) if isinstance(all_rows, Rate) else None
        return Cell(
            column.sort,
            links,
            share(rate.share),
            self._reach % {"low": percent(interval.low, 0), "high": percent(interval.high, 0)},
            against.value if against else "",
        )

    def _days(self, column: Column, lasted: Spread, begin: str, end: str) -> Cell:
        if not lasted.n:
            return Cell(column.sort, "")
        link = self.link(column.key, lasted.n, begin, end)
        if lasted.n < SMALL:
            return Cell(column.sort, link)
        return Cell(column.sort, link, self._half(lasted.median), self._most(lasted.p90))


BETWEEN = Markup(" / ")


def _half(days: float) -> str:
    return ngettext("%(days)s working day", "%(days)s working days", 1 if days == 1 else 2, days=number(days))


def _most(days: int) -> str:
    return ngettext(
        "9 of 10 within %(days)s working day",
        "9 of 10 within %(days)s working days",
        1 if days == 1 else 2,
        days=number(days),
    )


def item_addresses() -> Callable[[ItemRef], str]:
    """What makes the address of an item; that of each plan is looked up once."""

    @cache
    def beginning(plan: str) -> str:
        return url_for("portal.item", plan=plan, code=".").removesuffix(".")

    return lambda ref: beginning(ref.plan_slug) + quote(ref.code, safe=UNQUOTED)


def _list_of(choice: Choice) -> str:
    """The beginning of the addresses of all lists behind a choice's figures, as markup has it."""
    arguments: dict[str, Any] = {**choice.args}
    return str(escape(url_for("supervision.behind", **arguments)))
