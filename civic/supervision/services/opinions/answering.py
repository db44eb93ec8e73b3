"""A department's side: drafting an answer, laying it before the lead, sending it back, handing it over."""

from __future__ import annotations

from datetime import datetime

from civic.core.actor import Actor
from civic.core.errors import N_, Invalid
from civic.supervision.rules.opinions import (
    LONGEST_ANSWER,
    SHORTEST_TEXT,
    AnswerClass,
    OpinionAction,
    TextRole,
)
from civic.supervision.services.opinions.applying import changing, checked_remark


def draft_answer(
    actor: Actor,
    opinion_id: int,
    version: int,
    answer_class: AnswerClass,
    text: str,
    now: datetime,
    *,
    send: bool = False,
) -> None:
    """Save the answer as a new version; ``send``: and lay it before the lead.

    Raises NotFound, :class:`~civic.core.errors.Stale` with nothing written over, NotAllowed, :class:`Invalid`.
    """
    words = text.strip()
    with changing(actor, opinion_id, version, now) as work:
        work.require(OpinionAction.DRAFT_ANSWER)
        if len(words) < SHORTEST_TEXT:
            raise Invalid(
                N_("Please write a sentence: at least %(n)s characters."), field="text", n=SHORTEST_TEXT
            )
        if len(words) > LONGEST_ANSWER:
            raise Invalid(
                N_("This is too long: at most %(most)s characters."), field="text", most=LONGEST_ANSWER
            )
        text_id = work.keep_text(TextRole.ANSWER, words, answer_class.value)
        work.apply(OpinionAction.DRAFT_ANSWER, text_id=text_id)
        if send:
            work.apply(OpinionAction.SEND_FOR_APPROVAL)


def send_answer_for_approval(actor: Actor, opinion_id: int, version: int, now: datetime) -> None:
    """Lay the saved draft before the lead."""
    with changing(actor, opinion_id, version, now) as work:
        work.apply(OpinionAction.SEND_FOR_APPROVAL)


def send_answer_back(actor: Actor, opinion_id: int, version: int, remark: str, now: datetime) -> None:
    """The lead wants it written anew and says why."""
    with changing(actor, opinion_id, version, now) as work:
        work.require(OpinionAction.SEND_BACK)
        words = checked_remark(remark, N_("Say what has to be changed."), "remark")
        text_id = work.keep_text(TextRole.REMARK, words)
        work.apply(OpinionAction.SEND_BACK, text_id=text_id)


def approve_answer(actor: Actor, opinion_id: int, version: int, now: datetime, *, agrees: bool) -> None:
    """Approve what somebody else wrote and hand it over; ``agrees``: to its publication."""
    with changing(actor, opinion_id, version, now) as work:
        work.apply(OpinionAction.APPROVE, agrees=agrees)
