"""The resident's own case, and a published case for everyone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from civic.cases import policy
from civic.cases.codes import hash_of_code
from civic.cases.models import Case, Feedback, QueryKey
from civic.cases.queries.reading import (
    Told,
    answers_of,
    last_text,
    levels_of,
    public_text,
    published_replies,
    rating_of,
    ratings_of,
    reply_deadline,
    tell,
    texts_of,
    timeline,
    without_names,
)
from civic.cases.queries.rows import AllowedAction, DeadlineView
from civic.cases.queries.told_rows import PublicCase, TimelineEntry, TrackingPage
from civic.cases.rules import (
    ACTION_TEXTS,
    PUBLICATION_LABELS,
    STATUS_LABELS,
    CaseAction,
    CaseFacts,
    CaseStatus,
    CommonAnswer,
    FeedbackKind,
    Outlook,
    Publication,
    Shown,
    common_answer,
    explain,
    judging_refusal,
    masked_places,
    outlook,
    outlook_together,
    resume_clock,
)
from civic.core.actor import RESIDENT
from civic.core.crypto import same
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.ids import normalise_reference
from civic.core.text import tidy
from civic.departments import queries as departments

UNKNOWN = "0" * 64
ANSWERED_TOGETHER = N_("Answered together with others")
"""How it stands with a merged case once the common answer is there."""


def tracking(reference: str, code: str, now: datetime) -> TrackingPage | None:
    """The case to a reference and query code; None for a wrong code and an unknown number alike.

    Both take the same steps: one look-up, one keyed hash, one comparison in constant time.
    """
    row = db.session.execute(
        select(Case.id, QueryKey.code_hash)
        .join(QueryKey, QueryKey.feedback_id == Case.feedback_id)
        .where(Case.reference == normalise_reference(reference), QueryKey.replaced_at.is_(None))
    ).one_or_none()
    stored = row.code_hash if row else UNKNOWN
    fits = same(stored, hash_of_code(code))
    return tracked_case(row.id, now) if row and fits else None


def tracked_case(case_id: int, now: datetime) -> TrackingPage:
    """The tracking page of a case whose code was checked before (session or signed link)."""
    case = db.session.get(Case, case_id)
    told = tell(case) if case else None
    if case is None or told is None:
        raise NotFound(N_("There is no such case."), code="no_case")
    survivor = db.session.get(Case, case.survivor_id) if case.survivor_id else None
    answering = tell(survivor) if survivor else None
    shown = answering or told
    common = common_answer(told.facts, answering.facts) if answering else None
    feedback = db.session.get_one(Feedback, case.feedback_id)
    texts = texts_of(case.id)
    facts = told.facts
    status = CaseStatus(case.status)
    return TrackingPage(
        case_id=case.id,
        version=case.version,
        reference=case.reference,
        status=status,
        status_label=ANSWERED_TOGETHER if common else STATUS_LABELS[status],
        publication=facts.publication,
        publication_label=PUBLICATION_LABELS[facts.publication],
        kind=facts.kind,
        text=feedback.text,
        erased_at=feedback.erased_at,
        item_id=facts.item_id,
        paragraph_anchor=feedback.paragraph_anchor,
        submitted_at=case.submitted_at,
        department_id=shown.facts.department_id,
        deadline=_deadline(shown.facts, now) if shown.facts.is_open else None,
        timeline=_timeline(told, answering, texts),
        question=last_text(told, CaseAction.ASK_RESIDENT, texts)
        if status is CaseStatus.AWAITING_RESIDENT
        else "",
        replies=without_names(answers_of(case, survivor)),
        contributed=shown.facts.gave,
        decline_code=facts.decline_code or shown.facts.decline_code,
        decline_text=_decline_text(shown),
        rating=rating_of(case),
        ratings=ratings_of(case.id, texts),
        next=_next(told, answering, common, now),
        public_copy=_public_copy(case, feedback, texts),
        is_visible=facts.is_visible,
        merged_into_other=survivor is not None,
        judge_until=common.until if common else facts.round.close_at,
        actions=tuple(
            AllowedAction(action, ACTION_TEXTS[action].label, ACTION_TEXTS[action].consequence)
            for action in policy.allowed_actions(RESIDENT, facts, now)
            if _is_offered(action, facts, common, now)
        ),
    )


def _is_offered(action: CaseAction, facts: CaseFacts, common: CommonAnswer | None, now: datetime) -> bool:
    """Rating closes a case by itself; of a merged one only an answer that is there can be judged."""
    if action is CaseAction.CLOSE:
        return False
    if facts.status is CaseStatus.MERGED and action in (CaseAction.RATE, CaseAction.REOPEN):
        return judging_refusal(facts, common, action, now) is None
    return True


def _deadline(facts: CaseFacts, now: datetime) -> DeadlineView:
    """The deadline; while it stands still, counted as if the resident answered now."""
    view = reply_deadline(facts, now)
    if facts.paused_at is None or facts.clock_runs:
        return view
    calendar = departments.calendar()
    resumed = resume_clock(calendar, facts.round.clock, facts.paused_at, now)
    return replace(view, counted=explain(calendar, resumed))


def _next(told: Told, answering: Told | None, common: CommonAnswer | None, now: datetime) -> Outlook:
    """What happens next; of a merged case, what is said of it and what of the case that is answered."""
    calendar = departments.calendar()
    today = calendar.local_day(now)

    def of(facts: CaseFacts) -> Outlook:
        return outlook(facts, now, calendar, levels_of(facts.department_id, today))

    if common is not None:
        return outlook_together(told.facts, common, now, levels_of(common.department_id, today))
    own = of(told.facts)
    if answering is None or not answering.facts.is_open:
        return own
    return replace(own, sentences=own.sentences + of(answering.facts).sentences)


def _public_copy(case: Case, feedback: Feedback, texts: dict[int, str]) -> tuple[Shown, ...]:
    """The masked copy that the public reads, against the sealed original."""
    if not case.visible or case.masked_text_id not in texts:
        return ()
    return masked_places(tidy(feedback.text), texts[case.masked_text_id])


def _decline_text(told: Told) -> str:
    if told.facts.decline_code is None:
        return ""
    return last_text(told, CaseAction.DECLINE, texts_of(told.case.id))


def _timeline(told: Told, answering: Told | None, texts: dict[int, str]) -> tuple[TimelineEntry, ...]:
    """The own steps, and of a case merged into another one the other's public steps since."""
    own = timeline(told, texts)
    if answering is None or told.facts.ended_at is None:
        return own
    since = told.facts.ended_at
    others = tuple(entry for entry in timeline(answering, {}, public=True) if entry.at >= since)
    return tuple(sorted(own + others, key=lambda entry: entry.at))


def public_case(reference: str, now: datetime) -> PublicCase | None:
    """A published case, None if there is none by that number that the public may read."""
    case = db.session.scalar(
        select(Case).where(Case.reference == normalise_reference(reference), Case.visible.is_(True))
    )
    told = tell(case) if case else None
    if case is None or told is None or case.published_at is None:
        return None
    feedback = db.session.get_one(Feedback, case.feedback_id)
    facts = told.facts
    text, text_hant = public_text(case, feedback)
    return PublicCase(
        reference=case.reference,
        kind=FeedbackKind(case.kind),
        status=facts.status,
        status_label=STATUS_LABELS[facts.status],
        is_masked=facts.publication is Publication.MASKED,
        text=text,
        text_hant=text_hant,
        item_id=case.item_id,
        paragraph_anchor=feedback.paragraph_anchor,
        paragraph_excerpt=feedback.paragraph_excerpt,
        street_id=case.street_id,
        department_id=case.department_id,
        submitted_at=case.submitted_at,
        published_at=case.published_at,
        deadline=reply_deadline(facts, now) if facts.is_open else None,
        replies=without_names(published_replies(case)),
        contributed=facts.gave,
        timeline=timeline(told, {}, public=True),
        rating=rating_of(case),
        supporters=case.supporters,
    )


def was_public(reference: str) -> bool:
    """Whether a case by that number was published once and isn't any more (the page says 410 then)."""
    return (
        db.session.scalar(
            select(Case.id).where(
                Case.reference == normalise_reference(reference),
                Case.published_at.is_not(None),
                Case.visible.is_(False),
            )
        )
        is not None
    )
