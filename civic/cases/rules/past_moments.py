"""Moments as other systems and people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo

NOON = time(12)
"""The time of a day that came without one: after its beginning and before close of work."""

SAMPLE = datetime(2023, 12, 25, 14, 40, tzinfo=UTC)
"""A moment whose day can't be taken for its month, nor its hour for one of the morning."""

_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:：时點点]\s*(\d{1,2})\s*分?(?:\s*[:：]?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?)?"
)


def read_moment(given: str, zone: tzinfo, formats: Iterable[str] = ()) -> datetime | None:
    """A moment as systems and people write it, year first, or by the formats given; None if it can't be read.

    Without a zone it is the district's time; a day without a time is its noon.
    """
    for pattern in formats:
        try:
            found = datetime.strptime(given, pattern)  # noqa: DTZ007 (the zone is given below)
        except ValueError:
            continue
        return _zoned(found if _is_timed(pattern) else datetime.combine(found, NOON), zone)
    match = _MOMENT.fullmatch(given)
    try:
        if match is None:
            return _zoned(_iso_moment(given), zone)
        year, month, day, hour, minute, second = match.groups()
        clock = time(int(hour), int(minute), int(second or 0)) if hour else NOON
        return datetime.combine(date(int(year), int(month), int(day)), clock, zone)
    except ValueError:
        return None


def _iso_moment(given: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(given), NOON)
    except ValueError:
        return datetime.fromisoformat(given)


def _zoned(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _is_timed(pattern: str) -> bool:
    return any(sign in pattern for sign in ("%H", "%I", "%X", "%c"))


def is_format(pattern: str) -> bool:
    """Whether a format tells a day, and an hour if it has one: what is written by it is read by it as the same."""
    try:
        found = datetime.strptime(SAMPLE.strftime(pattern), pattern)  # noqa: DTZ007 (the zone doesn't matter)
    except (ValueError, re.error):
        return False
    return found.date() == SAMPLE.date() and (not _is_timed(pattern) or found.hour == SAMPLE.hour)
