"""The figures of a report as columns: what each says of a row, and the address of the list that it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.core.config import settings
from civic.supervision.columns import Column, Sort, all_columns
from civic.supervision.figures import FIGURES
from civic.supervision.reports.layout import Cell, Linked, Share
from civic.supervision.rules import Figures, Period, Rate, Scope, Spread

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table: ``list`` names the list that its number opens, ``compared`` the figure whose difference
    from an earlier period stands beside it."""

    key: str
    label: str
    of: Callable[[Figures], Cell]
    list: str = ""
    compared: Column | None = None


def fields() -> tuple[Field, ...]:
    """All of them in the order of the summary; a rate and a duration have several each."""
    return tuple(field for column in all_columns() for field in _of_column(column))


def _of_column(column: Column) -> Iterator[Field]:
    name, label = column.name, _(column.label)
    if column.sort is Sort.RATE:
        yield Field(
            f"{name}.part", _(FIGURES[column.key].label), lambda row: _rate(row, name).part, column.key
        )
        yield Field(
            f"{name}.whole", _(FIGURES[column.whole].label), lambda row: _rate(row, name).whole, column.whole
        )
        yield Field(
            f"{name}.share",
            _("%(figure)s: share", figure=label),
            lambda row: share_of(_rate(row, name)),
            compared=column,
        )
        yield Field(
            f"{name}.low",
            _("%(figure)s: lower end of the range", figure=label),
            lambda row: _ends(_rate(row, name))[0],
        )
        yield Field(
            f"{name}.high",
            _("%(figure)s: upper end of the range", figure=label),
            lambda row: _ends(_rate(row, name))[1],
        )
    elif column.sort is Sort.DAYS:
        yield Field(
            f"{name}.median",
            _("%(figure)s: median", figure=label),
            lambda row: _median(row, name),
            compared=column,
        )
        yield Field(
            f"{name}.p90", _("%(figure)s: 90th percentile", figure=label), lambda row: _p90(row, name)
        )
        yield Field(
            f"{name}.n",
            _("%(figure)s: number of cases", figure=label),
            lambda row: _spread(row, name).n,
            column.key,
        )
    else:
        yield Field(name, label, lambda row: _count(row, name), column.key, column)


def _rate(row: Figures, name: str) -> Rate:
    found: Rate = getattr(row, name)
    return found


def _spread(row: Figures, name: str) -> Spread:
    found: Spread = getattr(row, name)
    return found


def _count(row: Figures, name: str) -> int:
    found: int = getattr(row, name)
    return found


def _median(row: Figures, name: str) -> Cell:
    found = _spread(row, name).stated.median
    return None if found is None else decimal(found)


def _p90(row: Figures, name: str) -> Cell:
    return _spread(row, name).stated.p90


def share_of(rate: Rate) -> Share:
    """The share of a rate; of too few none is stated."""
    return Share(Decimal(rate.part) / Decimal(rate.whole) if rate.share is not None else None)


def _ends(rate: Rate) -> tuple[Share, Share]:
    """Between which shares a rate lies, 95 times in 100."""
    within = rate.interval
    return (Share(decimal(within.low)), Share(decimal(within.high))) if within else (Share(None), Share(None))


def decimal(value: float) -> Decimal:
    """A number as it is written."""
    return Decimal(repr(value))


def cell_of(field: Field, row: Figures, address: Callable[[str], str]) -> Cell:
    """What a figure says of a row; a number that counts something opens it."""
    value = field.of(row)
    if field.list and isinstance(value, int) and value:
        return Linked(value, address(field.list))
    return value


def address_of(
    document: Json, scope: Scope, key: str | None, earlier: Period | None = None
) -> Callable[[str], str]:
    """Where the list of a figure is: of the row ``key`` or of all, in the period of the document or an earlier one."""
    asked = {
        "by": scope.value,
        "since": earlier.since.isoformat() if earlier else document["since"],
        "until": earlier.until.isoformat() if earlier else document["until"],
        **document.get("narrowed", {}),
    }

    def address(figure: str) -> str:
        values: dict[str, Any] = {**asked, "figure": figure, **({"row": key} if key is not None else {})}
        return settings().base_url.rstrip("/") + url_for("supervision.behind", **values)

    return address
