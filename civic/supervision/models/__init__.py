"""Tables of supervision."""

from civic.supervision.models.assessments import (
    Assessment,
    AssessmentPart,
    FollowUp,
    Recommendation,
    SupervisionScript,
)
from civic.supervision.models.editions import ScoreboardEdition
from civic.supervision.models.opinions import (
    Opinion,
    OpinionCase,
    OpinionEvent,
    OpinionRound,
    OpinionText,
)
from civic.supervision.models.snapshots import Snapshot
from civic.supervision.models.topics import Topic, TopicSweep, TopicVoice

__all__ = [
    "Assessment",
    "AssessmentPart",
    "FollowUp",
    "Opinion",
    "OpinionCase",
    "OpinionEvent",
    "OpinionRound",
    "OpinionText",
    "Recommendation",
    "ScoreboardEdition",
    "Snapshot",
    "SupervisionScript",
    "Topic",
    "TopicSweep",
    "TopicVoice",
]
