"""The tables of plans. Codes are stable: feedback, progress and links point to them for years."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, UtcDateTime, key_text
from civic.core.extensions import db
from civic.plans.rules import ItemKind, PlanStatus

KINDS = ", ".join(f"'{kind.value}'" for kind in ItemKind)
STATUSES = ", ".join(f"'{status.value}'" for status in PlanStatus)


class Plan(db.Model):  # type: ignore[name-defined,misc]
    """One plan document. ``coverage`` is the importer's count of the import that stands."""

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint(f"status IN ({STATUSES})", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(key_text(64), unique=True)
    status: Mapped[str] = mapped_column(String(16), default=PlanStatus.DRAFT.value)
    title: Mapped[str] = mapped_column(String(200))
    title_hant: Mapped[str] = mapped_column(String(200), default="")
    short_name: Mapped[str] = mapped_column(String(80), default="")
    short_name_hant: Mapped[str] = mapped_column(String(80), default="")
    short_name_en: Mapped[str] = mapped_column(String(80), default="")
    first_year: Mapped[int]
    last_year: Mapped[int]
    document_number: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date | None]
    issued_by: Mapped[str] = mapped_column(String(120), default="")
    approved_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A random mark, new with every change of the plan's content: what processes keep in memory is keyed on it."""
    report: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    adjusting: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    """Who may adjust it: {body, rules: [{source, quote, link, clause}]}, from ``district.yaml``."""


class Item(db.Model):  # type: ignore[name-defined,misc]
    """Anything of a plan that has a page. ``position`` is the order of the document."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        CheckConstraint(f"kind IN ({KINDS})", "kind"),
        Index("ix_item_plan_id_position", "plan_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    code: Mapped[str] = mapped_column(key_text(32))
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(16), default="")
    title: Mapped[str] = mapped_column(String(300))
    title_hant: Mapped[str] = mapped_column(String(300), default="")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    position: Mapped[int]
    first_line: Mapped[int] = mapped_column(default=0)
    last_line: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """No longer in the document after a re-import; its page and its feedback stay."""


class Paragraph(db.Model):  # type: ignore[name-defined,misc]
    """One paragraph of an item's text; ``anchor`` (p1, p2 …) stays with its text, not with its place."""

    __tablename__ = "paragraph"
    __table_args__ = (UniqueConstraint("item_id", "anchor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    anchor: Mapped[str] = mapped_column(key_text(8))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    text_hant: Mapped[str] = mapped_column(Text, default="")


class Indicator(db.Model):  # type: ignore[name-defined,misc]
    """One row of a printed table. Every cell as printed; numbers are decimal strings, exactly as they stand."""

    __tablename__ = "indicator"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, autoincrement=False)
    number: Mapped[int]
    unit: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    category_hant: Mapped[str] = mapped_column(String(40), default="")
    nature: Mapped[str | None] = mapped_column(String(16))
    target_kind: Mapped[str] = mapped_column(String(20))
    lower_is_better: Mapped[bool] = mapped_column(default=False)
    baseline_year: Mapped[int]
    target_year: Mapped[int]
    printed: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    """{role: {text, value, qualifier, cumulative, unit} | None}: baseline, target, target_rate, result, result_rate."""
    notes: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    adjustment_id: Mapped[int | None] = mapped_column(ForeignKey("adjustment.id"))
    """The adjustment that allowed the last change; the database refuses a changed target without a new one."""
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    """The same indicator in the plan before: together they are one series."""
    series_break: Mapped[dict[str, str] | None] = mapped_column(JsonDict)
    """{zh, zh_hant, en}: why the two can't be drawn as one line; None where unit and meaning stayed."""
    hant: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    """Traditional script of the row's texts, by their Simplified form."""


class Project(db.Model):  # type: ignore[name-defined,misc]
    """One named project of a 专栏 box."""

    __tablename__ = "project"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, autoincrement=False)
    box: Mapped[int]
    box_title: Mapped[str] = mapped_column(String(120))
    box_title_hant: Mapped[str] = mapped_column(String(120), default="")
    category: Mapped[str] = mapped_column(String(80))
    category_hant: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(String(40), default="")
    deadline: Mapped[date | None]
    """Set by an adjustment: the print gives projects no day of their own."""
    adjustment_id: Mapped[int | None] = mapped_column(ForeignKey("adjustment.id"))


class Commitment(db.Model):  # type: ignore[name-defined,misc]
    """A promise to residents, quoted word for word from a clause."""

    __tablename__ = "commitment"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, autoincrement=False)
    clause_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    area: Mapped[str] = mapped_column(key_text(32), index=True)
    quote: Mapped[str] = mapped_column(Text)
    quote_hant: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[dict[str, Any] | None] = mapped_column(JsonDict)
    deadline: Mapped[date | None]
    adjustment_id: Mapped[int | None] = mapped_column(ForeignKey("adjustment.id"))


class Responsibility(db.Model):  # type: ignore[name-defined,misc]
    """Which department leads or supports an item; exactly one lead."""

    __tablename__ = "responsibility"
    __table_args__ = (
        UniqueConstraint("item_id", "department_id"),
        CheckConstraint("role IN ('lead', 'support')", "role"),
        Index(
            "uq_responsibility_lead",
            "item_id",
            unique=True,
            sqlite_where=text("role = 'lead'"),
            postgresql_where=text("role = 'lead'"),
        ),
        Index("ix_responsibility_department_id", "department_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    role: Mapped[str] = mapped_column(String(8))
    position: Mapped[int] = mapped_column(default=0)
    official: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[date | None]


class PlanTable(db.Model):  # type: ignore[name-defined,misc]
    """A printed table or box as it stands in a section: caption, header, rows, notes."""

    __tablename__ = "plan_table"
    __table_args__ = (UniqueConstraint("plan_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    title_hant: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    content_hant: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)


class ErratumRow(db.Model):  # type: ignore[name-defined,misc]
    """One mended slip of print or OCR, shown on the item where it stands."""

    __tablename__ = "erratum"
    __table_args__ = (UniqueConstraint("plan_id", "line", "old"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    line: Mapped[int]
    old: Mapped[str] = mapped_column(String(200))
    new: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(String(300))


class PlainSummary(db.Model):  # type: ignore[name-defined,misc]
    """What an item means in plain words, by an editor; no part of the plan. A new version supersedes the one before.

    Append-only but for the Traditional form, which the worker writes once. An empty text takes the summary back.
    """

    __tablename__ = "plain_summary"
    __table_args__ = (
        CheckConstraint("supersedes_id <> id", "supersedes_another"),
        Index(
            "uq_plain_summary_first",
            "item_id",
            unique=True,
            sqlite_where=text("supersedes_id IS NULL"),
            postgresql_where=text("supersedes_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    text_hant: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("plain_summary.id"), unique=True)
