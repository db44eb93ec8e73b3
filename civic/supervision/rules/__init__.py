"""The law of supervision, pure: what a summary is made of (``summaries``), and how an assessment goes (``assessments``)."""

from civic.supervision.rules.summaries import (
    SMALL,
    Choice,
    Count,
    Figures,
    Period,
    Rate,
    Scope,
    Spread,
    Window,
    figures,
    month_of,
    parse_period,
    spread,
    windows,
)

__all__ = [
    "SMALL",
    "Choice",
    "Count",
    "Figures",
    "Period",
    "Rate",
    "Scope",
    "Spread",
    "Window",
    "figures",
    "month_of",
    "parse_period",
    "spread",
    "windows",
]
