"""What residents say of an answer: rating it, objecting to it, each by the own receipt.

The view has checked reference and query code before. Of a merged case the answer is another one's, which stays as it
is whatever is said here: who objects is taken out and answered anew (decision 035).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.cases.models import Rating, TextRole
from civic.cases.rules import (
    CaseAction,
    CommonAnswer,
    RatingLevel,
    Solved,
    common_answer,
    judgement_of,
    judging_refusal,
    start_clock,
)
from civic.cases.services.applying import CaseWork, State, changing_merged
from civic.cases.services.replying import drop_drafts
from civic.core.actor import SYSTEM, Actor
from civic.core.errors import NotAllowed
from civic.core.extensions import db


@dataclass
class _Judging:
    """A case whose writer judges; ``survivor`` is the one that it was merged into, whose answer ``common`` is."""

    work: CaseWork
    survivor: CaseWork | None = None
    common: CommonAnswer | None = None

    def require(self, action: CaseAction) -> None:
        """Of a common answer: raise :class:`NotAllowed` if it can't be judged now."""
        self.work.require(action)
        if self.survivor is not None:
            reason = judging_refusal(self.work.current, self.common, action, self.work.now)
            if reason:
                raise NotAllowed(reason, code="no_judging")


def rate_reply(
    actor: Actor,
    case_id: int,
    version: int,
    level: RatingLevel,
    now: datetime,
    *,
    solved: Solved | None = None,
    reason: str = "",
) -> State:
    """Rate the answer, once per round.

    Satisfied or basically satisfied closes the case; a merged one stays as it is. Dissatisfied with a reason reopens
    it, as long as the law allows that; without one it stays open to an objection until its time ends.
    """
    with _judging(actor, case_id, version, now) as judging:
        work = judging.work
        text = work.write(TextRole.RATING, reason, required=False)
        _rate(judging, level, solved, text.get("text_id"))
        if level is RatingLevel.DISSATISFIED:
            if text and work.may(CaseAction.REOPEN):
                _reopen(judging, text)
        elif judging.survivor is None:
            work.apply(CaseAction.CLOSE)
    return work.state


def reopen_case(actor: Actor, case_id: int, version: int, reason: str, now: datetime) -> State:
    """Object to the answer and say why; the third objection goes to the dispatcher."""
    with _judging(actor, case_id, version, now) as judging:
        judging.require(CaseAction.REOPEN)
        text = judging.work.write(TextRole.OBJECTION, reason)
        if not _is_rated(judging):
            _rate(judging, RatingLevel.DISSATISFIED, None, text["text_id"])
        _reopen(judging, text)
    return judging.work.state


@contextmanager
def _judging(actor: Actor, case_id: int, version: int, now: datetime) -> Iterator[_Judging]:
    with changing_merged(actor, case_id, version, now) as (work, survivor):
        if survivor is None:
            yield _Judging(work)
        else:
            yield _Judging(work, survivor, common_answer(work.current, survivor.current))


def _is_rated(judging: _Judging) -> bool:
    facts, common = judging.work.current, judging.common
    return judgement_of(facts, common) is not None if common else facts.round.rating is not None


def _rate(judging: _Judging, level: RatingLevel, solved: Solved | None, text_id: int | None) -> None:
    judging.require(CaseAction.RATE)
    work, common = judging.work, judging.common
    said = solved.value if solved else None
    about: dict[str, Any] = {}
    if common is not None:
        about = {
            "answered_case_id": common.case_id,
            "round": common.round,
            "department_id": common.department_id,
        }
    facts = work.apply(CaseAction.RATE, level=level.value, solved=said, text_id=text_id, **about)
    db.session.add(
        Rating(
            case_id=work.case.id,
            answered_case_id=common.case_id if common else work.case.id,
            round=common.round if common else facts.round.number,
            reply_id=common.reply_id if common else facts.reply_id,
            level=level.value,
            solved=said,
            text_id=text_id,
            at=work.now,
        )
    )


def _reopen(judging: _Judging, text: dict[str, Any]) -> None:
    """Take the case up again; a merged one with the department whose answer it was, and out of the other case."""
    work, survivor, common = judging.work, judging.survivor, judging.common
    answered_by = common.department_id if common else work.current.department_id
    days = work.around.levels(answered_by).reply_days(work.current.kind)
    clock = start_clock(work.around.calendar, work.now, days)
    about: dict[str, Any] = {}
    if common is not None:
        about = {"department_id": common.department_id, "reply_id": common.reply_id}
    work.apply(CaseAction.REOPEN, clock=clock.as_params(), **about, **text)
    drop_drafts(work.case.id)
    if survivor is not None:
        survivor.apply(CaseAction.RELEASE, by=SYSTEM, case_id=work.case.id, reason={"code": "objected"})
