"""What a resident does with the case. The view has checked reference and query code before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic.cases.models import Rating, TextRole
from civic.cases.rules import CaseAction, RatingLevel, Solved, start_clock
from civic.cases.services.applying import CaseWork, State, changing
from civic.cases.services.clocking import held_days, resumed_clocks
from civic.cases.services.dispatching import release_absorbed
from civic.cases.services.replying import drop_drafts
from civic.core.actor import Actor
from civic.core.extensions import db


def add_information(actor: Actor, case_id: int, version: int, text: str, now: datetime) -> State:
    """Add something, or answer the department's question; a stopped clock runs again."""
    with changing(actor, case_id, version, now) as work:
        stopped_at = work.current.paused_at
        clocks = resumed_clocks(work, stopped_at) if stopped_at else {}
        addition = work.write(TextRole.ADDITION, text, field_name="text")
        work.apply(CaseAction.ADD_INFORMATION, **addition, **clocks)
    return work.state


def withdraw_case(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """End the case; what was public is taken down, and cases merged into it go on alone."""
    with changing(actor, case_id, version, now) as work:
        release_absorbed(work)
        work.apply(CaseAction.WITHDRAW, held_days=held_days(work))
    return work.state


def revoke_consent(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """Take back the consent to publication (Personal Information Protection Law, article 15); the case goes on."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.REVOKE_CONSENT)
    return work.state


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

    Satisfied or basically satisfied closes the case. Dissatisfied with a reason reopens it, as long
    as the law allows that; without one it stays open to an objection until it closes by itself.
    """
    with changing(actor, case_id, version, now) as work:
        text = work.write(TextRole.RATING, reason, required=False)
        _rate(work, level, solved, text.get("text_id"))
        if level is not RatingLevel.DISSATISFIED:
            work.apply(CaseAction.CLOSE)
        elif text and work.may(CaseAction.REOPEN):
            _reopen(work, text)
    return work.state


def reopen_case(actor: Actor, case_id: int, version: int, reason: str, now: datetime) -> State:
    """Object to the answer and say why; the third objection goes to the dispatcher."""
    with changing(actor, case_id, version, now) as work:
        text = work.write(TextRole.OBJECTION, reason)
        if work.current.round.rating is None:
            _rate(work, RatingLevel.DISSATISFIED, None, text["text_id"])
        _reopen(work, text)
    return work.state


def appeal_case(actor: Actor, case_id: int, version: int, reason: str, now: datetime) -> State:
    """Ask to look again at a declined case, once; it gets a deadline of its own."""
    with changing(actor, case_id, version, now) as work:
        facts, around = work.current, work.around
        clock = start_clock(around.calendar, now, around.levels().reply_days(facts.kind))
        review = start_clock(around.calendar, now, around.levels().moderate)
        work.apply(
            CaseAction.APPEAL,
            clock=clock.as_params(),
            review=review.as_params() if facts.wants_publication else None,
            **work.write(TextRole.APPEAL, reason),
        )
    return work.state


def _rate(work: CaseWork, level: RatingLevel, solved: Solved | None, text_id: int | None) -> None:
    facts = work.current
    said = solved.value if solved else None
    work.apply(CaseAction.RATE, level=level.value, solved=said, text_id=text_id)
    db.session.add(
        Rating(
            case_id=work.case.id,
            round=facts.round.number,
            reply_id=facts.reply_id,
            level=level.value,
            solved=said,
            text_id=text_id,
            at=work.now,
        )
    )


def _reopen(work: CaseWork, text: dict[str, Any]) -> None:
    days = work.around.levels(work.current.department_id).reply_days(work.current.kind)
    clock = start_clock(work.around.calendar, work.now, days)
    work.apply(CaseAction.REOPEN, clock=clock.as_params(), **text)
    drop_drafts(work.case.id)
