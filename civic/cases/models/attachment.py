"""Files that staff put with a case: with the answer, or for colleagues alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.models.constraints import one_of
from civic.cases.rules import AttachedTo
from civic.core.db import UtcDateTime, key_text
from civic.core.extensions import db


class CaseAttachment(db.Model):  # type: ignore[name-defined,misc]
    """One file. With ``reply_id`` it went out with that answer, and whoever reads the answer may read it.

    Until then only the department sees what is to go out. ``withdrawn_at``: taken down, the row stays as a record.
    """

    __tablename__ = "case_attachment"
    __table_args__ = (
        CheckConstraint(one_of("attached_to", AttachedTo), "attached_to"),
        CheckConstraint("reply_id IS NULL OR attached_to = 'reply'", "with_reply"),
        Index("ix_case_attachment_case_id", "case_id", "id"),
        Index("ix_case_attachment_reply_id", "reply_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    attached_to: Mapped[str] = mapped_column(String(8))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    file_key: Mapped[str] = mapped_column(key_text(64), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
