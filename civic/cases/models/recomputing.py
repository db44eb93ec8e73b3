"""Orders to let the deadlines of many open cases follow a change: the worker carries them out in portions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, UtcDateTime
from civic.core.extensions import db


class Recomputation(db.Model):  # type: ignore[name-defined,misc]
    """One order, from the change that caused it to the last case that was looked at.

    ``days``: the days by level that open cases get, as they were confirmed; {} where working days changed.
    ``until_case_id``: cases that came after it have the new days already. ``position``: the case up to which it is
    done. The counters say what was found there: deadlines ``moved``, ``certain`` ones that keep their day, and how
    many became ``overdue`` or are back ``in_time``.
    """

    __tablename__ = "recomputation"
    __table_args__ = (
        CheckConstraint("finished_at IS NULL OR gone_on_at IS NOT NULL", "finished_after_it_began"),
        Index("ix_recomputation_unfinished", "finished_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("dated_change.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    days: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    until_case_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    looked: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    certain: Mapped[int] = mapped_column(default=0)
    overdue: Mapped[int] = mapped_column(default=0)
    in_time: Mapped[int] = mapped_column(default=0)
    gone_on_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecomputedCase(db.Model):  # type: ignore[name-defined,misc]
    """An open case whose deadlines an order moved; ``clocks`` are [name, before, after] of each."""

    __tablename__ = "recomputed_case"

    recomputation_id: Mapped[int] = mapped_column(
        ForeignKey("recomputation.id"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    due_before: Mapped[datetime] = mapped_column(UtcDateTime)
    due_after: Mapped[datetime] = mapped_column(UtcDateTime)
    clocks: Mapped[list[list[str]]] = mapped_column(JsonDict)
    becomes_overdue: Mapped[bool]
    no_longer_overdue: Mapped[bool]
