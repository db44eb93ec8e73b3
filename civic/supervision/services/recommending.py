"""Recommendations of an assessment: numbered from 1 without gaps, changed only while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision.models import Assessment, Recommendation
from civic.supervision.queries.sealed import recommendation_rows
from civic.supervision.rules.assessments import LONGEST_RECOMMENDATION
from civic.supervision.services.assessing import locked, touched


@dataclass(frozen=True, slots=True)
class NewRecommendation:
    """What is recommended to a department; ``item`` is a code of the plan or ''."""

    text: str
    department_key: str
    item: str = ""
    due_on: date | None = None


def add_recommendation(
    actor: Actor, assessment_id: int, version: int, new: NewRecommendation, now: datetime
) -> None:
    """Add one at the end. Raises :class:`Invalid`, Stale, NotAllowed."""
    row = locked(actor, assessment_id, version)
    number = len(recommendation_rows(row.id)) + 1
    found = Recommendation(assessment_id=row.id, number=number)
    _write(found, row, new)
    db.session.add(found)
    touched(actor, row, "assessment.recommend", now, number=number)


def change_recommendation(
    actor: Actor, assessment_id: int, version: int, number: int, new: NewRecommendation, now: datetime
) -> None:
    """Write one anew. Raises :class:`Invalid`, Stale, NotFound, NotAllowed."""
    row = locked(actor, assessment_id, version)
    _write(_numbered(row.id, number), row, new)
    touched(actor, row, "assessment.recommend", now, number=number)


def remove_recommendation(actor: Actor, assessment_id: int, version: int, number: int, now: datetime) -> None:
    """Take one out; those after it move up."""
    row = locked(actor, assessment_id, version)
    db.session.delete(_numbered(row.id, number))
    db.session.flush()
    for one in recommendation_rows(row.id):
        if one.number > number:
            one.number -= 1
            db.session.flush()
    touched(actor, row, "assessment.unrecommend", now, number=number)


def _numbered(assessment_id: int, number: int) -> Recommendation:
    query = select(Recommendation).where(
        Recommendation.assessment_id == assessment_id, Recommendation.number == number
    )
    found: Recommendation | None = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such recommendation."))
    return found


def _write(found: Recommendation, row: Assessment, new: NewRecommendation) -> None:
    if not new.text.strip():
        raise Invalid(N_("Write what is recommended."), field="text")
    if len(new.text) > LONGEST_RECOMMENDATION:
        raise Invalid(
            N_("This is too long: at most %(most)s characters."), field="text", most=LONGEST_RECOMMENDATION
        )
    department_id = departments.department_ids().get(new.department_key)
    if department_id is None:
        raise Invalid(N_("Choose the department that is to do it."), field="department")
    item_id = None
    if new.item.strip():
        plan = next(plan for plan in plans.plans(drafts=True) if plan.id == row.plan_id)
        ref = plans.document(plan.slug).by_code.get(new.item.strip())
        if ref is None:
            raise Invalid(N_("The plan has no such item."), field="item")
        item_id = ref.id
    if new.due_on is not None and new.due_on <= row.until:
        raise Invalid(N_("Choose a day after the period that is assessed."), field="due_on")
    found.text, found.department_id = new.text.strip(), department_id
    found.item_id, found.due_on = item_id, new.due_on
