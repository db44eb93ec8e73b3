"""Prepared replies pass with a department that is merged or split; what was written with them stays as it is."""

from __future__ import annotations

from sqlalchemy import select

from civic.core.extensions import db
from civic.departments.rules import Handover, Holding
from civic.desk.models import ReplyTemplate, ReplyTemplateVersion


def template_holdings(department_id: int) -> tuple[Holding, ...]:
    """The templates of a department, by name."""
    rows = db.session.execute(
        select(ReplyTemplate.id, ReplyTemplateVersion.name)
        .join(
            ReplyTemplateVersion,
            (ReplyTemplateVersion.template_id == ReplyTemplate.id)
            & (ReplyTemplateVersion.number == ReplyTemplate.version),
        )
        .where(ReplyTemplate.department_id == department_id)
        .order_by(ReplyTemplateVersion.name, ReplyTemplate.id)
    )
    return tuple(Holding(f"template:{row.id}", row.name) for row in rows)


def move_templates(handover: Handover) -> None:
    """The other department has them from now on, with all their versions."""
    heads = db.session.scalars(
        select(ReplyTemplate)
        .where(ReplyTemplate.department_id == handover.source_id)
        .order_by(ReplyTemplate.id)
    ).all()
    for head in heads:
        if handover.takes(f"template:{head.id}"):
            head.department_id = handover.target_id
    db.session.flush()
