"""Parts that several pages of a case share: its history, texts, replies, deadlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from civic.cases.models import Case, CaseEvent, CaseText, Feedback, Rating, Reply, ReplyState
from civic.cases.queries.attachments import attachments_of_replies
from civic.cases.queries.rows import DeadlineView, RatingView, ReplyView
from civic.cases.queries.told_rows import TimelineEntry
from civic.cases.rules import (
    CaseAction,
    CaseFacts,
    Clock,
    Event,
    FeedbackKind,
    Levels,
    RatingLevel,
    Resolution,
    Solved,
    due_of,
    explain,
    replay,
    to_everyone,
)
from civic.cases.rules import told as step_told
from civic.core.actor import ActorKind
from civic.core.extensions import db
from civic.core.workdays import Calendar
from civic.departments import queries as departments

SHOWN_TO_RESIDENT = frozenset(
    {
        CaseAction.ASK_RESIDENT,
        CaseAction.ADD_INFORMATION,
        CaseAction.DECLINE,
        CaseAction.KEEP_PRIVATE,
        CaseAction.RATE,
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
    return _replies(Reply.case_id == case.id, case)


def answers_of(case: Case, survivor: Case | None = None) -> tuple[ReplyView, ...]:
    """All answers that the writer of a case got, also in the one that it was merged into, and what was judged there."""
    judged = select(Rating.reply_id).where(Rating.case_id == case.id, Rating.answered_case_id != case.id)
    answering = survivor or case
    return _replies(or_(Reply.case_id.in_([case.id, answering.id]), Reply.id.in_(judged)), answering)


def _replies(which: ColumnElement[bool], answering: Case) -> tuple[ReplyView, ...]:
    query = select(Reply).where(which, Reply.state == ReplyState.PUBLISHED.value)
    found = db.session.scalars(query.order_by(Reply.published_at, Reply.id)).all()
    files = attachments_of_replies([row.id for row in found if row.concealed_at is None])
    return tuple(replace(reply_view(row, answering.reply_id), files=files.get(row.id, ())) for row in found)


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
        editor_id=reply.editor_id,
        case_id=reply.case_id,
    )


def without_names(replies: Sequence[ReplyView]) -> tuple[ReplyView, ...]:
    """Replies as the public reads them: the department answers, not a person."""
    return tuple(replace(reply, author_id=None, approver_id=None, editor_id=None) for reply in replies)


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
    due: date | None = None
    for event, text in zip(told.events, _texts_in_order(told, texts), strict=True):
        action = CaseAction(event.action)
        by_resident = event.actor_kind == ActorKind.RESIDENT.value
        sentence = step_told(action, event.params, by_resident=by_resident, old=due)
        due = due_of(event.params) or due
        if sentence is None or (public and action in NOT_IN_PUBLIC):
            continue
        entries.append(
            TimelineEntry(
                at=event.at,
                action=action,
                sentence=to_everyone(sentence) if public else sentence,
                department_id=event.params.get("department_id") or event.department_id,
                text="" if public else text,
            )
        )
    return tuple(entries)


def _texts_in_order(told: Told, texts: Mapping[int, str]) -> Iterator[str]:
    """For each event the text that the resident reads with it, each text once.

    An approved extension has the reason for which it was asked.
    """
    said: set[int] = set()
    asked: Mapping[str, Any] = {}
    for event in told.events:
        action, params = CaseAction(event.action), event.params
        if action is CaseAction.REQUEST_EXTENSION:
            asked = params
        if action is CaseAction.APPROVE_EXTENSION:
            yield text_of(asked, texts)
            continue
        number = params.get("text_id", 0)
        yield text_of(params, texts) if action in SHOWN_TO_RESIDENT and number not in said else ""
        said.add(number)


def ratings_of(case_id: int, texts: Mapping[int, str]) -> tuple[RatingView, ...]:
    """The resident's judgements, one per round, oldest first; of common answers too."""
    rows = db.session.scalars(select(Rating).where(Rating.case_id == case_id).order_by(Rating.at, Rating.id))
    return tuple(_rating_view(row, texts.get(row.text_id or 0, "")) for row in rows)


def judgements_of_others(case_id: int) -> dict[int, RatingView]:
    """What writers of merged messages think of a case's answer, by their own case; the last word of each."""
    rows = db.session.execute(
        select(Rating, CaseText.text)
        .outerjoin(CaseText, CaseText.id == Rating.text_id)
        .where(Rating.answered_case_id == case_id, Rating.case_id != case_id)
        .order_by(Rating.id)
    )
    return {row.Rating.case_id: _rating_view(row.Rating, row.text or "") for row in rows}


def _rating_view(row: Rating, reason: str) -> RatingView:
    return RatingView(
        round=row.round,
        reply_id=row.reply_id,
        level=RatingLevel(row.level),
        solved=Solved(row.solved) if row.solved else None,
        reason=reason,
        at=row.at,
    )


def levels_of(department_id: int | None, today: date) -> Levels:
    """The service levels that hold today for a department, or in general."""
    levels = departments.service_levels()
    return Levels(reply={kind: levels.days(kind.value, department_id, today) for kind in FeedbackKind})


def rating_of(case: Case) -> RatingLevel | None:
    return RatingLevel(case.rating) if case.rating else None
