"""Prepared replies: which ones somebody sees, which fit a case, and what they say once filled in from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, format_date, gettext
from sqlalchemy import Select, or_, select

from civic.accounts import queries as accounts
from civic.cases.queries import CasePage
from civic.cases.rules import KIND_LABELS, FeedbackKind, Placeholder, Resolution, SpeaksAs, filled
from civic.core.actor import Actor
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.desk.models import ReplyBeginning, ReplyTemplate, ReplyTemplateVersion
from civic.desk.policy import can_see_templates
from civic.plans.queries import ItemRef

NO_TEMPLATE = N_("There is no such template.")
WRITTEN_IN = "zh_Hans"
"""Official replies are written in this language whatever the clerk's pages are in."""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template as it stands, or as it stood in one of its versions. No ``kinds``: it fits every kind."""

    id: int
    department_id: int | None
    version: int
    name: str
    kinds: tuple[FeedbackKind, ...]
    resolution: Resolution | None
    text: str
    is_active: bool
    account_id: int
    at: datetime

    @property
    def mark(self) -> str:
        """Which template in which version, as a form carries it."""
        return f"{self.id}:{self.version}"

    def fits(self, kind: FeedbackKind) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """A template with its earlier versions, the newest first, and the names of who saved them."""

    current: TemplateRow
    earlier: tuple[TemplateRow, ...]
    people: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Beginning:
    """The template that was put into a draft: its name and version, and what it said about this case."""

    name: str
    version: int
    text: str


def templates_seen_by(actor: Actor) -> tuple[TemplateRow, ...]:
    """The district's templates and those of the actor's departments (all for dispatcher and administrator)."""
    rows = db.session.execute(_standing().order_by(ReplyTemplate.department_id, ReplyTemplate.id)).all()
    seen = (_row(head, body) for head, body in rows)
    return tuple(row for row in seen if can_see_templates(actor, row.department_id))


def templates_for(department_id: int | None, kind: FeedbackKind) -> tuple[TemplateRow, ...]:
    """The templates in use that fit a case: the department's own first, then the district's, by name."""
    own = or_(ReplyTemplate.department_id == department_id, ReplyTemplate.department_id.is_(None))
    rows = db.session.execute(_standing().where(ReplyTemplate.is_active, own)).all()
    fitting = (row for row in (_row(head, body) for head, body in rows) if row.fits(kind))
    return tuple(sorted(fitting, key=lambda row: (row.department_id is None, row.name, row.id)))


def template(actor: Actor, template_id: int) -> TemplatePage:
    """One template with its history; raises :class:`NotFound` for what isn't there and another department's alike."""
    rows = db.session.execute(
        select(ReplyTemplate, ReplyTemplateVersion)
        .join(ReplyTemplateVersion, ReplyTemplateVersion.template_id == ReplyTemplate.id)
        .where(ReplyTemplate.id == template_id)
        .order_by(ReplyTemplateVersion.number.desc())
    ).all()
    found = tuple(_row(head, body) for head, body in rows)
    if not found or not can_see_templates(actor, found[0].department_id):
        raise NotFound(NO_TEMPLATE, code="no_template")
    return TemplatePage(found[0], found[1:], accounts.account_names({row.account_id for row in found}))


def beginning_of(reply_id: int) -> Beginning | None:
    """What the draft of a reply began with, None if no template was put into it; for those who may read the draft."""
    row = db.session.execute(
        select(ReplyTemplateVersion.name, ReplyBeginning.template_version, ReplyBeginning.text)
        .join(
            ReplyTemplateVersion,
            (ReplyTemplateVersion.template_id == ReplyBeginning.template_id)
            & (ReplyTemplateVersion.number == ReplyBeginning.template_version),
        )
        .where(ReplyBeginning.reply_id == reply_id)
    ).one_or_none()
    return Beginning(row.name, row.template_version, row.text) if row else None


def filled_in(row: TemplateRow, case: CasePage, item: ItemRef | None, actor: Actor, now: datetime) -> str:
    """The template's text with everything that the case tells; what it doesn't tell stays to be filled in."""
    return filled(row.text, values_of(case, item, actor, now))


def values_of(case: CasePage, item: ItemRef | None, actor: Actor, now: datetime) -> Mapping[Placeholder, str]:
    """What each placeholder stands for in a case; empty where the case doesn't tell."""
    words = case.feedback[0]
    names = departments.department_names([case.department_id])
    streets = {street.id: street.name for street in departments.streets()}
    department = names.get(case.department_id or 0)
    with force_locale(WRITTEN_IN):
        return {
            Placeholder.REFERENCE: case.reference,
            Placeholder.KIND: gettext(KIND_LABELS[case.kind]),
            Placeholder.ITEM: item.title if item else "",
            Placeholder.DEPARTMENT: department.name if department else "",
            Placeholder.STREET: streets.get(words.street_id or 0, ""),
            Placeholder.DUE: format_date(case.reply_deadline.due_at, "long"),
            Placeholder.TODAY: format_date(now, "long"),
            Placeholder.SALUTATION: SALUTATIONS.get(words.speaks_as, SALUTATIONS[None]),
            Placeholder.HANDLER: actor.name,
        }


SALUTATIONS: Mapping[SpeaksAs | None, str] = {
    None: "居民朋友",
    SpeaksAs.BUSINESS: "企业负责人",
    SpeaksAs.ORGANISATION: "贵单位",
    SpeaksAs.COMPATRIOT: "同胞朋友",
}

SAMPLE: Mapping[Placeholder, str] = {
    Placeholder.REFERENCE: "AB-2026-7K3M9Q",
    Placeholder.KIND: "咨询",
    Placeholder.ITEM: "城市照明",
    Placeholder.DEPARTMENT: "某部门",
    Placeholder.STREET: "某街道",
    Placeholder.DUE: "2026年9月21日",
    Placeholder.TODAY: "2026年9月7日",
    Placeholder.SALUTATION: SALUTATIONS[None],
    Placeholder.HANDLER: "某经办人",
}
"""A made-up case, to show what a template will look like."""


def _standing() -> Select[ReplyTemplate, ReplyTemplateVersion]:
    return select(ReplyTemplate, ReplyTemplateVersion).join(
        ReplyTemplateVersion,
        (ReplyTemplateVersion.template_id == ReplyTemplate.id)
        & (ReplyTemplateVersion.number == ReplyTemplate.version),
    )


def _row(head: ReplyTemplate, body: ReplyTemplateVersion) -> TemplateRow:
    return TemplateRow(
        id=head.id,
        department_id=head.department_id,
        version=body.number,
        name=body.name,
        kinds=tuple(FeedbackKind(kind) for kind in body.kinds),
        resolution=Resolution(body.resolution) if body.resolution else None,
        text=body.text,
        is_active=body.is_active,
        account_id=body.account_id,
        at=body.at,
    )
