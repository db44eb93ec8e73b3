"""Photos that came with a message: hidden until each was looked at and approved by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.models.constraints import one_of
from civic.cases.rules import PhotoState
from civic.core.db import JsonDict, UtcDateTime, key_text
from civic.core.extensions import db


class CasePhoto(db.Model):  # type: ignore[name-defined,misc]
    """One photo of a message; ``number`` counts from 1. The original is never shown to the public once covered.

    ``shown_key`` is the file that the public sees while the case is public: the original, or a copy with
    ``squares`` covered. They are remembered, so that whoever covers one more doesn't uncover the others.
    ``file_key`` is empty once the original was erased.
    """

    __tablename__ = "case_photo"
    __table_args__ = (
        UniqueConstraint("feedback_id", "number", name="uq_case_photo_feedback_id_number"),
        CheckConstraint("number BETWEEN 1 AND 4", "number"),
        CheckConstraint(one_of("state", PhotoState), "state"),
        CheckConstraint("(state = 'shown') = (shown_key IS NOT NULL)", "shown"),
        CheckConstraint("(shown_key IS NULL) = (preview_key IS NULL)", "preview"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", "decided"),
        Index("ix_case_photo_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"))
    number: Mapped[int]
    file_key: Mapped[str | None] = mapped_column(key_text(64), unique=True)
    state: Mapped[str] = mapped_column(String(12), default=PhotoState.WAITING.value)
    shown_key: Mapped[str | None] = mapped_column(key_text(64))
    preview_key: Mapped[str | None] = mapped_column(key_text(64))
    squares: Mapped[list[int]] = mapped_column(JsonDict, default=list)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
