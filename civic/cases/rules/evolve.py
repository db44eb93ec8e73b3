"""How one event changes what is known of a case. Folding a case's events always gives the same facts.

Nothing is decided here that could come out differently tomorrow: deadlines, whole days and
reasons come with the event, computed when it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from civic.cases.rules import answering, histories, holding
from civic.cases.rules.facts import CaseFacts, Clock, Event, Round, Stint
from civic.cases.rules.histories import clock
from civic.cases.rules.vocabulary import (
    CaseAction,
    CaseStatus,
    FeedbackKind,
    HeldBecause,
    Publication,
    RoundKind,
)


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
        review=clock(p, "review"),
        held=tuple(HeldBecause(code) for code in p.get("held", ())),
        changed_at=event.at,
    )


def _unchanged(facts: CaseFacts, event: Event) -> CaseFacts:
    """Recorded in the history; says nothing about where the case is."""
    return facts


_CHANGES: dict[CaseAction, Callable[[CaseFacts, Event], CaseFacts]] = {
    CaseAction.TRIAGE: holding.triaged,
    CaseAction.ROUTE: holding.sent,
    CaseAction.TRANSFER: holding.sent,
    CaseAction.DESIGNATE: holding.sent,
    CaseAction.PUBLISH: holding.reviewed,
    CaseAction.PUBLISH_MASKED: holding.reviewed,
    CaseAction.KEEP_PRIVATE: holding.reviewed,
    CaseAction.UNPUBLISH: holding.reviewed,
    CaseAction.REMASK: holding.reviewed,
    CaseAction.REVOKE_CONSENT: holding.consent_revoked,
    CaseAction.DECLINE: holding.declined,
    CaseAction.APPEAL: holding.appealed,
    CaseAction.TAKE: holding.held_by,
    CaseAction.ASSIGN: holding.held_by,
    CaseAction.HAND_BACK: holding.held_by,
    CaseAction.INVITE: holding.invited,
    CaseAction.WITHDRAW_INVITATION: holding.uninvited,
    CaseAction.CONTRIBUTE: holding.contributed,
    CaseAction.ACCEPT: holding.accepted,
    CaseAction.RETURN: holding.returned,
    CaseAction.ASK_RESIDENT: answering.asked,
    CaseAction.ADD_INFORMATION: answering.information,
    CaseAction.RESUME: answering.resumed,
    CaseAction.REQUEST_EXTENSION: answering.extension_asked,
    CaseAction.APPROVE_EXTENSION: answering.extension_decided,
    CaseAction.REFUSE_EXTENSION: answering.extension_decided,
    CaseAction.ESCALATE: holding.escalated,
    CaseAction.MERGE: holding.merged,
    CaseAction.UNMERGE: holding.unmerged,
    CaseAction.ABSORB: holding.absorbed,
    CaseAction.RELEASE: holding.released,
    CaseAction.DRAFT_REPLY: answering.drafted,
    CaseAction.SEND_FOR_APPROVAL: answering.sent_for_approval,
    CaseAction.SEND_BACK: answering.sent_back,
    CaseAction.APPROVE_REPLY: answering.approved,
    CaseAction.PUBLISH_REPLY: answering.replied,
    CaseAction.DRAFT_CORRECTION: answering.correction_drafted,
    CaseAction.CORRECT_REPLY: answering.corrected,
    CaseAction.RATE: answering.rated,
    CaseAction.REOPEN: answering.reopened,
    CaseAction.WITHDRAW: holding.withdrawn,
    CaseAction.ERASE_WORDS: holding.erased,
    CaseAction.CLOSE: answering.closed,
    CaseAction.BECAME_OVERDUE: answering.overdue,
    CaseAction.MOVE_DEADLINES: histories.moved,
    CaseAction.SUCCEED: holding.succeeded,
    CaseAction.FOLLOW: holding.followed,
}
