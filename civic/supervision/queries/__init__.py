"""Reads of supervision: summaries with the lists behind their figures, and assessments."""

from civic.supervision.queries.summaries import (
    EVERY_MEASURE,
    BehindCase,
    BehindPage,
    SummaryPage,
    SummaryRow,
    behind,
    has_work,
    scoreboard,
    summary,
    summary_of,
)

__all__ = [
    "EVERY_MEASURE",
    "BehindCase",
    "BehindPage",
    "SummaryPage",
    "SummaryRow",
    "behind",
    "has_work",
    "scoreboard",
    "summary",
    "summary_of",
]
