"""Writes: what a person intends with progress, each in the caller's transaction."""

from civic.progress.services.observing import (
    Change,
    ChangeKind,
    ObservationsRefused,
    import_observations,
    preview_observations,
    record_observation,
)

__all__ = [
    "Change",
    "ChangeKind",
    "ObservationsRefused",
    "import_observations",
    "preview_observations",
    "record_observation",
]
