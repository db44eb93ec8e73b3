"""What is known of an uploaded file. Its bytes lie in the instance folder, under its key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime, key_text
from civic.core.extensions import db


class StoredFile(db.Model):  # type: ignore[name-defined,misc]
    """One uploaded file. ``key`` is random and is its address; nobody finds a file that isn't linked."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size > 0", "size"),
        CheckConstraint("length(key) >= 32", "key"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", "measures"),
        CheckConstraint("withdrawn_at IS NULL OR NOT public", "withdrawn"),
        CheckConstraint("kept_until IS NULL OR NOT public", "draft"),
        Index("ix_stored_file_kept_until", "kept_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(key_text(64), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """Bytes as stored: a photo's after it was made anew."""
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    public: Mapped[bool] = mapped_column(default=False)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Taken down: the address answers 404 from the next request on; the row and the bytes stay as a record."""
    kept_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A draft: uploaded with a form that isn't sent yet, and erased after this moment unless it's taken."""
