"""The law of opinions (督办意见), pure.

A deputy writes and sends; the department's handler drafts an answer, its lead approves and hands it over, never
the same person; the deputy rates. Dissatisfied the first time sends it back once, with a deadline of its own.
"""

from civic.supervision.rules.opinions.due import DueState, OpinionDue, due_of
from civic.supervision.rules.opinions.facts import (
    Event,
    OpinionFacts,
    Round,
    clock_params,
    evolve,
    goes_back,
    replay,
)
from civic.supervision.rules.opinions.noticing import NoticedOpinion, noticed, standing
from civic.supervision.rules.opinions.transitions import TRANSITIONS, WRONG_ROLE, WRONG_STATE, refusal
from civic.supervision.rules.opinions.vocabulary import (
    ANSWERED,
    CLASS_LABELS,
    LAST_ROUND,
    LONGEST_ANSWER,
    LONGEST_OPINION,
    LONGEST_REMARK,
    LONGEST_TITLE,
    MOST_CASES,
    SHORTEST_TEXT,
    STATUS_LABELS,
    WITH_DEPARTMENT,
    WORDINGS,
    AnswerClass,
    OpinionAction,
    OpinionStatus,
    Party,
    TextRole,
    Wording,
)

__all__ = [
    "ANSWERED",
    "CLASS_LABELS",
    "LAST_ROUND",
    "LONGEST_ANSWER",
    "LONGEST_OPINION",
    "LONGEST_REMARK",
    "LONGEST_TITLE",
    "MOST_CASES",
    "SHORTEST_TEXT",
    "STATUS_LABELS",
    "TRANSITIONS",
    "WITH_DEPARTMENT",
    "WORDINGS",
    "WRONG_ROLE",
    "WRONG_STATE",
    "AnswerClass",
    "DueState",
    "Event",
    "NoticedOpinion",
    "OpinionAction",
    "OpinionDue",
    "OpinionFacts",
    "OpinionStatus",
    "Party",
    "Round",
    "TextRole",
    "Wording",
    "clock_params",
    "due_of",
    "evolve",
    "goes_back",
    "noticed",
    "refusal",
    "replay",
    "standing",
]
