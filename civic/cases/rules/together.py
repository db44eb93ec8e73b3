"""The one answer that several messages get: what it is to a merged one, and what its writer may say of it.

Each merged message keeps its receipt. By it the writer rates the answer, and can object to it: then that message is
taken out and answered on its own, while the others keep the answer that they have (decision 035).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.cases.rules.facts import CaseFacts, Judgement
from civic.cases.rules.vocabulary import ANSWERED, CaseAction, RatingLevel
from civic.core.errors import N_


@dataclass(frozen=True, slots=True)
class CommonAnswer:
    """What a merged message was answered with: in which case and round, by whom, and until when it can be judged."""

    case_id: int
    round: int
    reply_id: int
    department_id: int
    until: datetime


def common_answer(facts: CaseFacts, survivor: CaseFacts) -> CommonAnswer | None:
    """The answer that stands in the survivor's round; None while an answer is owed there.

    Who was merged with a case that had been answered before has as long to judge as everybody from then on.
    """
    last = survivor.round
    ends = [moment for moment in (last.close_at, facts.judge_until) if moment is not None]
    if survivor.status not in ANSWERED or facts.survivor_id is None or not ends:
        return None
    assert survivor.reply_id is not None
    assert last.department_id is not None
    return CommonAnswer(facts.survivor_id, last.number, survivor.reply_id, last.department_id, max(ends))


def judgement_of(facts: CaseFacts, common: CommonAnswer) -> Judgement | None:
    """What the writer of a merged message has said of this answer already."""
    about = common.case_id, common.round
    return next((one for one in facts.judgements if (one.answered_case_id, one.round) == about), None)


def judging_refusal(
    facts: CaseFacts, common: CommonAnswer | None, action: CaseAction, now: datetime
) -> str | None:
    """Why the writer of a merged message can't rate the common answer or object to it now; None if it can be done.

    That somebody else was content and the case is closed takes nothing away from this writer.
    """
    if common is None:
        return N_("There is no answer yet.")
    if now > common.until:
        return N_("The time to object has passed. You can always send a new message.")
    said = judgement_of(facts, common)
    if said is not None and action is CaseAction.RATE:
        return N_("You have rated this answer already.")
    if said is not None and said.level is not RatingLevel.DISSATISFIED:
        return N_("You have rated this answer as satisfactory.")
    return None


def is_content(facts: CaseFacts) -> bool:
    """Whether the writer of a merged message was satisfied with an answer of the case that it's part of."""
    return any(
        one.answered_case_id == facts.survivor_id and one.level is not RatingLevel.DISSATISFIED
        for one in facts.judgements
    )
