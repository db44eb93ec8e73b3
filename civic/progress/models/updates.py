"""What a department reports of an item: drafted, approved by its lead, published, and never edited from then on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db


class ProgressUpdate(db.Model):  # type: ignore[name-defined,misc]
    """One report on a clause, commitment or project, with its evidence and milestones as they stood then.

    The database refuses any change once ``state`` is ``published``. ``corrects_id`` points to
    the published update that this one corrects, which stays visible.
    """

    __tablename__ = "progress_update"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'published', 'discarded')", "state"),
        CheckConstraint("status IN ('not_started', 'under_way', 'done', 'delayed', 'adjusted')", "status"),
        CheckConstraint("percent IS NULL OR percent BETWEEN 0 AND 100", "percent"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", "published"),
        CheckConstraint("state <> 'published' OR approved_by IS NOT NULL", "approved"),
        CheckConstraint("corrects_id <> id", "corrects_another"),
        CheckConstraint(
            "state <> 'published' OR drafted_by IS NULL OR drafted_by <> approved_by", "four_eyes"
        ),
        # One report at a time is being written, and one correction takes the place of another report.
        Index(
            "uq_progress_update_open",
            "item_id",
            "department_id",
            unique=True,
            sqlite_where=text("state IN ('draft', 'submitted')"),
            postgresql_where=text("state IN ('draft', 'submitted')"),
        ),
        Index(
            "uq_progress_update_corrects_id",
            "corrects_id",
            unique=True,
            sqlite_where=text("state <> 'discarded'"),
            postgresql_where=text("state <> 'discarded'"),
        ),
        Index("ix_progress_update_item_id", "item_id", "published_at"),
        Index("ix_progress_update_department_id", "department_id", "state"),
        Index("ix_progress_update_published_at", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    """Raised with each save; a save of an older version is refused."""
    status: Mapped[str] = mapped_column(String(16))
    percent: Mapped[int | None]
    """Only where the department itself reports one."""
    text: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    """The day that the report speaks of."""
    expected_on: Mapped[date | None]
    """When the department now expects it to be done."""
    milestones: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)
    """[{key, title, planned_on | None, actual_on | None}] in order; dates as ISO text."""
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)
    """[{kind: link | document | photo, title, url | None, file | None}]; ``file`` is the key of a stored file."""
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who saved these words last; somebody else approves them."""
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_back_note: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("progress_update.id"))
    script: Mapped[UpdateScript | None] = relationship(lazy="joined", viewonly=True)

    @property
    def text_hant(self) -> str:
        """The text in Traditional characters; '' until the worker has written it."""
        return self.script.texts.get(self.text, "") if self.script else ""


class UpdateScript(db.Model):  # type: ignore[name-defined,misc]
    """The Traditional form of a published update's texts, written by the worker, which alone loads OpenCC.

    Apart from the update, because that is sealed the moment it is published.
    """

    __tablename__ = "progress_update_script"

    update_id: Mapped[int] = mapped_column(
        ForeignKey("progress_update.id"), primary_key=True, autoincrement=False
    )
    texts: Mapped[dict[str, str]] = mapped_column(JsonDict)
    """{text as published: the same in Traditional characters}: the report, titles of milestones and evidence."""
