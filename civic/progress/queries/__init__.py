"""Reads of progress: frozen rows, a fixed number of queries however many items are asked about."""

from civic.progress.queries.adjustments import (
    AdjustmentRow,
    AdjustmentShown,
    adjusted_items,
    adjustment,
    adjustments,
    adjustments_of,
)
from civic.progress.queries.asof import quiet_as_of, standing_on, updates_as_of
from civic.progress.queries.budgets import Budget, budget_of
from civic.progress.queries.items import ItemProgress, item_progress
from civic.progress.queries.moving import (
    Move,
    MoveKind,
    QuietItem,
    last_published,
    moves,
    quiet_items,
    standing_updates,
)
from civic.progress.queries.observations import printed_baseline
from civic.progress.queries.statuses import IndicatorStatus, indicator_statuses, indicator_statuses_on
from civic.progress.queries.targets import annual_targets
from civic.progress.queries.tolerances import tolerances
from civic.progress.queries.updates import UpdateRow
from civic.progress.rules import Distribution, Square, distribution, tally

__all__ = [
    "AdjustmentRow",
    "AdjustmentShown",
    "Budget",
    "Distribution",
    "IndicatorStatus",
    "ItemProgress",
    "Move",
    "MoveKind",
    "QuietItem",
    "Square",
    "UpdateRow",
    "adjusted_items",
    "adjustment",
    "adjustments",
    "adjustments_of",
    "annual_targets",
    "budget_of",
    "distribution",
    "indicator_statuses",
    "indicator_statuses_on",
    "item_progress",
    "last_published",
    "moves",
    "printed_baseline",
    "quiet_as_of",
    "quiet_items",
    "standing_on",
    "standing_updates",
    "tally",
    "tolerances",
    "updates_as_of",
]
