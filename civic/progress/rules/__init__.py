"""The law of progress. Pure: decimals in, verdicts out."""

from civic.progress.rules.assessing import annual_verdicts, assess
from civic.progress.rules.squares import Distribution, Square, distribution, square_of, tally
from civic.progress.rules.vocabulary import (
    BASIS_TEXTS,
    REASON_TEXTS,
    STATUS_TEXTS,
    AnnualTarget,
    AnnualVerdict,
    Basis,
    Facts,
    Line,
    Observation,
    Reason,
    Reference,
    SecondVerdict,
    Source,
    Status,
    Tolerances,
    Verdict,
)
from civic.progress.rules.ways import Shape, Way, comparable, way_of
from civic.progress.rules.yearly import annual_levels
from civic.progress.rules.years import judged_year

__all__ = [
    "BASIS_TEXTS",
    "REASON_TEXTS",
    "STATUS_TEXTS",
    "AnnualTarget",
    "AnnualVerdict",
    "Basis",
    "Distribution",
    "Facts",
    "Line",
    "Observation",
    "Reason",
    "Reference",
    "SecondVerdict",
    "Shape",
    "Source",
    "Square",
    "Status",
    "Tolerances",
    "Verdict",
    "Way",
    "annual_levels",
    "annual_verdicts",
    "assess",
    "comparable",
    "distribution",
    "judged_year",
    "square_of",
    "tally",
    "way_of",
]
