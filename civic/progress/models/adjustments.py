"""A changed target, deadline or text, with what allows it. Old and new stay visible."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db


class Adjustment(db.Model):  # type: ignore[name-defined,misc]
    """A change of the plan (规划调整, the plan's chapter 9.2.4).

    ``proposed``: announced for a notice period, nothing has changed yet. ``in_force``: the change
    stands; from then on the database refuses any edit. The approving body is data: the plan and
    the Supervision Law name different ones.
    """

    __tablename__ = "adjustment"
    __table_args__ = (
        CheckConstraint("subject IN ('target', 'deadline', 'text', 'title', 'item')", "subject"),
        CheckConstraint("state IN ('proposed', 'in_force', 'withdrawn')", "state"),
        CheckConstraint("(state = 'in_force') = (in_force_on IS NOT NULL)", "in_force"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)", "withdrawn"),
        CheckConstraint(
            "state <> 'in_force' OR (approving_body <> '' AND document_number <> '' AND approved_on IS NOT NULL)",
            "approved",
        ),
        CheckConstraint("notice_until IS NULL OR notice_until >= notice_from", "notice"),
        Index("ix_adjustment_item_id", "item_id"),
        Index("ix_adjustment_plan_id", "plan_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    subject: Mapped[str] = mapped_column(String(12))
    """What changes (``plans.rules.AdjustmentSubject``); ``item``: a whole item is added or taken out."""
    anchor: Mapped[str] = mapped_column(String(8), default="")
    """Of the paragraph whose text changes; '' otherwise."""
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    version: Mapped[int] = mapped_column(default=1)
    old: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    new: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    """The same fields before and after, only those that differ; texts with their ``_hant`` form."""
    reason: Mapped[str] = mapped_column(Text)
    reason_hant: Mapped[str] = mapped_column(Text, default="")
    approving_body: Mapped[str] = mapped_column(String(120), default="")
    approving_body_hant: Mapped[str] = mapped_column(String(120), default="")
    document_number: Mapped[str] = mapped_column(String(80), default="")
    approved_on: Mapped[date | None]
    file: Mapped[str] = mapped_column(String(64), default="")
    """Key of the stored file with the decision."""
    link: Mapped[str] = mapped_column(String(500), default="")
    notice_from: Mapped[date | None]
    notice_until: Mapped[date | None]
    in_force_on: Mapped[date | None]
    in_force_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The moment it took effect: feeds and digests tell what is new since another moment."""
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_reason_hant: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
