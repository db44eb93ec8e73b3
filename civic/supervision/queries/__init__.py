"""Reads of supervision: summaries with the lists behind their figures, and assessments."""

from civic.supervision.queries.assessments import (
    AssessmentDesk,
    AssessmentRow,
    PartPage,
    PartRow,
    PublicAssessment,
    all_assessments,
    assessment_desk,
    own_parts,
    part_page,
    public_assessment,
    published_assessments,
)
from civic.supervision.queries.facts import (
    Asked,
    concerned_departments,
    department_name,
    gather_facts,
)
from civic.supervision.queries.follow_ups import (
    FollowUpRow,
    OwnRecommendation,
    RecommendationRow,
    own_recommendations,
)
from civic.supervision.queries.sealed import (
    Verified,
    document_of,
    verify_seals,
)
from civic.supervision.queries.summaries import (
    EVERY_MEASURE,
    BehindCase,
    BehindPage,
    SummaryPage,
    SummaryRow,
    behind,
    has_work,
    scoreboard,
    summary,
    summary_of,
)

__all__ = [
    "EVERY_MEASURE",
    "Asked",
    "AssessmentDesk",
    "AssessmentRow",
    "BehindCase",
    "BehindPage",
    "FollowUpRow",
    "OwnRecommendation",
    "PartPage",
    "PartRow",
    "PublicAssessment",
    "RecommendationRow",
    "SummaryPage",
    "SummaryRow",
    "Verified",
    "all_assessments",
    "assessment_desk",
    "behind",
    "concerned_departments",
    "department_name",
    "document_of",
    "gather_facts",
    "has_work",
    "own_parts",
    "own_recommendations",
    "part_page",
    "public_assessment",
    "published_assessments",
    "scoreboard",
    "summary",
    "summary_of",
    "verify_seals",
]
