"""Parts that several pages of a case share: its history, texts, replies, deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.cases.models import Case, CaseEvent, CaseText, Feedback, Reply, ReplyState
from civic.cases.queries.rows import DeadlineView, ReplyView, TimelineEntry
from civic.cases.rules import (
    ACTION_TEXTS,
    CaseAction,
    CaseFacts,
    Clock,
    Event,
    RatingLevel,
    Resolution,
    explain,
    replay,
)
from civic.core.extensions import db
from civic.core.workdays import Calendar
from civic.departments import queries as departments

SHOWN_TO_RESIDENT = frozenset(
    {
        CaseAction.ASK_RESIDENT,
        CaseAction.ADD_INFORMATION,
        CaseAction.DECLINE,
        CaseAction.REOPEN,
        CaseAction.APPEAL,
    }
)
"""Actions whose text the resident reads in the timeline: asked of them, or written by them."""

NOT_IN_PUBLIC = frozenset(
    {
        CaseAction.ADD_INFORMATION,
        CaseAction.ASK_RESIDENT,
        CaseAction.RESUME,
        CaseAction.PUBLISH,
        CaseAction.PUBLISH_MASKED,
        CaseAction.KEEP_PRIVATE,
        CaseAction.UNPUBLISH,
        CaseAction.REVOKE_CONSENT,
        CaseAction.REISSUE_CODE,
        CaseAction.ERASE_CONTACT,
        CaseAction.ERASE_WORDS,
        CaseAction.RATE,
        CaseAction.APPEAL,
        CaseAction.DECLINE,
    }
)
"""Steps that the public page leaves out."""


@dataclass(frozen=True, slots=True)
class Told:
    """A case with its events, in order, and the facts they add up to."""

    case: Case
    facts: CaseFacts
    events: tuple[CaseEvent, ...]


def tell(case: Case) -> Told | None:
    """Read a case's events once; everything else on a page follows from them."""
    rows = tuple(
        db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq))
    )
    facts = replay(Event(CaseAction(e.action), e.at, e.day, e.params, e.account_id) for e in rows)
    return Told(case, facts, rows) if facts else None


def texts_of(case_id: int) -> dict[int, str]:
    """All free texts of a case by id."""
    rows = db.session.execute(select(CaseText.id, CaseText.text).where(CaseText.case_id == case_id))
    return {row.id: row.text for row in rows}


def text_of(params: Mapping[str, Any], texts: Mapping[int, str]) -> str:
    """The free text that an event names, empty if it names none or it was erased."""
    return texts.get(params.get("text_id", 0), "")


def last_text(told: Told, action: CaseAction, texts: Mapping[int, str]) -> str:
    """The text of the latest event of that kind."""
    found = [e for e in told.events if e.action == action.value]
    return text_of(found[-1].params, texts) if found else ""


def public_text(case: Case, feedback: Feedback) -> tuple[str, str]:
    """What the public reads, and the same in Traditional characters: the masked text where there is one."""
    if not case.masked_text_id:
        return feedback.text, feedback.text_hant
    masked = db.session.get(CaseText, case.masked_text_id)
    return (masked.text, masked.text_hant) if masked else ("", "")


def published_replies(case: Case) -> tuple[ReplyView, ...]:
    """The published versions of the answers, oldest first; concealed ones without their text."""
    rows = db.session.scalars(
        select(Reply)
        .where(Reply.case_id == case.id, Reply.state == ReplyState.PUBLISHED.value)
        .order_by(Reply.id)
    )
    return tuple(reply_view(row, case.reply_id) for row in rows)


def reply_view(reply: Reply, current_id: int | None) -> ReplyView:
    """A reply for a page."""
    return ReplyView(
        reply_id=reply.id,
        department_id=reply.department_id,
        round=reply.round,
        text="" if reply.concealed_at else reply.text,
        text_hant="" if reply.concealed_at else reply.text_hant,
        resolution=Resolution(reply.resolution) if reply.resolution else None,
        referred_to=reply.referred_to,
        written_at=reply.written_at,
        published_at=reply.published_at,
        author_id=reply.author_id,
        approver_id=reply.approver_id,
        corrects_id=reply.corrects_id,
        is_current=reply.id == current_id,
        is_concealed=reply.concealed_at is not None,
    )


def without_names(replies: Sequence[ReplyView]) -> tuple[ReplyView, ...]:
    """Replies as the public reads them: the department answers, not a person."""
    return tuple(replace(reply, author_id=None, approver_id=None) for reply in replies)


def deadline_view(calendar: Calendar, clock: Clock, now: datetime, *, runs: bool) -> DeadlineView:
    """A deadline as promised, with its counting under the calendar as it stands."""
    counted = explain(calendar, clock)
    return DeadlineView(
        due_at=clock.due_at,
        counted=counted,
        is_running=runs,
        is_overdue=runs and now > clock.due_at,
        is_provisional=clock.provisional,
        moved=counted.due_at != clock.due_at,
    )


def reply_deadline(facts: CaseFacts, now: datetime) -> DeadlineView:
    """The deadline of the present round."""
    return deadline_view(departments.calendar(), facts.round.clock, now, runs=facts.clock_runs)


def timeline(told: Told, texts: Mapping[int, str], *, public: bool = False) -> tuple[TimelineEntry, ...]:
    """The steps of a case in plain words; the public one leaves out what is between us and the resident."""
    entries = []
    for event in told.events:
        action = CaseAction(event.action)
        sentence = ACTION_TEXTS[action].public
        if sentence is None or (public and action in NOT_IN_PUBLIC):
            continue
        shown = not public and action in SHOWN_TO_RESIDENT
        entries.append(
            TimelineEntry(
                at=event.at,
                action=action,
                sentence=sentence,
                department_id=event.params.get("department_id") or event.department_id,
                text=text_of(event.params, texts) if shown else "",
            )
        )
    return tuple(entries)


def rating_of(case: Case) -> RatingLevel | None:
    return RatingLevel(case.rating) if case.rating else None
