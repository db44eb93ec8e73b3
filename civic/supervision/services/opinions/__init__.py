"""Writes of opinions: one function for each thing a person wants to do."""

from civic.supervision.services.opinions.answering import (
    approve_answer,
    draft_answer,
    send_answer_back,
    send_answer_for_approval,
)
from civic.supervision.services.opinions.applying import last_opinion_event
from civic.supervision.services.opinions.passing import (
    MovedOpinion,
    move_opinion_deadlines,
    pass_opinions,
    preview_opinion_deadlines,
)
from civic.supervision.services.opinions.publishing import agree_to_publication
from civic.supervision.services.opinions.rating import rate_answer
from civic.supervision.services.opinions.taking_over import take_over_opinion
from civic.supervision.services.opinions.writing import (
    NewOpinion,
    rewrite_opinion,
    send_opinion,
    withdraw_opinion,
    write_opinion,
)

__all__ = [
    "MovedOpinion",
    "NewOpinion",
    "agree_to_publication",
    "approve_answer",
    "draft_answer",
    "last_opinion_event",
    "move_opinion_deadlines",
    "pass_opinions",
    "preview_opinion_deadlines",
    "rate_answer",
    "rewrite_opinion",
    "send_answer_back",
    "send_answer_for_approval",
    "send_opinion",
    "take_over_opinion",
    "withdraw_opinion",
    "write_opinion",
]
