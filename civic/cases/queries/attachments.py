"""Files of staff on a case, for who may read the answer or the notes that they stand with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from civic.cases import policy
from civic.cases.models import Case, CaseAttachment, Reply
from civic.cases.rules import AttachedTo, CaseFacts, Party
from civic.core.actor import Actor
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.ids import normalise_reference


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One file; ``size`` in bytes. ``reply_id`` None: it has not gone out."""

    id: int
    attached_to: AttachedTo
    department_id: int | None
    account_id: int
    reply_id: int | None
    file_key: str
    name: str
    size: int
    at: datetime
    withdrawn_at: datetime | None


def attachments_of_replies(reply_ids: Collection[int]) -> dict[int, tuple[AttachmentView, ...]]:
    """What went out with published answers and still stands, by answer. No query without answers."""
    if not reply_ids:
        return {}
    query = _select().where(CaseAttachment.reply_id.in_(reply_ids), CaseAttachment.withdrawn_at.is_(None))
    found: dict[int, tuple[AttachmentView, ...]] = {}
    for row in _rows(query):
        assert row.reply_id is not None
        found[row.reply_id] = (*found.get(row.reply_id, ()), row)
    return found


def unsent_attachments(actor: Actor, facts: CaseFacts, case_id: int) -> tuple[AttachmentView, ...]:
    """What lies ready for the next answer, for the department alone, and files for colleagues."""
    parties = policy.parties(actor, facts)
    if not parties:
        return ()
    rows = _rows(_select().where(CaseAttachment.case_id == case_id, CaseAttachment.reply_id.is_(None)))
    own = Party.HANDLER in parties or Party.LEAD in parties
    return tuple(
        row
        for row in rows
        if row.attached_to is AttachedTo.NOTE or (own and row.department_id == facts.department_id)
    )


def public_attachment(reference: str, attachment_id: int) -> AttachmentView:
    """A file that the public may read now: it went out with an answer of a published case that isn't hidden."""
    return _one(
        _select()
        .join(Reply, Reply.id == CaseAttachment.reply_id)
        .join(Case, Case.id == CaseAttachment.case_id)
        .where(
            Case.reference == normalise_reference(reference),
            Case.visible.is_(True),
            Reply.concealed_at.is_(None),
            CaseAttachment.id == attachment_id,
            CaseAttachment.withdrawn_at.is_(None),
        )
    )


def _select() -> Select[Any]:
    query: Select[Any] = select(CaseAttachment)
    return query.order_by(CaseAttachment.id)


def _one(query: Select[Any]) -> AttachmentView:
    rows = _rows(query)
    if not rows:
        raise NotFound(N_("There is no such file."))
    return rows[0]


def _rows(query: Select[Any]) -> tuple[AttachmentView, ...]:
    return tuple(
        AttachmentView(
            row.id, AttachedTo(row.attached_to), row.department_id, row.account_id, row.reply_id, row.file_key,
            row.name, row.size, row.at, row.withdrawn_at,
        )
        for row in db.session.scalars(query)
    )  # fmt: skip
