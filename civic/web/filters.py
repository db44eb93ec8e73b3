"""Template filters: times in the district's zone, numbers as a reader expects them, percentages with care."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

from babel.numbers import format_decimal, get_group_symbol
from flask import Flask
from flask_babel import format_date, format_datetime, gettext

from civic.web.locale import current_locale

_DAY = {"zh_Hans": "y年M月d日", "zh_Hant": "y年M月d日", "en": "d MMM y"}
_MONTH = {"zh_Hans": "y年M月", "zh_Hant": "y年M月", "en": "MMMM y"}
_MINUTE = {"zh_Hans": "y年M月d日 HH:mm", "zh_Hant": "y年M月d日 HH:mm", "en": "d MMM y, HH:mm"}


def day(value: date | datetime | None) -> str:
    """A calendar day; a moment is shown as the day it is in the district."""
    if value is None:
        return "—"
    pattern = _DAY[current_locale()]
    if isinstance(value, datetime):
        return str(format_datetime(value, pattern))
    return str(format_date(value, pattern))


def month(value: date) -> str:
    """A calendar month with its year."""
    return str(format_date(value, _MONTH[current_locale()]))


def minute(value: datetime | None) -> str:
    """A moment to the minute, in the district's zone."""
    return "—" if value is None else str(format_datetime(value, _MINUTE[current_locale()]))


def number(value: int | float | Decimal | None) -> str:
    """A number with its digits grouped; nothing is rounded away."""
    if value is None:
        return "—"
    if isinstance(value, int):
        return _whole(value, current_locale())
    return str(format_decimal(value, locale=current_locale(), decimal_quantization=False))


def whole_numbers() -> Callable[[int], str]:
    """How whole numbers are written in the reader's language, for who writes many of them."""
    locale = current_locale()
    return lambda value: _whole(value, locale)


def _whole(value: int, locale: str) -> str:
    """All languages here group by thousands, so only the mark between them is looked up."""
    return f"{value:,}".replace(",", _between_groups(locale))


@cache
def _between_groups(locale: str) -> str:
    return str(get_group_symbol(locale))


_SHORT_DAY = {"zh_Hans": "M月d日 EEE", "zh_Hant": "M月d日 EEE", "en": "EEE d MMM"}


def weekday(value: date) -> str:
    """A day with the day of its week, for lists in which the year is clear."""
    return str(format_date(value, _SHORT_DAY[current_locale()]))


class Said(Protocol):
    """A sentence with the days and numbers that belong in it; ``named`` also takes the department."""

    @property
    def msgid(self) -> str: ...

    @property
    def params(self) -> Mapping[str, Any]: ...

    @property
    def named(self) -> str: ...


def say(sentence: Said, department: str = "") -> str:
    """The sentence in the reader's language, its days written out; with the department where one is known."""
    written = {
        name: day(value) if isinstance(value, date) else str(value) for name, value in sentence.params.items()
    }
    if department and sentence.named:
        return str(gettext(sentence.named, department=department, **written))
    return str(gettext(sentence.msgid, **written))


def percent(value: float | Decimal | None, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage; no share, no figure."""
    return "—" if value is None else f"{value * 100:.{digits}f}%"


def share(value: float | Decimal | None) -> str:
    """A share of what was counted: to one decimal, but all and nothing are said without."""
    return percent(value, 0 if value in (0, 1) else 1)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day,
        month=month,
        minute=minute,
        weekday=weekday,
        say=say,
        number=number,
        percent=percent,
        share=share,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
