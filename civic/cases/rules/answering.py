"""Changes on the way to an answer: asking, extending, drafting, approving, rating, reopening."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from civic.cases.rules.facts import CaseFacts, Clock, Event, Judgement, Round
from civic.cases.rules.histories import begun, clock, ended, lapsed, moved, with_round, with_stint
from civic.cases.rules.vocabulary import (
    ANSWERED,
    CaseAction,
    CaseStatus,
    ExtensionState,
    RatingLevel,
    Resolution,
    RoundKind,
    Solved,
    StintEnd,
)

MAX_REOPENINGS = 2
"""A third objection goes to the dispatcher and is listed for supervision."""

SUGGESTIONS_ONLY = frozenset({Resolution.ADOPTED, Resolution.PARTLY_ADOPTED, Resolution.NOT_ADOPTED})
"""Resolutions that answer a suggestion (DESIGN §9)."""


def drafted(facts: CaseFacts, event: Event) -> CaseFacts:
    authors = {event.account_id} if event.account_id is not None else set()
    return replace(
        facts,
        draft_id=event.params["reply_id"],
        drafters=facts.drafters | authors,
        approver_id=None,
    )


def sent_for_approval(facts: CaseFacts, event: Event) -> CaseFacts:
    senders = {event.account_id} if event.account_id is not None else set()
    return replace(
        facts,
        status=CaseStatus.REPLY_REVIEW,
        drafters=facts.drafters | senders,
        approver_id=None,
    )


def sent_back(facts: CaseFacts, event: Event) -> CaseFacts:
    if facts.status in ANSWERED:
        return replace(facts, correction_waits=False)
    return replace(facts, status=CaseStatus.IN_PROGRESS, approver_id=None)


def approved(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, approver_id=event.account_id)


def bears_one_signature(facts: CaseFacts, account_id: int | None) -> bool:
    """Whether one person alone has drafted and approved what this person publishes now."""
    signers = facts.drafters | {facts.approver_id if facts.approver_id is not None else account_id}
    # Who signed an answer that was loaded from elsewhere isn't known.
    return len(signers) == 1 and None not in signers


def signatures(facts: CaseFacts, event: Event) -> tuple[tuple[int, date], ...]:
    """The versions of this round that one person signed alone, together with the one that the event publishes."""
    alone = bears_one_signature(facts, event.account_id)
    return (*facts.round.signed_alone, *(((event.params["reply_id"], event.day),) if alone else ()))


def replied(facts: CaseFacts, event: Event) -> CaseFacts:
    p = event.params
    rounds = with_round(
        facts,
        replied_at=event.at,
        replied_day=event.day,
        department_id=facts.department_id,
        days=p["days"],
        resolution=Resolution(p["resolution"]),
        signed_alone=signatures(facts, event),
        close_at=event.at.fromisoformat(p["close_at"]),
    )
    return replace(
        _undrafted(facts),
        status=CaseStatus.REPLIED,
        rounds=rounds,
        stints=ended(facts, event, StintEnd.REPLIED),
        reply_id=p["reply_id"],
        return_pending=False,
    )


def correction_drafted(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(drafted(facts, event), correction_waits=True)


def corrected(facts: CaseFacts, event: Event) -> CaseFacts:
    """A newer version stands in the place of the answer; what was judged stays what was judged."""
    p, last = event.params, facts.round
    is_judged = last.rating is not None or facts.status is CaseStatus.CLOSED
    rounds = with_round(
        facts,
        resolution=Resolution(p["resolution"]),
        judged=last.judged or (last.resolution if is_judged else None),
        signed_alone=signatures(facts, event),
        close_at=event.at.fromisoformat(p["close_at"]) if p.get("close_at") else last.close_at,
    )
    return replace(_undrafted(facts), reply_id=p["reply_id"], rounds=rounds)


def _undrafted(facts: CaseFacts) -> CaseFacts:
    return replace(facts, draft_id=None, drafters=frozenset(), approver_id=None, correction_waits=False)


def rated(facts: CaseFacts, event: Event) -> CaseFacts:
    """The own answer is rated in its round; a common one is another case's, and is judged beside the own rounds."""
    p = event.params
    solved = Solved(p["solved"]) if p.get("solved") else None
    if facts.status is CaseStatus.MERGED:
        answer = p["answered_case_id"], p["round"], p["department_id"]
        said = Judgement(*answer, RatingLevel(p["level"]), event.day, solved)
        return replace(facts, judgements=(*facts.judgements, said))
    rounds = with_round(facts, rating=RatingLevel(p["level"]), rated_day=event.day, said_solved=solved)
    return replace(facts, rounds=rounds)


def reopened(facts: CaseFacts, event: Event) -> CaseFacts:
    """The next round begins; of a merged case with whoever gave the common answer, and it is taken out."""
    if facts.status is CaseStatus.MERGED:
        facts = _taken_out(facts, event)
    to_dispatcher = facts.reopenings >= MAX_REOPENINGS
    p = event.params
    opening = Round(
        len(facts.rounds) + 1,
        RoundKind.REOPENED,
        Clock.from_params(p["clock"]),
        event.at,
        event.day,
        reopened_from=facts.department_id,
    )
    department_id = None if to_dispatcher else facts.department_id
    own = None if to_dispatcher else clock(p, "clock")
    return replace(
        _undrafted(lapsed(facts)),
        status=CaseStatus.TRIAGE if to_dispatcher else CaseStatus.IN_PROGRESS,
        rounds=(*facts.rounds, opening),
        stints=begun(facts, facts.stints, event, department_id=department_id, own=own, again=True),
        department_id=department_id,
        assignee_id=None if to_dispatcher else facts.assignee_id,
        escalated_at=event.at if to_dispatcher else facts.escalated_at,
        escalated_day=event.day if to_dispatcher else facts.escalated_day,
    )


def _taken_out(facts: CaseFacts, event: Event) -> CaseFacts:
    """On its own again, as if the department whose answer it got had held it; what it had before stays counted."""
    department_id = event.params["department_id"]
    return replace(
        facts,
        department_id=department_id,
        assignee_id=None,
        supports=tuple(d for d in facts.supports if d != department_id),
        reply_id=event.params["reply_id"],
        survivor_id=None,
        judge_until=None,
        ended_at=None,
        ended_day=None,
    )


def closed(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(
        facts,
        status=CaseStatus.CLOSED,
        rounds=with_round(facts, closed_day=event.day),
        ended_at=event.at,
        ended_day=event.day,
    )


def overdue(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, overdue_noted_for=facts.round.clock.due_at)


def asked(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, status=CaseStatus.AWAITING_RESIDENT, paused_at=event.at)


def information(facts: CaseFacts, event: Event) -> CaseFacts:
    return resumed(facts, event) if facts.status is CaseStatus.AWAITING_RESIDENT else facts


def resumed(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(moved(facts, event), status=CaseStatus.IN_PROGRESS, paused_at=None)


def extension_asked(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, extension=ExtensionState.REQUESTED, extension_days=event.params["days"])


def extension_decided(facts: CaseFacts, event: Event) -> CaseFacts:
    if event.action is CaseAction.REFUSE_EXTENSION:
        return replace(facts, extension=ExtensionState.REFUSED)
    after = moved(facts, event)
    return replace(
        after,
        extension=ExtensionState.APPROVED,
        rounds=with_round(after, extended_by=event.params.get("days", facts.extension_days or 0)),
        stints=with_stint(after, extended_day=event.day),
    )
