"""How a report on paper numbers its parts and writes days and shares, in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext as _

from civic.web.filters import day
from civic.web.locale import current_locale

NUMERALS = "零一二三四五六七八九"


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


def nothing() -> str:
    """What stands where a table would have no row."""
    return str(_("None in this period."))


def share_text(value: Decimal | None) -> str:
    """A percentage to one place; a dash where none is stated."""
    if value is None:
        return "—"
    return f"{(value * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def day_text(value: date) -> str:
    """A day as a reader writes it."""
    return day(value)
