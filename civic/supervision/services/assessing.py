"""The way of an assessment: opened, filled from data, written, approved by somebody else, published and sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic.core import outbox
from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.core.extensions import db
from civic.core.text import tidy
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import policy
from civic.supervision.models import Assessment, AssessmentPart
from civic.supervision.queries.facts import Asked, concerned_departments, department_name, gather_facts
from civic.supervision.queries.sealed import document_of, parts_mark, parts_of, recommendation_rows
from civic.supervision.rules import Period
from civic.supervision.rules.assessments import (
    BY_OTHERS,
    LONGEST_ASSESSOR,
    LONGEST_PROSE,
    LONGEST_TITLE,
    AssessmentKind,
    AssessmentState,
    Opening,
    check_opening,
    seal_of,
)
from civic.supervision.services.scripts import ASSESSMENT, SCRIPT
from civic.web.caching import raise_content_version


@dataclass(frozen=True, slots=True)
class Prose:
    """What an editor writes around the facts."""

    title: str
    introduction: str
    conclusion: str
    assessor: str = ""


def open_assessment(actor: Actor, new: Opening, now: datetime) -> int:
    """Open an assessment, filled from data, with an empty part for each department that leads anything of the plan.

    Returns its id. Raises NotAllowed, NotFound, :class:`Invalid`.
    """
    policy.can_write_assessment(actor).require()
    check_opening(new, departments.local_day(now))
    plan = plans.document(new.plan_slug).plan
    number = db.session.scalar(select(func.max(Assessment.number)).where(Assessment.plan_id == plan.id)) or 0
    number += 1
    row = Assessment(
        plan_id=plan.id, number=number, kind=new.kind.value, title=tidy(new.title), since=new.since,
        until=new.until, assessor=tidy(new.assessor) if new.kind in BY_OTHERS else "",
        facts=gather_facts(Asked(plan.slug, number, Period(new.since, new.until)), now), facts_at=now,
        opened_by=actor.account_id, opened_at=now, written_by=actor.account_id,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale(N_("Somebody else has just opened an assessment of this plan.")) from None
    for department_id in concerned_departments(plan.slug):
        db.session.add(AssessmentPart(assessment_id=row.id, department_id=department_id))
    record(actor, "assessment.open", "assessment", row.id, now, plan=plan.slug, number=number)
    return row.id


def renew_facts(actor: Actor, assessment_id: int, version: int, now: datetime) -> None:
    """Fill it from data again; what people wrote stays."""
    row = locked(actor, assessment_id, version)
    asked = Asked(_slug(row), row.number, Period(row.since, row.until))
    row.facts, row.facts_at = gather_facts(asked, now), now
    touched(actor, row, "assessment.renew", now)


def write_assessment(actor: Actor, assessment_id: int, version: int, prose: Prose, now: datetime) -> None:
    """Save title, introduction and conclusion. Raises :class:`Stale` with nothing written over."""
    row = locked(actor, assessment_id, version)
    _check(prose, AssessmentKind(row.kind))
    row.title, row.assessor = tidy(prose.title), tidy(prose.assessor)
    row.introduction, row.conclusion = prose.introduction.strip(), prose.conclusion.strip()
    if AssessmentKind(row.kind) not in BY_OTHERS:
        row.assessor = ""
    touched(actor, row, "assessment.write", now)


def approve_assessment(
    actor: Actor, assessment_id: int, version: int, now: datetime, *, seen_parts: str
) -> None:
    """Agree to an assessment that somebody else changed last; from here on nothing of it is written.

    ``seen_parts``: the :func:`parts_mark` of what was read. Raises NotAllowed, :class:`Invalid`, :class:`Stale`.
    """
    row = locked(actor, assessment_id, version)
    if seen_parts != parts_mark(parts_of(row.id)):
        raise Stale(
            N_("A department has handed in or taken back its part since. Read it again first."), code="stale"
        )
    policy.can_approve_assessment(actor, row.written_by).require()
    if not (row.introduction and row.conclusion):
        raise Invalid(N_("Introduction and conclusion are still missing."), code="unfinished")
    row.state = AssessmentState.APPROVED.value
    row.approved_by, row.approved_at = actor.account_id, now
    _moved(actor, row, "assessment.approve", now)


def reopen_assessment(actor: Actor, assessment_id: int, version: int, now: datetime) -> None:
    """Take an approval back, because something has to be changed before it is published."""
    row = locked(actor, assessment_id, version, AssessmentState.APPROVED)
    row.state = AssessmentState.OPEN.value
    row.approved_by = row.approved_at = None
    touched(actor, row, "assessment.reopen", now)


def publish_assessment(actor: Actor, assessment_id: int, version: int, now: datetime) -> str:
    """Publish an approved assessment and seal it; returns the seal. From here on the database refuses any change."""
    row = locked(actor, assessment_id, version, AssessmentState.APPROVED)
    parts, recommendations = parts_of(row.id), recommendation_rows(row.id)
    mentioned = {part.department_id for part in parts} | {one.department_id for one in recommendations}
    names = {
        one.key: department_name(one)
        for one in departments.departments(include_inactive=True)
        if one.id in mentioned
    }
    row.facts = {**row.facts, "departments": {**row.facts["departments"], **names}}
    row.published_at = now
    row.version += 1
    with db.session.no_autoflush:  # half of the columns would break the table's constraints
        row.seal = seal_of(document_of(row, _slug(row), parts, recommendations))
    row.state = AssessmentState.PUBLISHED.value
    record(actor, "assessment.publish", "assessment", row.id, now, seal=row.seal)
    db.session.flush()
    outbox.enqueue(SCRIPT, f"{SCRIPT}:{ASSESSMENT}:{row.id}", {"subject": ASSESSMENT, "id": row.id}, now)
    raise_content_version()
    return row.seal


def discard_assessment(actor: Actor, assessment_id: int, version: int, now: datetime) -> None:
    """Give up an assessment that isn't published; it stays on record and out of sight."""
    row = locked(actor, assessment_id, version, AssessmentState.OPEN, AssessmentState.APPROVED)
    row.state = AssessmentState.DISCARDED.value
    _moved(actor, row, "assessment.discard", now)


def locked(actor: Actor, assessment_id: int, version: int, *states: AssessmentState) -> Assessment:
    """The assessment for its editor, as the person saw it and still in one of ``states`` (open if none is named)."""
    policy.can_write_assessment(actor).require()
    query = select(Assessment).where(Assessment.id == assessment_id).with_for_update(of=Assessment)
    row: Assessment | None = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None or row.state == AssessmentState.DISCARDED.value:
        raise NotFound(N_("There is no such assessment."))
    if row.version != version or AssessmentState(row.state) not in (states or (AssessmentState.OPEN,)):
        raise Stale(N_("This assessment has changed since you opened it. Read it again first."), code="stale")
    return row


def touched(actor: Actor, row: Assessment, action: str, now: datetime, **params: Any) -> None:
    """Something of its content changed: somebody else than the actor has to approve it."""
    row.written_by = actor.account_id
    _moved(actor, row, action, now, **params)


def _moved(actor: Actor, row: Assessment, action: str, now: datetime, **params: Any) -> None:
    row.version += 1
    record(actor, action, "assessment", row.id, now, version=row.version, **params)
    db.session.flush()


def _slug(row: Assessment) -> str:
    return next(plan.slug for plan in plans.plans(drafts=True) if plan.id == row.plan_id)


def _check(prose: Prose, kind: AssessmentKind) -> None:
    if not prose.title.strip():
        raise Invalid(N_("Give the assessment a title."), field="title")
    if kind in BY_OTHERS and not prose.assessor.strip():
        raise Invalid(N_("Say who assesses."), field="assessor")
    longest = {
        "title": LONGEST_TITLE, "assessor": LONGEST_ASSESSOR, "introduction": LONGEST_PROSE,
        "conclusion": LONGEST_PROSE,
    }  # fmt: skip
    for field, most in longest.items():
        if len(getattr(prose, field)) > most:
            raise Invalid(N_("This is too long: at most %(most)s characters."), field=field, most=most)
