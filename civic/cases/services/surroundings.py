"""What cases need from the features below: working days, service levels, whose matter an item is."""

from __future__ import annotations

from dataclasses import dataclass

from civic.departments import queries as departments

from civic.cases.rules import FeedbackKind, Levels
from civic.core.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The district's calendar and service levels as they stand in this transaction."""

    calendar: Calendar
    levels: Levels


def surroundings() -> Surroundings:
    """Read the calendar and the district's levels once per change of a case."""
    return Surroundings(departments.calendar(), Levels())


def reply_days(levels: Levels, kind: FeedbackKind) -> int:
    return levels.reply_days(kind)
