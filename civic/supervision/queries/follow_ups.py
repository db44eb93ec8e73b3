"""Recommendations of published assessments and what their departments say has come of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import select

from civic.core.actor import Actor, Role
from civic.core.extensions import db
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument
from civic.supervision.models import Assessment, FollowUp, Recommendation, SupervisionScript
from civic.supervision.rules.assessments import (
    FOLLOW_UP_LABELS,
    NO_FOLLOW_UP,
    AssessmentState,
    FollowUpStatus,
)


class Names(Protocol):
    """Gives the key of a department, and remembers its name."""

    def key(self, department_id: int | None) -> str | None: ...


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One statement; ``label`` is a msgid."""

    status: FollowUpStatus
    text: str
    text_hant: str
    said_at: datetime

    @property
    def label(self) -> str:
        return FOLLOW_UP_LABELS[self.status]


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation with its follow-ups, the newest first."""

    id: int
    number: int
    department_id: int
    item: ItemRef | None
    text: str
    due_on: date | None
    follow_ups: tuple[FollowUpRow, ...] = ()

    @property
    def label(self) -> str:
        """Where it stands, as a msgid."""
        return self.follow_ups[0].label if self.follow_ups else NO_FOLLOW_UP


@dataclass(frozen=True, slots=True)
class OwnRecommendation:
    """A published recommendation to the actor's department."""

    row: RecommendationRow
    plan_slug: str
    assessment_number: int
    assessment_title: str


def shown_recommendations(rows: Sequence[Recommendation]) -> tuple[RecommendationRow, ...]:
    """Recommendations with what was said about each; one query."""
    said = follow_ups([row.id for row in rows])
    items = plans.item_refs(row.item_id for row in rows if row.item_id is not None)
    return tuple(_row(row, items, said) for row in rows)


def follow_ups(recommendation_ids: Collection[int]) -> dict[int, tuple[FollowUpRow, ...]]:
    """What was said about each, the newest first; one query."""
    if not recommendation_ids:
        return {}
    query = (
        select(FollowUp, SupervisionScript.texts)
        .outerjoin(
            SupervisionScript,
            (SupervisionScript.subject == "follow_up") & (SupervisionScript.subject_id == FollowUp.id),
        )
        .where(FollowUp.recommendation_id.in_(recommendation_ids))
        .order_by(FollowUp.id.desc())
    )
    found: dict[int, tuple[FollowUpRow, ...]] = {}
    for row, texts in db.session.execute(query):
        one = FollowUpRow(FollowUpStatus(row.status), row.text, (texts or {}).get(row.text, ""), row.said_at)
        found[row.recommendation_id] = (*found.get(row.recommendation_id, ()), one)
    return found


def own_recommendations(actor: Actor) -> tuple[OwnRecommendation, ...]:
    """Published recommendations to the actor's departments, the newest assessment first."""
    mine = actor.departments(Role.HANDLER, Role.LEAD)
    if not mine:
        return ()
    query = (
        select(Recommendation, Assessment)
        .join(Assessment, Assessment.id == Recommendation.assessment_id)
        .where(Recommendation.department_id.in_(mine), Assessment.state == AssessmentState.PUBLISHED.value)
        .order_by(Assessment.published_at.desc(), Recommendation.number)
    )
    rows = [(recommendation, assessment) for recommendation, assessment in db.session.execute(query)]
    said = follow_ups([row.id for row, _ in rows])
    items = plans.item_refs(row.item_id for row, _ in rows if row.item_id is not None)
    slugs = {plan.id: plan.slug for plan in plans.plans(drafts=True)}
    return tuple(
        OwnRecommendation(_row(row, items, said), slugs[of.plan_id], of.number, of.title) for row, of in rows
    )


def earlier_recommendations(
    plan_id: int, number: int, document: PlanDocument, names: Names
) -> list[dict[str, Any]]:
    """For the facts: what earlier published assessments of the plan recommended, and where that stands now."""
    query = (
        select(Recommendation, Assessment)
        .join(Assessment, Assessment.id == Recommendation.assessment_id)
        .where(
            Assessment.plan_id == plan_id,
            Assessment.number < number,
            Assessment.state == AssessmentState.PUBLISHED.value,
        )
        .order_by(Assessment.number, Recommendation.number)
    )
    rows = [(recommendation, assessment) for recommendation, assessment in db.session.execute(query)]
    said = follow_ups([row.id for row, _ in rows])
    found = []
    for row, assessment in rows:
        last = next(iter(said.get(row.id, ())), None)
        ref = document.by_id.get(row.item_id) if row.item_id is not None else None
        found.append({
            "assessment": assessment.number,
            "assessment_title": assessment.title,
            "number": row.number,
            "department": names.key(row.department_id),
            "item": ref.code if ref else None,
            "text": row.text,
            "due_on": row.due_on.isoformat() if row.due_on else None,
            "status": last.status.value if last else None,
            "label": last.label if last else NO_FOLLOW_UP,
            "said": last.text if last else None,
            "said_on": local_day(last.said_at).isoformat() if last else None,
        })  # fmt: skip
    return found


def _row(
    row: Recommendation, items: Mapping[int, ItemRef], said: Mapping[int, tuple[FollowUpRow, ...]]
) -> RecommendationRow:
    item = items.get(row.item_id) if row.item_id is not None else None
    return RecommendationRow(
        row.id, row.number, row.department_id, item, row.text, row.due_on, said.get(row.id, ())
    )
