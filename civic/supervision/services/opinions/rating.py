"""The deputy says what an answer is worth."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic.cases.rules import RatingLevel
from civic.core.actor import Actor
from civic.core.errors import N_
from civic.core.text import tidy
from civic.supervision.rules.opinions import OpinionAction, TextRole, goes_back
from civic.supervision.services.opinions.applying import changing, checked_remark


def rate_answer(
    actor: Actor,
    opinion_id: int,
    version: int,
    level: RatingLevel,
    reason: str,
    now: datetime,
    *,
    agrees: bool,
) -> None:
    """Rate the answer; dissatisfied needs a reason, and sends it back the first time with a new deadline.

    ``agrees``: to publication, where this closes it.
    """
    with changing(actor, opinion_id, version, now) as work:
        work.require(OpinionAction.RATE)
        params: dict[str, Any] = {"level": level.value, "agrees": agrees}
        if level is RatingLevel.DISSATISFIED or tidy(reason):
            words = checked_remark(reason, N_("Say what the answer lacks."), "reason")
            params["text_id"] = work.keep_text(TextRole.RATING, words)
        if goes_back(work.current, level):
            params |= work.new_deadline()
        work.apply(OpinionAction.RATE, **params)
