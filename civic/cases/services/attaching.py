"""Files of staff: put with the next answer or beside the notes, taken away again, and gone out with the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update

from civic.cases import policy
from civic.cases.models import CaseAttachment, Reply
from civic.cases.rules import MOST_ATTACHMENTS, AttachedTo, CaseFacts, Party
from civic.cases.services.applying import load_facts, not_found
from civic.core import audit
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.files import services as files
from civic.files.services import Upload
from civic.web.caching import raise_content_version


def attach_file(actor: Actor, case_id: int, upload: Upload, attached_to: AttachedTo, now: datetime) -> int:
    """Put a file with the case; returns the attachment's id. It changes nothing about the case, so it needs no version.

    Raises :class:`NotFound` for another department's case, :class:`NotAllowed`, :class:`Invalid` for one too many.
    """
    facts = _seen(actor, case_id)
    policy.can_attach(actor, attached_to, facts, now).require()
    waiting = _waiting(case_id, facts.department_id) if attached_to is AttachedTo.REPLY else 0
    if waiting >= MOST_ATTACHMENTS:
        raise Invalid(
            N_("At most %(most)d files go out with one answer."), field="upload", most=MOST_ATTACHMENTS
        )
    row = files.store_upload(actor, upload, now)
    departments = (d for d in (facts.department_id, *facts.supports) if d in actor.departments())
    attachment = CaseAttachment(
        case_id=case_id,
        attached_to=attached_to.value,
        department_id=next(departments, None),
        account_id=actor.account_id,
        file_key=row.key,
        name=row.name,
        size=row.size,
        at=now,
    )
    db.session.add(attachment)
    db.session.flush()
    audit.record(
        actor, "attachment.add", "case", case_id, now, to=attached_to.value, attachment=attachment.id
    )
    return attachment.id


def remove_attachment(actor: Actor, case_id: int, attachment_id: int, now: datetime) -> None:
    """Erase a file that has not gone out; take down one that has. Its row then says so.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    facts = _seen(actor, case_id)
    row = db.session.scalar(
        select(CaseAttachment)
        .where(CaseAttachment.id == attachment_id, CaseAttachment.case_id == case_id)
        .with_for_update()
    )
    if row is None or row.withdrawn_at is not None:
        raise _none()
    policy.can_remove_attachment(
        actor, AttachedTo(row.attached_to), row.account_id, facts, now, is_out=row.reply_id is not None
    ).require()
    if row.reply_id is None:
        files.erase_files([row.file_key])
        db.session.delete(row)
    else:
        files.withdraw_file(actor, row.file_key, now)
        row.withdrawn_at = now
        raise_content_version()
    db.session.flush()
    audit.record(actor, "attachment.remove", "case", case_id, now, attachment=row.id)


def send_out_with(reply: Reply) -> None:
    """What the department put ready goes out with this answer."""
    ready = (
        CaseAttachment.case_id == reply.case_id,
        CaseAttachment.attached_to == AttachedTo.REPLY.value,
        CaseAttachment.department_id == reply.department_id,
        CaseAttachment.reply_id.is_(None),
    )
    db.session.execute(update(CaseAttachment).where(*ready).values(reply_id=reply.id))


def erase_unsent(case_ids: Iterable[int]) -> int:
    """Erase what never went out: notes' files and what lay ready; how many. They may show the person."""
    rows = list(
        db.session.scalars(
            select(CaseAttachment).where(
                CaseAttachment.case_id.in_(list(case_ids)), CaseAttachment.reply_id.is_(None)
            )
        )
    )
    files.erase_files(row.file_key for row in rows)
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    return len(rows)


def _seen(actor: Actor, case_id: int) -> CaseFacts:
    facts = load_facts(case_id)
    if (
        facts is None
        or not policy.can_see(actor, facts)
        or not policy.parties(actor, facts) - {Party.RESIDENT}
    ):
        raise not_found()
    return facts


def _waiting(case_id: int, department_id: int | None) -> int:
    found = db.session.scalar(
        select(func.count(CaseAttachment.id)).where(
            CaseAttachment.case_id == case_id,
            CaseAttachment.attached_to == AttachedTo.REPLY.value,
            CaseAttachment.department_id == department_id,
            CaseAttachment.reply_id.is_(None),
        )
    )
    return found or 0


def _none() -> NotFound:
    return NotFound(N_("There is no such file."))
