"""The law of supervision, pure: periods, choices and figures of a summary; ``assessments`` has the way of those."""

from civic.supervision.rules.choices import Choice, Scope
from civic.supervision.rules.intervals import wilson
from civic.supervision.rules.periods import Period, month_of, parse_period, quarter_of, year_of
from civic.supervision.rules.summaries import (
    SMALL,
    Figures,
    Interval,
    Rate,
    Spread,
    Window,
    durations,
    figures,
    figures_of,
    spread,
    windows,
)

__all__ = [
    "SMALL",
    "Choice",
    "Figures",
    "Interval",
    "Period",
    "Rate",
    "Scope",
    "Spread",
    "Window",
    "durations",
    "figures",
    "figures_of",
    "month_of",
    "parse_period",
    "quarter_of",
    "spread",
    "wilson",
    "windows",
    "year_of",
]
