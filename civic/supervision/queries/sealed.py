"""The document of an assessment: everything that is published of it, as one piece of plain JSON that is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision.models import Assessment, AssessmentPart, Recommendation
from civic.supervision.rules.assessments import AssessmentState, seal_of

DOCUMENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Verified:
    """One published assessment and whether its seal still fits."""

    plan_slug: str
    number: int
    seal: str
    found: str

    @property
    def intact(self) -> bool:
        return self.seal == self.found


def document_of(
    row: Assessment,
    plan_slug: str,
    parts: list[AssessmentPart],
    recommendations: list[Recommendation],
) -> dict[str, Any]:
    """What is, or would be, published: no account, and nothing that a department hasn't handed in."""
    keys = {one.id: one.key for one in departments.departments(include_inactive=True)}
    items = plans.item_refs(one.item_id for one in recommendations if one.item_id is not None)
    handed_in = [part for part in parts if part.submitted_at is not None]
    return {
        "version": DOCUMENT_VERSION,
        "plan": plan_slug,
        "number": row.number,
        "kind": row.kind,
        "title": row.title,
        "assessor": row.assessor,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "introduction": row.introduction,
        "conclusion": row.conclusion,
        "facts": row.facts,
        "facts_at": _moment(row.facts_at),
        "approved_at": _moment(row.approved_at),
        "published_at": _moment(row.published_at),
        "parts": [
            {"department": keys[part.department_id], "text": part.text, "on": _moment(part.submitted_at)}
            for part in handed_in
        ],
        "missing": [keys[part.department_id] for part in parts if part.submitted_at is None],
        "recommendations": [
            {
                "number": one.number,
                "department": keys[one.department_id],
                "item": items[one.item_id].code if one.item_id in items else None,
                "text": one.text,
                "due_on": one.due_on.isoformat() if one.due_on else None,
            }
            for one in recommendations
        ],
    }


def parts_of(assessment_id: int) -> list[AssessmentPart]:
    """The parts of an assessment in the order of departments; one query."""
    query = select(AssessmentPart).where(AssessmentPart.assessment_id == assessment_id)
    return list(db.session.scalars(query.order_by(AssessmentPart.id)))


def parts_mark(parts: list[AssessmentPart]) -> str:
    """A mark of what departments have handed in; another one once a part is written anew, added or taken back."""
    return ".".join(f"{part.id}-{part.version}" for part in parts if part.submitted_at is not None)


def recommendation_rows(assessment_id: int) -> list[Recommendation]:
    """Its recommendations in order; one query."""
    query = select(Recommendation).where(Recommendation.assessment_id == assessment_id)
    return list(db.session.scalars(query.order_by(Recommendation.number)))


def verify_seals() -> tuple[Verified, ...]:
    """Compute the seal of every published assessment anew, in the order of publication."""
    slugs = {plan.id: plan.slug for plan in plans.plans(drafts=True)}
    query = select(Assessment).where(Assessment.state == AssessmentState.PUBLISHED.value)
    found = []
    for row in db.session.scalars(query.order_by(Assessment.published_at, Assessment.id)).all():
        slug = slugs[row.plan_id]
        document = document_of(row, slug, parts_of(row.id), recommendation_rows(row.id))
        found.append(Verified(slug, row.number, row.seal, seal_of(document)))
    return tuple(found)


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None
