"""Targets of single years (9.2.1) and budgets of projects (9.2.3), each with the document it comes from."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime
from civic.core.extensions import db


class AnnualTargetRow(db.Model):  # type: ignore[name-defined,misc]
    """What an indicator is to reach in one year. ``printed`` is the wording of the document (570左右, <25)."""

    __tablename__ = "annual_target"
    __table_args__ = (
        CheckConstraint("supersedes_id <> id", "supersedes_another"),
        Index(
            "uq_annual_target_first",
            "item_id",
            "year",
            unique=True,
            sqlite_where=text("supersedes_id IS NULL"),
            postgresql_where=text("supersedes_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    year: Mapped[int]
    printed: Mapped[str] = mapped_column(String(40))
    as_rate: Mapped[bool] = mapped_column(default=False)
    """Growth over the year before in percent, not a level."""
    source_title: Mapped[str] = mapped_column(String(200))
    source_number: Mapped[str] = mapped_column(String(80), default="")
    source_link: Mapped[str] = mapped_column(String(500), default="")
    set_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("annual_target.id"), unique=True)


class BudgetRow(db.Model):  # type: ignore[name-defined,misc]
    """Money of a project in one year, planned or spent; ``amount`` is a decimal string in 万元 (10,000 CNY)."""

    __tablename__ = "budget"
    __table_args__ = (
        CheckConstraint("kind IN ('planned', 'spent')", "kind"),
        CheckConstraint("supersedes_id <> id", "supersedes_another"),
        Index(
            "uq_budget_first",
            "item_id",
            "year",
            "kind",
            unique=True,
            sqlite_where=text("supersedes_id IS NULL"),
            postgresql_where=text("supersedes_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    amount: Mapped[str] = mapped_column(String(40))
    source_title: Mapped[str] = mapped_column(String(200))
    source_link: Mapped[str] = mapped_column(String(500), default="")
    source_document: Mapped[str] = mapped_column(String(200), default="")
    source_date: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("budget.id"), unique=True)
