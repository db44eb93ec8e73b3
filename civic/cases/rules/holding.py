"""Changes of who has a case and who may read it: routing, review, merging, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from civic.cases.rules.facts import CaseFacts, Clock, Event, Round
from civic.cases.rules.histories import (
    begun,
    clock,
    ended,
    lapsed,
    left,
    moved,
    unasked,
    with_round,
    with_stint,
)
from civic.cases.rules.vocabulary import (
    CaseAction,
    CaseStatus,
    DeclineCode,
    Publication,
    RoundKind,
    StintEnd,
)


def triaged(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, status=CaseStatus.TRIAGE)


def sent(facts: CaseFacts, event: Event) -> CaseFacts:
    """Routed, transferred or designated: another stint begins, the answer's clock runs on.

    Routed at once, the dispatcher's desk never held the case.
    """
    p = event.params
    end = StintEnd.TRANSFERRED
    if facts.department_id is None or facts.status is CaseStatus.TRIAGE:
        end = StintEnd.ROUTED
    elif facts.return_pending:
        end = StintEnd.RETURNED
    passed_through = facts.stint is not None and facts.stint.since_at == event.at
    before = facts.stints[:-1] if passed_through and end is StintEnd.ROUTED else ended(facts, event, end)
    stints = begun(
        facts,
        before,
        event,
        department_id=p["department_id"],
        accept=clock(p, "accept"),
        own=clock(p, "own"),
        returning=clock(p, "returning"),
        designated=event.action is CaseAction.DESIGNATE,
    )
    return replace(
        unasked(facts),
        status=CaseStatus.ROUTED,
        stints=stints,
        department_id=p["department_id"],
        assignee_id=None,
        item_id=p.get("item_id") or facts.item_id,
        return_pending=False,
        supports=_without(facts.supports, p["department_id"]),
        contributed=_without(facts.contributed, p["department_id"]),
        gave=_without(facts.gave, p["department_id"]),
        parts_due=tuple(due for due in facts.parts_due if due[0] != p["department_id"]),
        draft_id=None,
        drafters=frozenset(),
        approver_id=None,
    )


def _without(departments: tuple[int, ...], department_id: int | None) -> tuple[int, ...]:
    return tuple(one for one in departments if one != department_id)


def succeeded(facts: CaseFacts, event: Event) -> CaseFacts:
    """Another department stands in the place of one that was merged or split: what was done and promised stays.

    Where the former department is gone as a whole, the contact that was sealed from it is sealed from its successor.
    """
    p = event.params
    old, new = p["from_id"], p["department_id"]
    held = _handed_on(facts, event) if p.get("holds") else facts

    def passed(departments: tuple[int, ...]) -> tuple[int, ...]:
        heirs = tuple(dict.fromkeys(new if one == old else one for one in departments))
        return _without(heirs, held.department_id)

    return replace(
        held,
        supports=passed(facts.supports),
        contributed=passed(facts.contributed),
        gave=passed(facts.gave),
        parts_due=_dues_passed(facts, old, new),
        returned_by=tuple(dict.fromkeys(new if one == old else one for one in facts.returned_by)),
        sealed_department_id=new
        if p.get("whole") and facts.sealed_department_id == old
        else facts.sealed_department_id,
    )


def _dues_passed(facts: CaseFacts, old: int, new: int) -> tuple[tuple[int, datetime], ...]:
    """What one department was asked for is asked of the other by the same day, unless that one is asked already."""
    others = tuple(due for due in facts.parts_due if due[0] != old)
    until = facts.part_due_at(old)
    if old not in facts.supports or new in facts.supports or until is None:
        return others
    return (*(due for due in others if due[0] != new), (new, until))


def _handed_on(facts: CaseFacts, event: Event) -> CaseFacts:
    """The running stint ends, and the next one goes on with its clocks; what was accepted stays accepted."""
    stint = facts.stint
    assert stint is not None
    before = ended(facts, event, StintEnd.SUCCEEDED)
    if stint.since_at == event.at:
        # Opened again only now: it was never with the department that is gone.
        before = facts.stints[:-1]
    elif not stint.own_fell_due(facts.paused_at):
        # Its clock stood still when the department ended: nothing was due from it.
        before = (*before[:-1], replace(before[-1], own=None))
    stints = begun(
        facts,
        before,
        event,
        department_id=event.params["department_id"],
        accept=None if stint.accepted_at else stint.accept,
        own=stint.own,
        returning=stint.returning,
        designated=stint.designated,
    )
    return replace(
        facts,
        stints=stints,
        department_id=event.params["department_id"],
        assignee_id=event.params.get("assignee_id"),
    )


def reviewed(facts: CaseFacts, event: Event) -> CaseFacts:
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


def consent_revoked(facts: CaseFacts, event: Event) -> CaseFacts:
    """What was or would have been public is private from now on, and can't be published again."""
    return replace(
        facts,
        wants_publication=False,
        publication=Publication.PRIVATE,
        review=None,
        masked_text_id=None,
    )


def declined(facts: CaseFacts, event: Event) -> CaseFacts:
    publication = Publication.REFUSED if facts.wants_publication else Publication.PRIVATE
    return left(
        facts,
        event,
        CaseStatus.DECLINED,
        StintEnd.DECLINED,
        decline_code=DeclineCode(event.params["code"]),
        appeal_until=event.at.fromisoformat(until) if (until := event.params.get("appeal_until")) else None,
        publication=publication,
        review=None,
        masked_text_id=None,
    )


def appealed(facts: CaseFacts, event: Event) -> CaseFacts:
    opening = Round(
        len(facts.rounds) + 1,
        RoundKind.APPEALED,
        Clock.from_params(event.params["clock"]),
        event.at,
        event.day,
        reopened_from=facts.department_id,
    )
    return replace(
        lapsed(facts),
        status=CaseStatus.TRIAGE,
        rounds=(*facts.rounds, opening),
        stints=begun(facts, facts.stints, event, department_id=None, again=False),
        department_id=None,
        assignee_id=None,
        decline_code=None,
        appeal_until=None,
        ended_at=None,
        ended_day=None,
        publication=Publication.PENDING if facts.wants_publication else Publication.PRIVATE,
        review=clock(event.params, "review"),
    )


def held_by(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, assignee_id=event.params.get("assignee_id"))


def invited(facts: CaseFacts, event: Event) -> CaseFacts:
    """A part is asked for; of a department that has given one, another."""
    department_id, until = event.params["department_id"], event.params.get("due")
    asked = ((department_id, datetime.fromisoformat(until)),) if until else ()
    others = tuple(due for due in facts.parts_due if due[0] != department_id)
    return replace(
        facts,
        supports=tuple(dict.fromkeys((*facts.supports, department_id))),
        contributed=_without(facts.contributed, department_id),
        parts_due=(*others, *asked),
    )


def uninvited(facts: CaseFacts, event: Event) -> CaseFacts:
    """That department owes nothing; unless a part that it gave before stands, it reads the case no longer."""
    department_id = event.params["department_id"]
    free = replace(facts, parts_due=tuple(due for due in facts.parts_due if due[0] != department_id))
    if department_id in facts.gave:
        return replace(free, contributed=(*facts.contributed, department_id))
    return replace(free, supports=_without(facts.supports, department_id))


def contributed(facts: CaseFacts, event: Event) -> CaseFacts:
    department_id = event.params["department_id"]
    return replace(
        facts,
        contributed=(*_without(facts.contributed, department_id), department_id),
        gave=tuple(dict.fromkeys((*facts.gave, department_id))),
    )


def accepted(facts: CaseFacts, event: Event) -> CaseFacts:
    stints = with_stint(
        facts, accepted_at=event.at, accepted_day=event.day, accept_days=event.params["accept_days"]
    )
    return replace(
        facts,
        status=CaseStatus.IN_PROGRESS,
        stints=stints,
        assignee_id=facts.assignee_id or event.params.get("assignee_id"),
    )


def returned(facts: CaseFacts, event: Event) -> CaseFacts:
    assert facts.department_id is not None
    return replace(
        facts,
        return_pending=True,
        stints=with_stint(facts, returned_day=event.day),
        returned_by=(*facts.returned_by, facts.department_id),
    )


def escalated(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, escalated_at=event.at, escalated_day=event.day)


def merged(facts: CaseFacts, event: Event) -> CaseFacts:
    """Part of another case. Where the round ended late, that stays with whoever held it then."""
    p = event.params
    until = datetime.fromisoformat(p["judge_until"]) if p.get("judge_until") else None
    end = CaseStatus.MERGED, StintEnd.MERGED
    gone = left(facts, event, *end, survivor_id=p["survivor_id"], judge_until=until)
    return replace(gone, rounds=with_round(gone, department_id=facts.department_id))


def followed(facts: CaseFacts, event: Event) -> CaseFacts:
    """With whoever has the case that answers it, who alone may reach its writer; nobody works on it there."""
    return replace(facts, department_id=event.params.get("department_id"), assignee_id=None)


def unmerged(facts: CaseFacts, event: Event) -> CaseFacts:
    """Back to where it was; the time as part of another case doesn't count against it."""
    stints = with_stint(facts, ended_at=None, ended_day=None, end=None, held_days=None)
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
        rounds=with_round(facts, left=None, left_at=None, department_id=None),
        department_id=last.department_id,
        approver_id=None,
        survivor_id=None,
        judge_until=None,
        ended_at=None,
        ended_day=None,
    )
    return moved(back, event)


def absorbed(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, absorbed=(*facts.absorbed, event.params["case_id"]))


def released(facts: CaseFacts, event: Event) -> CaseFacts:
    return replace(facts, absorbed=tuple(c for c in facts.absorbed if c != event.params["case_id"]))


def withdrawn(facts: CaseFacts, event: Event) -> CaseFacts:
    return left(
        facts,
        event,
        CaseStatus.WITHDRAWN,
        StintEnd.WITHDRAWN,
        publication=Publication.PRIVATE,
        review=None,
        masked_text_id=None,
    )


def erased(facts: CaseFacts, event: Event) -> CaseFacts:
    """Nothing is left to read or to publish; where the case stood and what is counted stays."""
    return replace(consent_revoked(facts, event), erased_at=event.at)
