"""The tables of cases. Only this feature imports them; others call its queries and services."""

from civic.cases.models.attachment import CaseAttachment
from civic.cases.models.case import (
    Assignment,
    Case,
    CaseEvent,
    CaseJudgement,
    CaseRound,
    CaseStat,
    LoneSignature,
    Presence,
    Support,
)
from civic.cases.models.feedback import Contact, Feedback, QueryKey
from civic.cases.models.photo import CasePhoto
from civic.cases.models.recomputing import Recomputation, RecomputedCase
from civic.cases.models.sums import case_posting, case_sum, case_sum_group
from civic.cases.models.support import SupportChange, VoiceSupport
from civic.cases.models.writing import (
    FROM_RESIDENT,
    CaseText,
    InternalNote,
    Rating,
    Reply,
    ReplyRevision,
    ReplyState,
    TextRole,
)

__all__ = [
    "FROM_RESIDENT",
    "Assignment",
    "Case",
    "CaseAttachment",
    "CaseEvent",
    "CaseJudgement",
    "CasePhoto",
    "CaseRound",
    "CaseStat",
    "CaseText",
    "Contact",
    "Feedback",
    "InternalNote",
    "LoneSignature",
    "Presence",
    "QueryKey",
    "Rating",
    "Recomputation",
    "RecomputedCase",
    "Reply",
    "ReplyRevision",
    "ReplyState",
    "Support",
    "SupportChange",
    "TextRole",
    "VoiceSupport",
    "case_posting",
    "case_sum",
    "case_sum_group",
]
