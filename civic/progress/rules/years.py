"""Which year is judged: a value speaks of a whole year, so a year that runs has none that is complete. Pure."""

from __future__ import annotations

from datetime import date


def judged_year(today: date) -> int:
    """The last year that was over when ``today`` began: the one that runs isn't over on its last day either.

    Public pages, warnings, summaries, sealed periods and assessments all judge indicators by it, so that none of them
    says what another doesn't; what is told of a period that is over is told as of the day that follows it. What is
    reported for a later year is provisional.
    """
    return today.year - 1
