"""Reads of progress: frozen rows, a fixed number of queries however many items are asked about."""

from civic.progress.queries.items import ItemProgress, item_progress
from civic.progress.queries.observations import printed_baseline
from civic.progress.queries.statuses import IndicatorStatus, indicator_statuses
from civic.progress.rules import Distribution, Square, distribution

__all__ = [
    "Distribution",
    "IndicatorStatus",
    "ItemProgress",
    "Square",
    "distribution",
    "indicator_statuses",
    "item_progress",
    "printed_baseline",
]
