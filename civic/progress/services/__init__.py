"""Writes: what a person intends with progress, each in the caller's transaction."""

from civic.progress.services.adjusting import (
    NewAdjustment,
    NoticePeriod,
    announce_adjustment,
    put_into_force,
    record_adjustment,
    seen_mark,
    withdraw_adjustment,
)
from civic.progress.services.budgeting import record_budget
from civic.progress.services.observing import (
    Change,
    ChangeKind,
    import_observations,
    preview_observations,
    record_observation,
)
from civic.progress.services.refusing import RowsRefused
from civic.progress.services.targeting import (
    TargetChange,
    import_targets,
    preview_targets,
    set_annual_target,
)

__all__ = [
    "Change",
    "ChangeKind",
    "NewAdjustment",
    "NoticePeriod",
    "RowsRefused",
    "TargetChange",
    "announce_adjustment",
    "import_observations",
    "import_targets",
    "preview_observations",
    "preview_targets",
    "put_into_force",
    "record_adjustment",
    "record_budget",
    "record_observation",
    "seen_mark",
    "set_annual_target",
    "withdraw_adjustment",
]
