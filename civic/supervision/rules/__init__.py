"""The law of supervision, pure: figures of a summary (``summaries``) and the way of an assessment (``assessments``)."""

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
