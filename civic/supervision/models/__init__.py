"""Tables of supervision."""

from civic.supervision.models.assessments import (
    Assessment,
    AssessmentPart,
    FollowUp,
    Recommendation,
    SupervisionScript,
)

__all__ = [
    "Assessment",
    "AssessmentPart",
    "FollowUp",
    "Recommendation",
    "SupervisionScript",
]
