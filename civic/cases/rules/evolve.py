"""How one event changes what is known of a case. Folding a case's events always gives the same facts.

Nothing is decided here that could come out differently tomorrow: deadlines, whole days and
reasons come with the event, computed when it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from civic.cases.rules.facts import CaseFacts, Clock, Event, Round, Stint
from civic.cases.rules.vocabulary import (
    CaseAction,
    CaseStatus,
    DeclineCode,
    ExtensionState,
    FeedbackKind,
    Publication,
    RatingLevel,
    Resolution,
    RoundKind,
    StintEnd,
)

MAX_REOPENINGS = 2
"""A third objection goes to the dispatcher and is listed for supervision."""


def replay(events: Iterable[Event]) -> CaseFacts | None:
    """The facts of a case from its events in order, None if there are none."""
    facts: CaseFacts | None = None
    for event in events:
        facts = evolve(facts, event)
    return facts


def evolve(facts: CaseFacts | None, event: Event) -> CaseFacts:
    """The facts after ``event``. Raises ValueError for a history that doesn't begin with a submission."""
    if event.action is CaseAction.SUBMIT:
        if facts is not None:
            raise ValueError("a case is submitted once")
        return _submitted(event)
    if facts is None:
        raise ValueError("a case begins with its submission")
    changed = _CHANGES.get(event.action, _unchanged)(facts, event)
    return replace(changed, seq=facts.seq + 1, changed_at=event.at)


def _submitted(event: Event) -> CaseFacts:
    p = event.params
    opening = Round(1, RoundKind.FIRST, Clock.from_params(p["clock"]), event.at, event.day)
    return CaseFacts(
        status=CaseStatus.SUBMITTED,
        publication=Publication.PENDING if p["wants_publication"] else Publication.PRIVATE,
        kind=FeedbackKind(p["kind"]),
        submitted_at=event.at,
        submitted_day=event.day,
        rounds=(opening,),
        stints=(Stint(1, None, event.at, event.day),),
        item_id=p.get("item_id"),
        street_id=p.get("street_id"),
        wants_publication=p["wants_publication"],
        about_staff=p.get("about_staff", False),
        sealed_department_id=p.get("sealed_department_id"),
        review=_clock(p, "review"),
        changed_at=event.at,
    )


def _unchanged(facts: CaseFacts, event: Event) -> CaseFacts:
    """Recorded in the history; says nothing about where the case is."""
    return facts


def _clock(params: Any, name: str) -> Clock | None:
    return Clock.from_params(params[name]) if params.get(name) else None


def _with_round(facts: CaseFacts, **changes: Any) -> tuple[Round, ...]:
    return (*facts.rounds[:-1], replace(facts.round, **changes))


def _with_stint(facts: CaseFacts, **changes: Any) -> tuple[Stint, ...]:
    return (*facts.stints[:-1], replace(facts.stints[-1], **changes))


def _ended(facts: CaseFacts, event: Event, end: StintEnd) -> tuple[Stint, ...]:
    """The stints with the running one ended; one that ended as it began is dropped."""
    stint = facts.stint
    if stint is None:
        return facts.stints
    if stint.department_id is None and stint.since_at == event.at:
        return facts.stints[:-1]
    return _with_stint(
        facts, ended_at=event.at, ended_day=event.day, end=end, held_days=event.params.get("held_days")
    )


def _begun(facts: CaseFacts, stints: tuple[Stint, ...], event: Event, **fields: Any) -> tuple[Stint, ...]:
    return (*stints, Stint(len(stints) + 1, since_at=event.at, since_day=event.day, **fields))


def _triaged(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, status=CaseStatus.TRIAGE)


def _sent(facts: CaseFacts, event: Event) -> CaseFacts:
    """Routed, transferred or designated: another stint begins, the answer's clock runs on."""
    p = event.params
    end = StintEnd.TRANSFERRED
    if facts.department_id is None or facts.status is CaseStatus.TRIAGE:
        end = StintEnd.ROUTED
    elif facts.return_pending:
        end = StintEnd.RETURNED
    stints = _begun(
        facts,
        _ended(facts, event, end),
        event,
        department_id=p["department_id"],
        accept=_clock(p, "accept"),
        own=_clock(p, "own"),
        return_by=event.at.fromisoformat(p["return_by"]),
        designated=event.action is CaseAction.DESIGNATE,
    )
    return replace(
        facts,
        status=CaseStatus.ROUTED,
        stints=stints,
        department_id=p["department_id"],
        assignee_id=None,
        item_id=p.get("item_id") or facts.item_id,
        return_pending=False,
        supports=tuple(d for d in facts.supports if d != p["department_id"]),
        draft_id=None,
        drafters=frozenset(),
        approver_id=None,
    )


def _reviewed(facts: CaseFacts, event: Event) -> CaseFacts:
    publication = {
        CaseAction.PUBLISH: Publication.PUBLIC,
        CaseAction.PUBLISH_MASKED: Publication.MASKED,
        CaseAction.REMASK: Publication.MASKED,
        CaseAction.KEEP_PRIVATE: Publication.REFUSED,
        CaseAction.UNPUBLISH: Publication.REFUSED,
    }[event.action]
    shown = publication in (Publication.PUBLIC, Publication.MASKED)
    return replace(
        facts,
        publication=publication,
        review=None,
        published_day=(facts.published_day or event.day) if shown else facts.published_day,
        published_at=(facts.published_at or event.at) if shown else facts.published_at,
        masked_text_id=event.params.get("text_id") if publication is Publication.MASKED else None,
    )


def _left(facts: CaseFacts, event: Event, status: CaseStatus, end: StintEnd, **changes: Any) -> CaseFacts:
    """The case leaves without an answer; where its clock stood still, that moment counts."""
    stopped = facts.paused_at if facts.is_open and not facts.clock_runs else None
    return replace(
        facts,
        status=status,
        rounds=_with_round(facts, left=end, left_at=stopped or event.at),
        stints=_ended(facts, event, end),
        paused_at=None,
        return_pending=False,
        ended_at=event.at,
        ended_day=event.day,
        **changes,
    )


def _declined(facts: CaseFacts, event: Event) -> CaseFacts:
    publication = Publication.REFUSED if facts.wants_publication else Publication.PRIVATE
    return _left(
        facts,
        event,
        CaseStatus.DECLINED,
        StintEnd.DECLINED,
        decline_code=DeclineCode(event.params["code"]),
        publication=publication,
        review=None,
    )


def _appealed(facts: CaseFacts, event: Event) -> CaseFacts:
    opening = Round(
        len(facts.rounds) + 1,
        RoundKind.APPEALED,
        Clock.from_params(event.params["clock"]),
        event.at,
        event.day,
        reopened_from=facts.department_id,
    )
    return replace(
        facts,
        status=CaseStatus.TRIAGE,
        rounds=(*facts.rounds, opening),
        stints=_begun(facts, facts.stints, event, department_id=None),
        department_id=None,
        assignee_id=None,
        decline_code=None,
        ended_at=None,
        ended_day=None,
        publication=Publication.PENDING if facts.wants_publication else Publication.PRIVATE,
        review=_clock(event.params, "review"),
    )


def _held_by(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, assignee_id=event.params.get("assignee_id"))


def _invited(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, supports=(*facts.supports, event.params["department_id"]))


def _contributed(facts: CaseFacts, event: Event) -> CaseFacts:
    department_id = event.params["department_id"]
    others = tuple(d for d in facts.contributed if d != department_id)
    return replace(facts, contributed=(*others, department_id))


def _accepted(facts: CaseFacts, event: Event) -> CaseFacts:
    stints = _with_stint(
        facts, accepted_at=event.at, accepted_day=event.day, accept_days=event.params["accept_days"]
    )
    return replace(
        facts,
        status=CaseStatus.IN_PROGRESS,
        stints=stints,
        return_pending=False,
        assignee_id=facts.assignee_id or event.params.get("assignee_id"),
    )


def _returned(facts: CaseFacts, event: Event) -> CaseFacts:
    assert facts.department_id is not None
    return replace(
        facts,
        return_pending=True,
        stints=_with_stint(facts, returned_day=event.day),
        returned_by=(*facts.returned_by, facts.department_id),
    )


def _asked(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, status=CaseStatus.AWAITING_RESIDENT, paused_at=event.at)


def _information(facts: CaseFacts, event: Event) -> CaseFacts:
    return _resumed(facts, event) if facts.status is CaseStatus.AWAITING_RESIDENT else facts


def _resumed(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(_moved(facts, event), status=CaseStatus.IN_PROGRESS, paused_at=None)


def _moved(facts: CaseFacts, event: Event) -> CaseFacts:
    """Take over the clocks that the event brings; the others stay."""
    p = event.params
    rounds = _with_round(facts, clock=Clock.from_params(p["clock"])) if p.get("clock") else facts.rounds
    clocks = {name: _clock(p, name) for name in ("accept", "own") if p.get(name)}
    stints = _with_stint(facts, **clocks) if clocks and facts.stint else facts.stints
    return replace(facts, rounds=rounds, stints=stints, review=_clock(p, "review") or facts.review)


def _extension_asked(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, extension=ExtensionState.REQUESTED, extension_days=event.params["days"])


def _extension_decided(facts: CaseFacts, event: Event) -> CaseFacts:
    if event.action is CaseAction.REFUSE_EXTENSION:
        return replace(facts, extension=ExtensionState.REFUSED)
    moved = _moved(facts, event)
    return replace(
        moved, extension=ExtensionState.APPROVED, stints=_with_stint(moved, extended_day=event.day)
    )


def _escalated(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, escalated_at=event.at, escalated_day=event.day)


def _merged(facts: CaseFacts, event: Event) -> CaseFacts:
    survivor_id = event.params["survivor_id"]
    return _left(facts, event, CaseStatus.MERGED, StintEnd.MERGED, survivor_id=survivor_id)


def _unmerged(facts: CaseFacts, event: Event) -> CaseFacts:
    """Back to where it was; the time as part of another case doesn't count against it."""
    stints = _with_stint(facts, ended_at=None, ended_day=None, end=None, held_days=None)
    last = stints[-1]
    status = CaseStatus.ROUTED
    if last.department_id is None:
        status = CaseStatus.TRIAGE
    elif last.accept is None or last.accepted_at is not None:
        status = CaseStatus.IN_PROGRESS
    back = replace(
        facts,
        status=status,
        stints=stints,
        rounds=_with_round(facts, left=None, left_at=None),
        survivor_id=None,
        ended_at=None,
        ended_day=None,
    )
    return _moved(back, event)


def _absorbed(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, absorbed=(*facts.absorbed, event.params["case_id"]))


def _released(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, absorbed=tuple(c for c in facts.absorbed if c != event.params["case_id"]))


def _drafted(facts: CaseFacts, event: Event) -> CaseFacts:
    authors = {event.account_id} if event.account_id is not None else set()
    return replace(
        facts,
        draft_id=event.params["reply_id"],
        drafters=facts.drafters | authors,
        approver_id=None,
    )


def _sent_for_approval(facts: CaseFacts, event: Event) -> CaseFacts:
    senders = {event.account_id} if event.account_id is not None else set()
    return replace(
        facts,
        status=CaseStatus.REPLY_REVIEW,
        drafters=facts.drafters | senders,
        approver_id=None,
    )


def _sent_back(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, status=CaseStatus.IN_PROGRESS, approver_id=None)


def _approved(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, approver_id=event.account_id)


def _replied(facts: CaseFacts, event: Event) -> CaseFacts:
    p = event.params
    signatures = facts.drafters | {facts.approver_id if facts.approver_id is not None else event.account_id}
    rounds = _with_round(
        facts,
        replied_at=event.at,
        replied_day=event.day,
        department_id=facts.department_id,
        days=p["days"],
        resolution=Resolution(p["resolution"]),
        single_signature=len(signatures) == 1,
        close_at=event.at.fromisoformat(p["close_at"]),
    )
    return replace(
        facts,
        status=CaseStatus.REPLIED,
        rounds=rounds,
        stints=_ended(facts, event, StintEnd.REPLIED),
        reply_id=p["reply_id"],
        draft_id=None,
        drafters=frozenset(),
        approver_id=None,
        return_pending=False,
    )


def _corrected(facts: CaseFacts, event: Event) -> CaseFacts:
    rounds = _with_round(facts, resolution=Resolution(event.params["resolution"]))
    return replace(facts, reply_id=event.params["reply_id"], rounds=rounds)


def _rated(facts: CaseFacts, event: Event) -> CaseFacts:
    p = event.params
    rounds = _with_round(facts, rating=RatingLevel(p["level"]), rated_day=event.day, said_solved=p["solved"])
    return replace(facts, rounds=rounds)


def _reopened(facts: CaseFacts, event: Event) -> CaseFacts:
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
    own = None if to_dispatcher else _clock(p, "clock")
    return replace(
        facts,
        status=CaseStatus.TRIAGE if to_dispatcher else CaseStatus.IN_PROGRESS,
        rounds=(*facts.rounds, opening),
        stints=_begun(facts, facts.stints, event, department_id=department_id, own=own),
        department_id=department_id,
        assignee_id=None if to_dispatcher else facts.assignee_id,
        escalated_at=event.at if to_dispatcher else facts.escalated_at,
        escalated_day=event.day if to_dispatcher else facts.escalated_day,
        extension=ExtensionState.NONE if facts.extension is ExtensionState.REQUESTED else facts.extension,
    )


def _withdrawn(facts: CaseFacts, event: Event) -> CaseFacts:
    return _left(
        facts,
        event,
        CaseStatus.WITHDRAWN,
        StintEnd.WITHDRAWN,
        publication=Publication.PRIVATE,
        review=None,
        masked_text_id=None,
    )


def _closed(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(
        facts,
        status=CaseStatus.CLOSED,
        rounds=_with_round(facts, closed_day=event.day),
        ended_at=event.at,
        ended_day=event.day,
    )


def _overdue(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, overdue_round=facts.round.number)


_CHANGES: dict[CaseAction, Callable[[CaseFacts, Event], CaseFacts]] = {
    CaseAction.TRIAGE: _triaged,
    CaseAction.ROUTE: _sent,
    CaseAction.TRANSFER: _sent,
    CaseAction.DESIGNATE: _sent,
    CaseAction.PUBLISH: _reviewed,
    CaseAction.PUBLISH_MASKED: _reviewed,
    CaseAction.KEEP_PRIVATE: _reviewed,
    CaseAction.UNPUBLISH: _reviewed,
    CaseAction.REMASK: _reviewed,
    CaseAction.DECLINE: _declined,
    CaseAction.APPEAL: _appealed,
    CaseAction.TAKE: _held_by,
    CaseAction.ASSIGN: _held_by,
    CaseAction.HAND_BACK: _held_by,
    CaseAction.INVITE: _invited,
    CaseAction.CONTRIBUTE: _contributed,
    CaseAction.ACCEPT: _accepted,
    CaseAction.RETURN: _returned,
    CaseAction.ASK_RESIDENT: _asked,
    CaseAction.ADD_INFORMATION: _information,
    CaseAction.RESUME: _resumed,
    CaseAction.REQUEST_EXTENSION: _extension_asked,
    CaseAction.APPROVE_EXTENSION: _extension_decided,
    CaseAction.REFUSE_EXTENSION: _extension_decided,
    CaseAction.ESCALATE: _escalated,
    CaseAction.MERGE: _merged,
    CaseAction.UNMERGE: _unmerged,
    CaseAction.ABSORB: _absorbed,
    CaseAction.RELEASE: _released,
    CaseAction.DRAFT_REPLY: _drafted,
    CaseAction.SEND_FOR_APPROVAL: _sent_for_approval,
    CaseAction.SEND_BACK: _sent_back,
    CaseAction.APPROVE_REPLY: _approved,
    CaseAction.PUBLISH_REPLY: _replied,
    CaseAction.CORRECT_REPLY: _corrected,
    CaseAction.RATE: _rated,
    CaseAction.REOPEN: _reopened,
    CaseAction.WITHDRAW: _withdrawn,
    CaseAction.CLOSE: _closed,
    CaseAction.BECAME_OVERDUE: _overdue,
    CaseAction.MOVE_DEADLINES: _moved,
}
