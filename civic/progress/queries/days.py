"""Which day it is in the district."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from civic.departments import queries as departments


def district_day(now: datetime) -> date:
    """The calendar day of a moment (aware) in the district's zone."""
    return now.astimezone(ZoneInfo(departments.district().zone)).date()
