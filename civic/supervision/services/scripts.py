"""Traditional characters of what was published, written by the worker beside the sealed texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.supervision.models import (
    Assessment,
    FollowUp,
    Opinion,
    OpinionRound,
    OpinionText,
    SupervisionScript,
)
from civic.supervision.queries.sealed import parts_of, recommendation_rows
from civic.supervision.rules.assessments import AssessmentState
from civic.supervision.rules.opinions import TextRole
from civic.web.caching import raise_content_version

SCRIPT = "supervision_script"
"""The kind of the outbox message that asks for Traditional characters."""
ASSESSMENT, FOLLOW_UP, OPINION = "assessment", "follow_up", "opinion"


def write_script(payload: Mapping[str, Any], now: datetime) -> None:
    """Write the Traditional form of a published assessment, follow-up or opinion; doing it twice changes nothing."""
    subject, subject_id = payload["subject"], payload["id"]
    known = select(SupervisionScript.id).where(
        SupervisionScript.subject == subject, SupervisionScript.subject_id == subject_id
    )
    if db.session.scalar(known) is not None:
        return
    texts = _TEXTS[subject](subject_id)
    if texts:
        written = {text: traditional(text) for text in texts if text}
        db.session.add(SupervisionScript(subject=subject, subject_id=subject_id, texts=written))
        raise_content_version()


def _of_assessment(assessment_id: int) -> set[str]:
    row = db.session.get(Assessment, assessment_id)
    if row is None or row.state != AssessmentState.PUBLISHED.value:
        return set()
    texts = {row.title, row.assessor, row.introduction, row.conclusion}
    texts |= {part.text for part in parts_of(row.id) if part.submitted_at is not None}
    texts |= {one.text for one in recommendation_rows(row.id)}
    return texts | set(_in_facts(row.facts))


def _in_facts(facts: Mapping[str, Any]) -> Iterable[str]:
    for one in facts.get("earlier", ()):
        yield from (one["assessment_title"], one["text"], one["said"] or "")
    for one in facts.get("adjustments", ()):
        yield one["approving_body"]
    for one in facts.get("indicators", ()):
        source = (one["observed"] or {}).get("source")
        if source and not source["params"]:
            yield source["text"]


def _of_follow_up(follow_up_id: int) -> set[str]:
    row = db.session.get(FollowUp, follow_up_id)
    return {row.text} if row is not None else set()


def _of_opinion(opinion_id: int) -> set[str]:
    """What is shown of it: the opinion as it was sent, answers as they were handed over, reasons of ratings."""
    row = db.session.get(Opinion, opinion_id)
    if row is None or not row.public:
        return set()
    handed_over = select(OpinionRound.answer_id).where(OpinionRound.opinion_id == opinion_id)
    shown = select(OpinionText.text).where(
        OpinionText.opinion_id == opinion_id,
        (OpinionText.id == row.text_id)
        | OpinionText.id.in_(handed_over)
        | (OpinionText.role == TextRole.RATING.value),
    )
    return {row.title, *db.session.scalars(shown)}


_TEXTS: Mapping[str, Callable[[int], set[str]]] = {
    ASSESSMENT: _of_assessment,
    FOLLOW_UP: _of_follow_up,
    OPINION: _of_opinion,
}
