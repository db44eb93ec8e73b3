"""Deputies' opinions in a report: in words, by department, and those that everyone can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.cases.rules import RATING_LABELS, RatingLevel
from civic.core.config import settings
from civic.supervision.exports import name_text
from civic.supervision.reports.layout import Cell, Linked, Row, Section, Share, Table
from civic.supervision.rows import Name
from civic.supervision.rules import Rate, Scope
from civic.supervision.rules.opinions import OPINION_COLUMNS, OPINION_FIGURES, OpinionFigure, OpinionFigures
from civic.supervision.rules.snapshots import opinion_figures_of

Json = Mapping[str, Any]
ON_PAPER = frozenset({
    OpinionFigure.GIVEN, OpinionFigure.ON_TIME, OpinionFigure.DUE, OpinionFigure.OPEN, OpinionFigure.OVERDUE,
    OpinionFigure.UNRATED, OpinionFigure.GONE_BACK,
})  # fmt: skip
"""The columns that a page has room for; a workbook has them all."""


def opinion_sections(document: Json, *, may_open: bool) -> Iterator[Section]:
    """None where the document has no such part; counts are links only for who may read the lists behind them."""
    if "opinions" in document:
        part = document["opinions"]
        tables = (_figures(document, part, may_open=may_open), _published(document, part["listed"]))
        yield Section(_("Opinions of deputies"), tuple(_sentences(opinion_figures_of(part["total"]))), tables)


def opinion_definitions(document: Json) -> Iterator[Row]:
    """What each figure means, where there are any."""
    if "opinions" in document:
        yield from ((_(label), _(meaning)) for label, meaning in OPINION_FIGURES.values())


def _sentences(f: OpinionFigures) -> Iterator[str]:
    yield _(
        "Deputies sent %(given)d opinions to departments. Answers to %(whole)d were due; %(part)d came on time.",
        given=f.given, whole=f.answered.whole, part=f.answered.part,
    )  # fmt: skip
    yield _(
        "At the end of the period %(open)d opinions were to be answered, %(overdue)d of them overdue; "
        "%(unrated)d answers were to be rated.",
        open=f.open, overdue=f.overdue, unrated=f.unrated,
    )  # fmt: skip
    yield _(
        "Closed as satisfied: %(satisfied)d, basically satisfied: %(basically)d, dissatisfied: %(dissatisfied)d. "
        "Sent back once: %(back)d.",
        satisfied=f.closed_satisfied, basically=f.closed_basically, dissatisfied=f.closed_dissatisfied,
        back=f.gone_back,
    )  # fmt: skip


def _figures(document: Json, part: Json, *, may_open: bool) -> Table:
    lines = [
        (_department(document, row["key"]), *_cells(document, row["figures"], row["key"], may_open))
        for row in part["departments"]
    ]
    if lines:
        lines.append((_("Total"), *_cells(document, part["total"], _only(document), may_open)))
    heads = [head for column in OPINION_COLUMNS for head in _heads(column.figure, column.whole)]
    on_paper = (0, *(1 + at for at, (figure, _label) in enumerate(heads) if figure in ON_PAPER))
    labels = (_("Department"), *(label for _figure, label in heads))
    return Table(_("Opinions of deputies by department"), labels, lines, on_paper)


def _heads(figure: OpinionFigure, whole: OpinionFigure | None) -> Iterator[tuple[OpinionFigure | None, str]]:
    yield figure, _(OPINION_FIGURES[figure][0])
    if whole is not None:
        yield whole, _(OPINION_FIGURES[whole][0])
        name = _(OPINION_FIGURES[figure][0])
        yield None, _("%(figure)s: share", figure=name)
        yield None, _("%(figure)s: lower end of the range", figure=name)
        yield None, _("%(figure)s: upper end of the range", figure=name)


def _cells(document: Json, row: Json, key: str, may_open: bool) -> Iterator[Cell]:
    figures = opinion_figures_of(row)
    for column in OPINION_COLUMNS:
        for figure, n in column.cells(figures):
            yield Linked(n, _list(document, figure, key)) if n and may_open else n
        value = column.of(figures)
        if isinstance(value, Rate):
            within = value.interval
            yield Share(Decimal(value.part) / Decimal(value.whole) if within else None)
            yield Share(Decimal(repr(within.low)) if within else None)
            yield Share(Decimal(repr(within.high)) if within else None)


def _published(document: Json, listed: list[Json]) -> Table:
    return Table(
        _("Opinions published in the period"),
        (
            _("Number"),
            _("Department"),
            _("Item"),
            _("Sent on"),
            _("Deadline"),
            _("Answered on"),
            _("Number of answers"),
            _("Rating"),
        ),
        [
            (
                Linked(_number(one), _address("opinions.page", year=one["year"], serial=one["serial"])),
                _department(document, one["department"]),
                _named(document, Scope.ITEM, one["item"]) if one["item"] else None,
                *(date.fromisoformat(one[name]) for name in ("sent", "due", "answered")),
                one["rounds"],
                _(RATING_LABELS[RatingLevel(one["rating"])]),
            )
            for one in listed
        ],
    )


def _number(one: Json) -> str:
    return _("Opinion No. %(serial)s of %(year)s", serial=one["serial"], year=one["year"])


def _department(document: Json, key: str) -> str:
    return _named(document, Scope.DEPARTMENT, key)


def _named(document: Json, scope: Scope, key: str) -> str:
    names = document["places"][scope.value]["names"][key]
    return name_text(Name(names["hans"], names["hant"], names["en"], names["msgid"]))


def _only(document: Json) -> str:
    """The department to which a report is narrowed, or ''."""
    found: str = document.get("narrowed", {}).get(Scope.DEPARTMENT.value, "")
    return found


def _list(document: Json, figure: OpinionFigure, key: str) -> str:
    days = {"since": document["since"], "until": document["until"]}
    return _address("supervision.opinions", figure=figure.value, department=key or None, **days)


def _address(endpoint: str, **values: Any) -> str:
    return settings().base_url.rstrip("/") + url_for(endpoint, **values)
