"""How soon residents are answered, as the district has set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.departments import queries as departments
from civic.departments.rules import LevelKey


@dataclass(frozen=True, slots=True)
class GeneralLevels:
    """Working days that hold in general today; single departments may have others."""

    accept: int
    question: int
    other: int


def general_levels(now: datetime) -> GeneralLevels:
    """The levels of today. ``other`` is the longest of all kinds but questions."""
    levels, today = departments.service_levels(), departments.local_day(now)
    others = (LevelKey.SUGGESTION, LevelKey.COMPLAINT, LevelKey.REPORT, LevelKey.PRAISE)
    return GeneralLevels(
        accept=levels.days(LevelKey.ACCEPT, on=today),
        question=levels.days(LevelKey.QUESTION, on=today),
        other=max(levels.days(key, on=today) for key in others),
    )
