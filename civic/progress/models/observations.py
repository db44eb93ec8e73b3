"""Reported values of indicators."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime
from civic.core.extensions import db


class ObservationRow(db.Model):  # type: ignore[name-defined,misc]
    """A reported value of an indicator for a year (实绩), with its source.

    ``about``: ``indicator``, or ``reference`` for the value that an external target refers to
    (市下达, 全市平均). ``value`` is a decimal string, exactly as reported.
    """

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("about IN ('indicator', 'reference')", "about"),
        CheckConstraint("supersedes_id <> id", "supersedes_another"),
        Index(
            "uq_observation_first",
            "item_id",
            "about",
            "year",
            unique=True,
            sqlite_where=text("supersedes_id IS NULL"),
            postgresql_where=text("supersedes_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    about: Mapped[str] = mapped_column(String(12), default="indicator")
    year: Mapped[int]
    value: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40), default="")
    """'' is the indicator's unit; another one is a change of basis."""
    cumulative: Mapped[bool] = mapped_column(default=False)
    """The sum since the plan began, not the year's own value."""
    source_title: Mapped[str] = mapped_column(String(200))
    source_link: Mapped[str] = mapped_column(String(500), default="")
    source_document: Mapped[str] = mapped_column(String(200), default="")
    """Number or name of the document, for a source without a web address."""
    source_date: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"), unique=True)
