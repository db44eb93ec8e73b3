"""Kinds of departments, and the deadlines that a district sets."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class DepartmentKind(StrEnum):
    """What sort of organisation holds a queue."""

    DEPARTMENT = "department"
    STREET = "street"
    CONGRESS = "congress"
    OFFICE = "office"
    """Stationed by the city: answers in the district but isn't subordinate to it."""


class LevelKey(StrEnum):
    """A deadline by name. Working days, but for ``rating``: calendar days."""

    MODERATE = "moderate"
    ACCEPT = "accept"
    RETURN = "return"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    REPORT = "report"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    EXTENSION = "extension"
    OPINION = "opinion"
    RATING = "rating"


REPLY_LEVELS = (
    LevelKey.QUESTION,
    LevelKey.SUGGESTION,
    LevelKey.REPORT,
    LevelKey.COMPLAINT,
    LevelKey.PRAISE,
)
"""The reply deadlines: one per kind of feedback, by the same name."""

DEFAULT_DAYS: Mapping[LevelKey, int] = MappingProxyType(
    {
        LevelKey.MODERATE: 1,
        LevelKey.ACCEPT: 1,
        LevelKey.RETURN: 2,
        LevelKey.QUESTION: 5,
        LevelKey.SUGGESTION: 10,
        LevelKey.REPORT: 10,
        LevelKey.COMPLAINT: 10,
        LevelKey.PRAISE: 10,
        LevelKey.EXTENSION: 10,
        LevelKey.OPINION: 30,
        LevelKey.RATING: 15,
    }
)
"""What holds where a district says nothing.

Sources: misrouting objection within 2 working days and extension of at most 10 (Shandong's hotline
rules), 5 working days for ordinary questions (same); the rest is the platform's own.
"""

SOON_LEVELS = (LevelKey.ACCEPT, *REPLY_LEVELS)
"""The deadlines that stand in the queues, which show them before they pass."""
DEFAULT_SOON = 1
"""Working days before the end from which a deadline is shown as due soon, where a district says nothing."""

MOST_DAYS: Mapping[LevelKey, int] = MappingProxyType(
    {
        LevelKey.RETURN: 2,
        LevelKey.QUESTION: 5,
        LevelKey.SUGGESTION: 10,
        LevelKey.REPORT: 10,
        LevelKey.COMPLAINT: 10,
        LevelKey.EXTENSION: 10,
        LevelKey.OPINION: 60,
    }
)
"""What rules above the district allow at most; more is warned of, not refused, because districts differ.

Sources: those of :data:`DEFAULT_DAYS`; for opinions three months (Deputies Law, article 42), about 60 working days.
"""


def beyond_most(days: Mapping[LevelKey, int | None]) -> dict[LevelKey, int]:
    """Which of these are longer than :data:`MOST_DAYS`, with what is allowed."""
    return {key: most for key, most in MOST_DAYS.items() if (days.get(key) or 0) > most}
