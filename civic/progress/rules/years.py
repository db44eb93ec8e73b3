"""Which year is judged: a value speaks of a whole year, so a year that runs has none that is complete. Pure."""

from __future__ import annotations

from datetime import date


def judged_year(day: date) -> int:
    """The last year that is over at the end of a day.

    Public pages, warnings, summaries, sealed periods and assessments all judge indicators by it, so that none of them
    says what another doesn't. What is reported for a later year is provisional.
    """
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1
