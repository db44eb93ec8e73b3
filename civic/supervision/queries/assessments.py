"""Assessments as the public, editors and departments see them: frozen pages, drafts only for those who may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from civic.accounts.queries import account_names
from civic.core.actor import Actor, Role
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.policy import Decision
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import PlanRow
from civic.supervision import policy
from civic.supervision.models import Assessment, AssessmentPart, SupervisionScript
from civic.supervision.queries.facts import department_name
from civic.supervision.queries.follow_ups import RecommendationRow, shown_recommendations
from civic.supervision.queries.sealed import document_of, parts_mark, parts_of, recommendation_rows
from civic.supervision.rules.assessments import (
    ASSESSMENT_KIND_LABELS,
    ASSESSMENT_STATE_LABELS,
    AssessmentKind,
    AssessmentState,
)

PUBLISHED = AssessmentState.PUBLISHED.value
LIVE = (AssessmentState.OPEN.value, AssessmentState.APPROVED.value)


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One assessment as lists show it; labels are msgids."""

    id: int
    plan: PlanRow
    number: int
    kind: AssessmentKind
    state: AssessmentState
    version: int
    title: str
    title_hant: str
    assessor: str
    since: date
    until: date
    facts_at: datetime
    published_at: datetime | None
    seal: str

    @property
    def kind_label(self) -> str:
        return ASSESSMENT_KIND_LABELS[self.kind]

    @property
    def state_label(self) -> str:
        return ASSESSMENT_STATE_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class PublicAssessment:
    """A published assessment: the sealed document, and what departments have said since.

    ``hant``: {text of the document: the same in Traditional characters}, once written.
    """

    row: AssessmentRow
    document: dict[str, Any]
    hant: Mapping[str, str]
    recommendations: tuple[RecommendationRow, ...]

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = self.document["facts"]
        return found

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """Names of departments by key: as they were sealed, in a draft as they are now."""
        sealed: dict[str, dict[str, str]] = self.facts["departments"]
        if self.row.state is AssessmentState.PUBLISHED:
            return sealed
        now = {one.key: department_name(one) for one in departments.departments(include_inactive=True)}
        return {**now, **sealed}


@dataclass(frozen=True, slots=True)
class PartRow:
    """The self-assessment of a department; ``text`` is '' for everybody else until it is handed in."""

    department: DepartmentRow
    text: str
    version: int
    submitted_at: datetime | None

    @property
    def begun(self) -> bool:
        return self.version > 0


@dataclass(frozen=True, slots=True)
class AssessmentDesk:
    """An assessment for those who write or watch: as it would be published, and who is still missing."""

    shown: PublicAssessment
    introduction: str
    conclusion: str
    parts: tuple[PartRow, ...]
    parts_mark: str
    last_writer: str
    may_write: Decision
    may_approve: Decision

    @property
    def row(self) -> AssessmentRow:
        return self.shown.row

    @property
    def missing(self) -> tuple[PartRow, ...]:
        return tuple(part for part in self.parts if part.submitted_at is None)


@dataclass(frozen=True, slots=True)
class PartPage:
    """What a department writes on: its part, and the facts about what it leads."""

    row: AssessmentRow
    part: PartRow
    last_writer: str
    facts: dict[str, Any]
    may_hand_in: Decision


def published_assessments() -> tuple[AssessmentRow, ...]:
    """All published assessments, the newest first; two queries."""
    return _rows(Assessment.state == PUBLISHED)


def all_assessments(actor: Actor) -> tuple[AssessmentRow, ...]:
    """Those being written too, for editors, deputies and auditors."""
    policy.can_read_assessments(actor).require()
    return _rows(Assessment.state.in_((*LIVE, PUBLISHED)))


def public_assessment(plan_slug: str, number: int) -> PublicAssessment:
    """A published assessment; raises :class:`NotFound`. Six queries at most."""
    plan = plans.document(plan_slug).plan
    query = select(Assessment).where(
        Assessment.plan_id == plan.id, Assessment.number == number, Assessment.state == PUBLISHED
    )
    row: Assessment | None = db.session.scalar(query)
    if row is None:
        raise NotFound(N_("There is no such assessment."))
    return _shown(row, plan)


def assessment_desk(actor: Actor, assessment_id: int) -> AssessmentDesk:
    """An assessment at any stage; raises :class:`NotFound`, NotAllowed."""
    policy.can_read_assessments(actor).require()
    row = db.session.get(Assessment, assessment_id)
    if row is None or row.state == AssessmentState.DISCARDED.value:
        raise NotFound(N_("There is no such assessment."))
    names = {one.id: one for one in departments.departments(include_inactive=True)}
    parts = parts_of(row.id)
    return AssessmentDesk(
        _shown(row, _plan(row)),
        row.introduction,
        row.conclusion,
        tuple(_part(part, names[part.department_id], private=True) for part in parts),
        parts_mark(parts),
        _name(row.written_by),
        policy.can_write_assessment(actor),
        policy.can_approve_assessment(actor, row.written_by),
    )


def own_parts(actor: Actor) -> tuple[tuple[AssessmentRow, PartRow], ...]:
    """The parts of the actor's departments in assessments that are being written or were published."""
    mine = actor.departments(Role.HANDLER, Role.LEAD)
    if not mine:
        return ()
    query = select(AssessmentPart).where(AssessmentPart.department_id.in_(mine))
    parts = list(db.session.scalars(query))
    rows = {row.id: row for row in _rows(Assessment.id.in_({part.assessment_id for part in parts}))}
    names = {one.id: one for one in departments.departments(include_inactive=True)}
    found = [
        (rows[part.assessment_id], _part(part, names[part.department_id], private=False))
        for part in parts
        if part.assessment_id in rows and rows[part.assessment_id].state is not AssessmentState.DISCARDED
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[0].id, pair[1].department.id)))


def part_page(actor: Actor, assessment_id: int, department_key: str) -> PartPage:
    """A department's own part; for everybody else it isn't there."""
    department_id = departments.department_ids().get(department_key)
    if department_id is None or not policy.can_write_part(actor, department_id):
        raise NotFound(N_("There is no such assessment."))
    query = select(AssessmentPart).where(
        AssessmentPart.assessment_id == assessment_id, AssessmentPart.department_id == department_id
    )
    part: AssessmentPart | None = db.session.scalar(query)
    row = db.session.get(Assessment, assessment_id)
    if part is None or row is None or row.state == AssessmentState.DISCARDED.value:
        raise NotFound(N_("There is no such assessment."))
    return PartPage(
        _row(row, _plan(row), {}),
        _part(part, departments.department(department_id), private=False),
        _name(part.written_by),
        {
            name: _led(row.facts.get(name, []), department_key)
            for name in ("indicators", "commitments", "quiet")
        },
        policy.can_speak_for(actor, department_id),
    )


def _led(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [one for one in rows if one["department"] == key]


def _shown(row: Assessment, plan: PlanRow) -> PublicAssessment:
    script = db.session.scalar(
        select(SupervisionScript.texts).where(
            SupervisionScript.subject == "assessment", SupervisionScript.subject_id == row.id
        )
    )
    hant: Mapping[str, str] = script or {}
    recommendations = recommendation_rows(row.id)
    document = document_of(row, plan.slug, parts_of(row.id), recommendations)
    return PublicAssessment(_row(row, plan, hant), document, hant, shown_recommendations(recommendations))


def _rows(condition: Any) -> tuple[AssessmentRow, ...]:
    """Matching assessments, those being written first, then the newest."""
    query = (
        select(Assessment, SupervisionScript.texts)
        .outerjoin(
            SupervisionScript,
            (SupervisionScript.subject == "assessment") & (SupervisionScript.subject_id == Assessment.id),
        )
        .where(condition)
        .order_by(Assessment.published_at.is_not(None), Assessment.published_at.desc(), Assessment.id.desc())
    )
    found = {plan.id: plan for plan in plans.plans(drafts=True)}
    return tuple(_row(row, found[row.plan_id], texts or {}) for row, texts in db.session.execute(query))


def _plan(row: Assessment) -> PlanRow:
    return next(plan for plan in plans.plans(drafts=True) if plan.id == row.plan_id)


def _row(row: Assessment, plan: PlanRow, hant: Mapping[str, str]) -> AssessmentRow:
    return AssessmentRow(
        row.id, plan, row.number, AssessmentKind(row.kind), AssessmentState(row.state), row.version, row.title,
        hant.get(row.title, ""), row.assessor, row.since, row.until, row.facts_at, row.published_at, row.seal,
    )  # fmt: skip


def _part(part: AssessmentPart, department: DepartmentRow, *, private: bool) -> PartRow:
    hidden = private and part.submitted_at is None
    return PartRow(department, "" if hidden else part.text, part.version, part.submitted_at)


def _name(account_id: int | None) -> str:
    return account_names([account_id]).get(account_id, "") if account_id is not None else ""
