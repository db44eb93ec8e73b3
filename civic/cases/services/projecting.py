"""From facts to rows: the case's row, assignments, rounds, lone signatures, judgements and supporting departments."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, select

from civic.cases.models import Assignment, Case, CaseJudgement, CaseRound, LoneSignature, Support
from civic.cases.rules import CaseFacts, CaseStatus, Round, Stint, is_solved, overdue_since
from civic.core.extensions import db

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""``urgent_at`` of a case whose clock doesn't run."""


def project(case: Case, before: CaseFacts | None, facts: CaseFacts) -> None:
    """Write what the facts say into the rows; ``before`` saves looking at what hasn't changed."""
    for name, value in case_columns(facts).items():
        setattr(case, name, value)
    if before is None or _assignments(before) != _assignments(facts):
        _sync_assignments(case.id, facts, before is None)
    if before is None or _rounds(before) != _rounds(facts):
        _sync_rounds(case.id, facts, before is None)
    if before is None or lone_signatures(before) != lone_signatures(facts):
        _sync_signatures(case.id, facts)
    if before is not None and before.judgements != facts.judgements:
        _sync_judgements(case.id, facts)
    if before is not None and _helping(before) != _helping(facts):
        _sync_supports(case.id, facts)


def _helping(facts: CaseFacts) -> tuple[object, ...]:
    return facts.supports, facts.contributed, facts.parts_due


def case_columns(facts: CaseFacts) -> dict[str, object]:
    """The columns of the case's row that follow from its facts alone."""
    due = [moment for moment in (facts.due_at, facts.accept_due_at) if moment]
    last = facts.round
    return {
        "status": facts.status.value,
        "publication": facts.publication.value,
        "visible": facts.is_visible,
        "kind": facts.kind.value,
        "item_id": facts.item_id,
        "street_id": facts.street_id,
        "department_id": facts.department_id,
        "assignee_id": facts.assignee_id,
        "wants_publication": facts.wants_publication,
        "about_staff": facts.about_staff,
        "sealed_department_id": facts.sealed_department_id,
        "submitted_at": facts.submitted_at,
        "submitted_day": facts.submitted_day,
        "published_day": facts.published_day,
        "published_at": facts.published_at,
        "masked_text_id": facts.masked_text_id,
        "review_due_at": facts.review.due_at if facts.review else None,
        "accept_due_at": facts.accept_due_at,
        "due_at": facts.due_at,
        "due_day": last.clock.due_day,
        "urgent_at": min(due) if due else NEVER,
        "paused_at": facts.paused_at,
        "replied_at": last.replied_at if facts.resolution else None,
        "close_at": last.close_at if facts.status is CaseStatus.REPLIED else None,
        "ended_at": facts.ended_at,
        "ended_day": facts.ended_day,
        "resolution": facts.resolution.value if facts.resolution else None,
        "reply_id": facts.reply_id,
        "waits_for_lead": facts.waits_for_lead,
        "rating": last.rating.value if last.rating else None,
        "solved": is_solved(facts),
        "reopenings": facts.reopenings,
        "return_pending": facts.return_pending,
        "extension": facts.extension.value,
        "decline_code": facts.decline_code.value if facts.decline_code else None,
        "survivor_id": facts.survivor_id,
        "escalated_at": facts.escalated_at,
        "escalated_day": facts.escalated_day,
        "overdue_noted": facts.overdue_noted_for == last.clock.due_at,
        "single_signature": bool(lone_signatures(facts)),
        "changed_at": facts.changed_at,
    }


def stint_columns(facts: CaseFacts, stint: Stint) -> dict[str, object]:
    """The columns of an assignment that follow from the facts."""
    overdue_from, came = overdue_since(facts, stint)
    return {
        "department_id": stint.department_id,
        "since_at": stint.since_at,
        "since_day": stint.since_day,
        "designated": stint.designated,
        "accept_due_at": stint.accept.due_at if stint.accept else None,
        "accept_due_day": stint.accept.due_day if stint.accept else None,
        "accept_counts": stint.accept_counts,
        "accept_on_time": stint.accept_counts and stint.accepted_on_time,
        "accepted_at": stint.accepted_at,
        "accepted_day": stint.accepted_day,
        "accept_days": stint.accept_days,
        "own_due_at": stint.own.due_at if stint.own else None,
        "own_due_day": stint.own.due_day if stint.own else None,
        "own_counts": stint.own_counts(facts.paused_at),
        "own_on_time": stint.own_counts(facts.paused_at) and stint.own_on_time,
        "returned_day": stint.returned_day,
        "extended_day": stint.extended_day,
        "overdue_from": overdue_from,
        "came_overdue": came,
        "ended_at": stint.ended_at,
        "ended_day": stint.ended_day,
        "ended_how": stint.end.value if stint.end else None,
        "held_days": stint.held_days,
    }


def round_columns(facts: CaseFacts, entry: Round) -> dict[str, object]:
    """The columns of a round that follow from the facts."""
    current = entry.number == facts.round.number
    counts = entry.counts(facts.paused_at if current else None)
    return {
        "kind": entry.kind.value,
        "department_id": entry.held_by(facts.department_id if current else None),
        "opened_day": entry.opened_day,
        "reopened_from": entry.reopened_from,
        "due_at": entry.clock.due_at,
        "due_day": entry.clock.due_day,
        "counts": counts,
        "on_time": counts and entry.on_time,
        "replied_at": entry.replied_at,
        "replied_day": entry.replied_day,
        "days": entry.days,
        "resolution": entry.resolution.value if entry.resolution else None,
        "rating": entry.rating.value if entry.rating else None,
        "rated_day": entry.rated_day,
        "said_solved": entry.said_solved.value if entry.said_solved else None,
        "closed_day": entry.closed_day,
    }


def _assignments(facts: CaseFacts) -> dict[int, dict[str, object]]:
    """The columns of each assignment by its number."""
    return {stint.number: stint_columns(facts, stint) for stint in facts.stints}


def _rounds(facts: CaseFacts) -> dict[int, dict[str, object]]:
    """The columns of each round by its number."""
    return {entry.number: round_columns(facts, entry) for entry in facts.rounds}


def lone_signatures(facts: CaseFacts) -> tuple[dict[str, object], ...]:
    """The columns of each published version that one person signed alone, in the order of publication."""
    signed = ((entry.department_id, day) for entry in facts.rounds for _reply_id, day in entry.signed_alone)
    return tuple(
        {"number": number, "department_id": department_id, "day": day}
        for number, (department_id, day) in enumerate(signed, 1)
    )


def judgements(facts: CaseFacts) -> tuple[dict[str, object], ...]:
    """The columns of what was said of common answers, in order."""
    return tuple(
        {
            "number": number,
            "answered_case_id": said.answered_case_id,
            "round": said.round,
            "department_id": said.department_id,
            "level": said.level.value,
            "said_solved": said.said_solved.value if said.said_solved else None,
            "day": said.day,
        }
        for number, said in enumerate(facts.judgements, 1)
    )


def support_columns(facts: CaseFacts, department_id: int) -> dict[str, object]:
    """The columns of a supporting department that follow from the facts."""
    return {
        "contributed": department_id in facts.contributed,
        "due_at": facts.part_due_at(department_id),
    }


def _sync_assignments(case_id: int, facts: CaseFacts, fresh: bool) -> None:
    known: dict[int, Assignment] = {}
    if not fresh:
        rows = db.session.scalars(select(Assignment).where(Assignment.case_id == case_id))
        known = {row.number: row for row in rows}
    wanted = _assignments(facts)
    for number in known.keys() - wanted.keys():
        db.session.delete(known[number])
    for number, columns in wanted.items():
        row = known.get(number)
        if row is None:
            row = Assignment(case_id=case_id, number=number)
            db.session.add(row)
        for name, value in columns.items():
            setattr(row, name, value)


def _sync_rounds(case_id: int, facts: CaseFacts, fresh: bool) -> None:
    known: dict[int, CaseRound] = {}
    if not fresh:
        rows = db.session.scalars(select(CaseRound).where(CaseRound.case_id == case_id))
        known = {row.number: row for row in rows}
    wanted = _rounds(facts)
    for number in known.keys() - wanted.keys():
        db.session.delete(known[number])
    for number, columns in wanted.items():
        row = known.get(number)
        if row is None:
            row = CaseRound(case_id=case_id, number=number)
            db.session.add(row)
        for name, value in columns.items():
            setattr(row, name, value)


def _sync_signatures(case_id: int, facts: CaseFacts) -> None:
    db.session.execute(delete(LoneSignature).where(LoneSignature.case_id == case_id))
    for columns in lone_signatures(facts):
        db.session.add(LoneSignature(case_id=case_id, **columns))


def _sync_judgements(case_id: int, facts: CaseFacts) -> None:
    db.session.execute(delete(CaseJudgement).where(CaseJudgement.case_id == case_id))
    for columns in judgements(facts):
        db.session.add(CaseJudgement(case_id=case_id, **columns))


def _sync_supports(case_id: int, facts: CaseFacts) -> None:
    db.session.execute(delete(Support).where(Support.case_id == case_id))
    for department_id in facts.supports:
        db.session.add(
            Support(case_id=case_id, department_id=department_id, **support_columns(facts, department_id))
        )
