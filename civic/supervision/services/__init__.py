"""Writes of supervision: one function for each thing a person wants to do."""

from civic.supervision.services.assessing import (
    Prose,
    approve_assessment,
    discard_assessment,
    open_assessment,
    publish_assessment,
    renew_facts,
    reopen_assessment,
    write_assessment,
)
from civic.supervision.services.editions import publish_scoreboard
from civic.supervision.services.following import publish_follow_up
from civic.supervision.services.parts import save_part
from civic.supervision.services.recommending import (
    NewRecommendation,
    add_recommendation,
    change_recommendation,
    remove_recommendation,
)
from civic.supervision.services.snapshots import SnapshotSealed, seal_due_periods, seal_period
from civic.supervision.services.topics import sweep_topics
from civic.supervision.services.warning_rules import load_warning_rules, load_warnings_with_district

__all__ = [
    "NewRecommendation",
    "Prose",
    "SnapshotSealed",
    "add_recommendation",
    "approve_assessment",
    "change_recommendation",
    "discard_assessment",
    "load_warning_rules",
    "load_warnings_with_district",
    "open_assessment",
    "publish_assessment",
    "publish_follow_up",
    "publish_scoreboard",
    "remove_recommendation",
    "renew_facts",
    "reopen_assessment",
    "save_part",
    "seal_due_periods",
    "seal_period",
    "sweep_topics",
    "write_assessment",
]
