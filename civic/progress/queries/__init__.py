"""Reads of progress: frozen rows, a fixed number of queries however many items are asked about."""

from civic.progress.queries.days import district_day
from civic.progress.queries.items import ItemProgress, item_progress
from civic.progress.queries.statuses import IndicatorStatus, indicator_statuses
from civic.progress.rules import Distribution, Square, distribution

__all__ = [
    "Distribution",
    "IndicatorStatus",
    "ItemProgress",
    "Square",
    "distribution",
    "district_day",
    "indicator_statuses",
    "item_progress",
]
