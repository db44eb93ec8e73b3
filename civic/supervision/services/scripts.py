"""Traditional characters of what was published, written by the worker beside the sealed texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.supervision.models import Assessment, FollowUp, SupervisionScript
from civic.supervision.queries.sealed import parts_of, recommendation_rows
from civic.supervision.rules.assessments import AssessmentState
from civic.web.caching import raise_content_version

SCRIPT = "supervision_script"
"""The kind of the outbox message that asks for Traditional characters."""
ASSESSMENT, FOLLOW_UP = "assessment", "follow_up"


def write_script(payload: Mapping[str, Any], now: datetime) -> None:
    """Write the Traditional form of a published assessment or follow-up; doing it twice changes nothing."""
    subject, subject_id = payload["subject"], payload["id"]
    known = select(SupervisionScript.id).where(
        SupervisionScript.subject == subject, SupervisionScript.subject_id == subject_id
    )
    if db.session.scalar(known) is not None:
        return
    texts = _of_assessment(subject_id) if subject == ASSESSMENT else _of_follow_up(subject_id)
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
