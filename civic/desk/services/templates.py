"""Prepared replies: making one, saving a newer version of it (none is ever lost), and which one a draft began with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.cases.queries import CasePage
from civic.cases.rules import FeedbackKind, Resolution, unknown_placeholders
from civic.core import audit
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.core.extensions import db
from civic.core.text import tidy
from civic.desk.models import ReplyBeginning, ReplyTemplate, ReplyTemplateVersion
from civic.desk.policy import can_manage_templates, can_see_templates
from civic.desk.templates import TemplateRow, filled_in, template
from civic.plans.queries import ItemRef


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """What a template says: ``kinds`` empty fits every kind; ``resolution`` None leaves it to the clerk."""

    name: str
    text: str
    kinds: tuple[FeedbackKind, ...] = ()
    resolution: Resolution | None = None
    is_active: bool = True


def create_template(actor: Actor, department_id: int | None, new: NewTemplate, now: datetime) -> int:
    """Make a template of a department, or with None one of the district; returns its id."""
    can_manage_templates(actor, department_id).require()
    head = ReplyTemplate(department_id=department_id, version=1)
    _write(actor, head, new, now)
    return head.id


def change_template(actor: Actor, template_id: int, version: int, new: NewTemplate, now: datetime) -> None:
    """Save a newer version; raises :class:`Stale` if somebody else has done so since ``version`` was read."""
    head = db.session.scalar(select(ReplyTemplate).where(ReplyTemplate.id == template_id).with_for_update())
    if head is None or not can_see_templates(actor, head.department_id):
        raise NotFound(N_("There is no such template."), code="no_template")
    can_manage_templates(actor, head.department_id).require()
    if head.version != version:
        raise Stale(N_("Someone else has saved this template in the meantime. Look at it before you go on."))
    head.version += 1
    _write(actor, head, new, now)


def note_beginning(actor: Actor, case: CasePage, item: ItemRef | None, mark: str, now: datetime) -> None:
    """Remember the first template (its ``mark``) that was put into the draft of a case, filled in from it."""
    draft, row = case.draft, _marked(actor, mark)
    if draft is None or row is None or db.session.get(ReplyBeginning, draft.reply_id) is not None:
        return
    db.session.add(
        ReplyBeginning(
            reply_id=draft.reply_id,
            template_id=row.id,
            template_version=row.version,
            text=filled_in(row, case, item, actor, now),
            at=now,
        )
    )


def _marked(actor: Actor, mark: str) -> TemplateRow | None:
    """The version of a template that a form names, if there is one and it's the actor's to use."""
    parts = mark.split(":")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 10 for part in parts):
        return None
    template_id, version = map(int, parts)
    try:
        page = template(actor, template_id)
    except NotFound:
        return None
    return next((row for row in (page.current, *page.earlier) if row.version == version), None)


def _write(actor: Actor, head: ReplyTemplate, new: NewTemplate, now: datetime) -> None:
    unknown = unknown_placeholders(new.text)
    if unknown:
        raise Invalid(
            N_("There is no placeholder 【%(name)s】. Use one of those listed, or 【填写：…】 for a blank."),
            code="unknown_placeholder",
            field="text",
            name=unknown[0],
        )
    head.is_active = new.is_active
    db.session.add(head)
    db.session.flush()
    db.session.add(
        ReplyTemplateVersion(
            template_id=head.id,
            number=head.version,
            name=tidy(new.name),
            kinds=[kind.value for kind in new.kinds],
            resolution=new.resolution.value if new.resolution else None,
            text=tidy(new.text),
            is_active=new.is_active,
            account_id=actor.account_id,
            at=now,
        )
    )
    audit.record(actor, "reply.template_saved", "reply_template", head.id, now, version=head.version)
