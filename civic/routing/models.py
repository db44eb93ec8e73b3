"""The routing table as it stands, loaded from ``routing.yaml``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, key_text
from civic.core.extensions import db


class RoutingRule(db.Model):  # type: ignore[name-defined,misc]
    """One rule, in the table's order. ``department_id`` None means the office of the street."""

    __tablename__ = "routing_rule"
    __table_args__ = (CheckConstraint("(department_id IS NULL) = to_street", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(key_text(16), unique=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    name_hant: Mapped[str] = mapped_column(String(80), default="")
    condition: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    to_street: Mapped[bool] = mapped_column(default=False)
    over: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    yields: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)


class StatutoryChannelRow(db.Model):  # type: ignore[name-defined,misc]
    """A channel outside the platform that a text may be for, and what the writer is told."""

    __tablename__ = "statutory_channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(key_text(16), unique=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    name_hant: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(120), default="")
    advice: Mapped[str] = mapped_column(Text)
    advice_hant: Mapped[str] = mapped_column(Text, default="")
    advice_en: Mapped[str] = mapped_column(Text, default="")
    condition: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    phone: Mapped[str] = mapped_column(String(40), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    emergency: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
