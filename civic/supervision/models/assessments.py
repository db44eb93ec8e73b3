"""Assessments of a plan (规划评估): opened, filled by departments, approved, published and sealed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db


class Assessment(db.Model):  # type: ignore[name-defined,misc]
    """One assessment. ``facts`` are filled from data when it is opened and renewed until it is approved;
    ``seal`` is the SHA-256 of what was published, from when the database refuses any change."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("kind IN ('annual', 'mid_term', 'final', 'third_party', 'deputies')", "kind"),
        CheckConstraint("state IN ('open', 'approved', 'published', 'discarded')", "state"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", "published"),
        CheckConstraint("state <> 'published' OR seal <> ''", "sealed"),
        CheckConstraint("until >= since", "period"),
        UniqueConstraint("plan_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    """Counts the assessments of the plan from 1."""
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    since: Mapped[date]
    until: Mapped[date]
    """The last day of the period, inclusive."""
    state: Mapped[str] = mapped_column(String(12), default="open")
    version: Mapped[int] = mapped_column(default=1)
    introduction: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    assessor: Mapped[str] = mapped_column(String(160), default="")
    """Who assesses, where it isn't the district itself: an institute, a group of deputies."""
    facts: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    facts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who changed it last: somebody else approves it."""
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seal: Mapped[str] = mapped_column(String(64), default="")


class AssessmentPart(db.Model):  # type: ignore[name-defined,misc]
    """The self-assessment of one department."""

    __tablename__ = "assessment_part"
    __table_args__ = (
        UniqueConstraint("assessment_id", "department_id"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", "submitted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    """0: nothing was written yet."""
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Recommendation(db.Model):  # type: ignore[name-defined,misc]
    """What an assessment recommends to a department. Follow-ups are rows of their own, shown in the next one."""

    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("assessment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    number: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]


class FollowUp(db.Model):  # type: ignore[name-defined,misc]
    """What a department says has come of a recommendation; the newest counts, all stay."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'under_way', 'done', 'declined')", "status"),
        Index("ix_follow_up_recommendation_id", "recommendation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    status: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    said_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupervisionScript(db.Model):  # type: ignore[name-defined,misc]
    """The Traditional form of published texts, written by the worker, which alone loads OpenCC.

    Apart from the texts, because those are sealed the moment they are published.
    """

    __tablename__ = "supervision_script"
    __table_args__ = (
        CheckConstraint("subject IN ('assessment', 'follow_up', 'opinion')", "subject"),
        UniqueConstraint("subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    texts: Mapped[dict[str, str]] = mapped_column(JsonDict)
    """{text as published: the same in Traditional characters}."""
