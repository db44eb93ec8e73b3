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
from civic.progress.services.observing import (
    Change,
    ChangeKind,
    RowsRefused,
    import_observations,
    preview_observations,
    record_observation,
)

__all__ = [
    "Change",
    "ChangeKind",
    "NewAdjustment",
    "NoticePeriod",
    "RowsRefused",
    "announce_adjustment",
    "import_observations",
    "preview_observations",
    "put_into_force",
    "record_adjustment",
    "record_observation",
    "seen_mark",
    "withdraw_adjustment",
]
