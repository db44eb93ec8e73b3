"""Exports of a summary. A demo database marks its exports as it marks its pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from flask import Response
from flask_babel import gettext as _

from civic.supervision.columns import Column, Sort, all_columns, public_columns
from civic.supervision.figures import FIGURES
from civic.supervision.queries import Scoreboard, SummaryPage
from civic.supervision.queries.opinions import OpinionTable
from civic.supervision.rows import Name
from civic.supervision.rules import Figures, Rate, Scope, Spread, figures
from civic.supervision.rules.editions import PublicFigures
from civic.supervision.rules.opinions import OPINION_COLUMNS, OPINION_FIGURES, OpinionFigure, opinion_row
from civic.web.caching import is_demo
from civic.web.locale import chinese_or_english

TOTAL = "total"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def name_text(name: Name) -> str:
    """A row's name in the reader's language."""
    return _(name.msgid) if name.msgid else chinese_or_english(name.hans, name.hant, name.english)


def summary_csv(page: SummaryPage, opinions: OpinionTable | None) -> Response:
    """The rows and the total of a summary as one table, a column per figure, counts rather than percentages.

    The period stands in every line, and so do what the summary is narrowed to and the mark of sample data: a line
    keeps them when it is copied.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    period = page.choice.period
    note = [_("Sample data: not real")] if is_demo() else []
    only = [cell_text("; ".join(name_text(name) for _scope, name in page.narrowed))] if page.narrowed else []
    head = [_("Key"), _("Row"), _("From day"), _("To day"), *([_("Narrowed to")] if only else [])]
    labels = [label for label, _value in columns(page.total)]
    asked = [_(OPINION_FIGURES[figure][0]) for figure in _figures_of_opinions(opinions, None)]
    writer.writerow([*head, *labels, *asked, *([_("Note")] if note else [])])
    for key, name, row in _lines(page, opinions):
        days = (period.since.isoformat(), period.until.isoformat())
        values = (value for _label, value in columns(row))
        found = _figures_of_opinions(opinions, key if key == TOTAL else _department_of(page, key)).values()
        writer.writerow([key, cell_text(name), *days, *only, *values, *found, *note])
    filename = f"summary-{page.choice.scope.value}-{period.since}-{period.until}.csv"
    return Response(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def scoreboard_csv(board: Scoreboard) -> Response:
    """The public scoreboard as a table; what isn't published is left empty."""
    if board.period is None or board.total is None:
        return _file([], "scoreboard.csv")
    days = (board.period.since.isoformat(), board.period.until.isoformat())
    heads = [_("Key"), _("Department"), _("From day"), _("To day"), *dict(_public_cells(board.total))]
    lines = [*((row.key, name_text(row.name), row.figures) for row in board.rows),
             ("total", _("Total"), board.total)]  # fmt: skip
    found = [[key, cell_text(name), *days, *dict(_public_cells(row)).values()] for key, name, row in lines]
    return _file([heads, *found], f"scoreboard-{days[0]}-{days[1]}.csv")


def _public_cells(row: PublicFigures) -> Iterator[tuple[str, int | float | None]]:
    for column in public_columns():
        value = column.public_of(row)
        if column.sort is Sort.RATE:
            yield from _rate_cells(column, value if isinstance(value, Rate) else None)
        elif column.sort is Sort.DAYS:
            found = value if isinstance(value, Spread) else None
            yield _("%(figure)s: median", figure=_(column.label)), found.median if found else None
            yield _("%(figure)s: number of cases", figure=_(column.label)), found.n if found else None
        else:
            yield _(column.label), value if isinstance(value, int) else None


def _rate_cells(column: Column, rate: Rate | None) -> Iterator[tuple[str, int | float | None]]:
    within = rate.interval if rate else None
    yield _(FIGURES[column.key].label), rate.part if rate else None
    yield _(FIGURES[column.whole].label), rate.whole if rate else None
    name = _(column.label)
    yield _("%(figure)s: share", figure=name), _rounded(rate.share if rate else None)
    yield _("%(figure)s: lower end of the range", figure=name), _rounded(within.low if within else None)
    yield _("%(figure)s: upper end of the range", figure=name), _rounded(within.high if within else None)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def streets_csv(board: Scoreboard) -> Response:
    """Counts by street and kind, one line each; a count that is not published is left empty."""
    if board.period is None:
        return _file([], "streets.csv")
    heads = [_("Key"), _("Street"), _("From day"), _("To day")]
    table: list[list[object]] = [[*heads, *(name_text(name) for _key, name in board.kinds), _("Total")]]
    days = (board.period.since.isoformat(), board.period.until.isoformat())
    for row in board.streets:
        name = name_text(row.name) if row.name else _("Total")
        table.append([row.key, cell_text(name), *days, *row.counts])
    return _file(table, f"streets-{days[0]}-{days[1]}.csv")


def _file(table: Sequence[Sequence[object]], filename: str) -> Response:
    """A CSV file; on a demonstration every line says that it isn't real."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    note = [_("Sample data: not real")] if is_demo() else []
    for place, row in enumerate(table):
        writer.writerow([*row, *([_("Note")] if note and not place else note)])
    return Response(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _lines(page: SummaryPage, opinions: OpinionTable | None) -> Iterator[tuple[str, str, Figures]]:
    """The rows, with departments that have opinions and no cases; the total ends them. None of a period to come."""
    if page.ahead:
        return
    known = {row.key for row in page.rows}
    for row in page.rows:
        yield row.key, name_text(row.name), row.figures
    if opinions and page.choice.scope is Scope.DEPARTMENT:
        for place, _found in opinions.rows:
            if place.key not in known:
                yield place.key, chinese_or_english(place.name, place.name_hant, place.name_en), figures(())
    yield TOTAL, _("Total"), page.total


def _department_of(page: SummaryPage, key: str) -> str:
    """The department of a row; '' where rows are something else, to which no opinion is sent."""
    return key if page.choice.scope is Scope.DEPARTMENT else ""


def _figures_of_opinions(
    opinions: OpinionTable | None, key: str | None
) -> Mapping[OpinionFigure, int | None]:
    """The counts of opinions in a line; empty cells where rows aren't departments, none where none are told apart."""
    if opinions is None:
        return {}
    rows = {place.key: found for place, found in opinions.rows} | {TOTAL: opinions.total}
    row = rows.get(key or TOTAL) if key != "" else None
    counts = (count for column in OPINION_COLUMNS for count in column.cells(row or opinion_row({})))
    return {figure: None if key == "" else n for figure, n in counts}


def columns(row: Figures) -> Iterator[tuple[str, int | float | None]]:
    """Label and value of each column of a summary, in order."""
    for column in all_columns():
        value = column.of(row)
        if isinstance(value, Rate):
            yield _(FIGURES[column.key].label), value.part
            yield _(FIGURES[column.whole].label), value.whole
        elif isinstance(value, Spread):
            yield _("%(figure)s: median", figure=_(column.label)), value.stated.median
            yield _("%(figure)s: 90th percentile", figure=_(column.label)), value.stated.p90
            yield _("%(figure)s: number of cases", figure=_(column.label)), value.n
        else:
            yield _(column.label), value


def cell_text(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
