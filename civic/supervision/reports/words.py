"""How a report on paper numbers its parts and writes days and shares, in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.core.errors import N_
from civic.supervision.columns import Sort
from civic.supervision.reports.layout import Cell, Linked, Share
from civic.supervision.rules.comparing import Difference, Direction
from civic.web.filters import day, month, number
from civic.web.locale import current_locale

NO_DIFFERENCE = {
    Direction.TOO_FEW: N_("too few cases to compare"),
    Direction.UNCLEAR: N_("no clear difference"),
    Direction.SAME: N_("unchanged"),
}
NOT_STATED = "—"
NUMERALS = "零一二三四五六七八九"
CHINESE = re.compile("[一-鿿]")


def chinese_number(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals; raises :class:`ValueError` beyond."""
    if not 1 <= number <= 99:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    written = (NUMERALS[tens] if tens > 1 else "") + "十" if tens else ""
    return written + (NUMERALS[ones] if ones else "")


def heading_number(number: int) -> str:
    """一、 in Chinese, ``1. `` in English."""
    return f"{number}. " if current_locale() == "en" else f"{chinese_number(number)}、"


def appendix_label(number: int) -> str:
    """What stands at the top of an appendix."""
    return str(_("Appendix %(number)d", number=number))


def appendix_line(number: int, name: str, *, first: bool) -> str:
    """One line of the list of appendices: only the first says what they are."""
    if first:
        return str(_("Appendices: %(number)d. %(name)s", number=number, name=name))
    return f"{number}. {name}"


def period_name(text: str) -> str:
    """A month, quarter or year in words, out of how an address names it (``2026-11``, ``2026-Q4``, ``2026``)."""
    year, _dash, part = text.partition("-")
    if part.startswith("Q"):
        return str(_("Quarter %(number)d of %(year)d", number=int(part[1:]), year=int(year)))
    if part:
        return month(date(int(year), int(part), 1))
    return str(_("The year %(year)d", year=int(year)))


def report_title(period: str) -> str:
    """What the report of a sealed period is called."""
    return str(_("Supervision report of %(period)s", period=period_name(period)))


def nothing() -> str:
    """What stands where a table would have no row."""
    return str(_("None in this period."))


def share_text(value: Decimal | None) -> str:
    """A percentage to one place, all and nothing without, as pages write it; a dash where none is stated."""
    if value is None:
        return NOT_STATED
    place = Decimal(1) if value in (0, 1) else Decimal("0.1")
    return f"{(value * 100).quantize(place, ROUND_HALF_UP)}%"


def difference_text(sort: Sort, one: Difference) -> str:
    """How a figure stands to that of an earlier period."""
    if one.direction in NO_DIFFERENCE:
        return str(_(NO_DIFFERENCE[one.direction]))
    more = one.direction is Direction.MORE
    if sort is Sort.RATE:
        points = number(round(one.size * 100, 1))
        return str(_("%(n)s points higher", n=points) if more else _("%(n)s points lower", n=points))
    size = number(one.size)
    if sort is Sort.COUNT:
        return str(_("%(n)s more", n=size) if more else _("%(n)s fewer", n=size))
    num = 1 if one.size == 1 else 2
    if more:
        return str(ngettext("%(n)s day longer", "%(n)s days longer", num, n=size))
    return str(ngettext("%(n)s day shorter", "%(n)s days shorter", num, n=size))


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell as a page shows it."""

    text: str
    address: str = ""
    is_number: bool = False

    @property
    def lang(self) -> str:
        """The language of a text that isn't in that of the page: phrases and names without an English form."""
        return "zh-Hans" if current_locale() == "en" and CHINESE.search(self.text) else ""


def seen(cell: Cell) -> Seen:
    """How a page shows a cell; nothing is a dash."""
    match cell:
        case None | "":
            return Seen(NOT_STATED, is_number=cell is None)
        case Share():
            return Seen(share_text(cell.value), is_number=True)
        case Linked():
            return Seen(_plain(cell.value), cell.address, is_number=not isinstance(cell.value, str))
        case date():
            return Seen(day_text(cell))
        case str():
            return Seen(cell)
        case _:
            return Seen(_plain(cell), is_number=True)


def _plain(value: int | Decimal | str) -> str:
    return value if isinstance(value, str) else number(value)


def day_text(value: date) -> str:
    """A day as a reader writes it."""
    return day(value)
