"""The tables of a district: who there is, where, on which days, and within how many days.

A row is never deleted, because cases and responsibilities point to it: what is no longer in
the district's data becomes inactive.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import JsonDict, UtcDateTime, key_text
from civic.core.extensions import db
from civic.departments.rules import DepartmentKind, LevelKey

KINDS = ", ".join(f"'{kind.value}'" for kind in DepartmentKind)
LEVELS = ", ".join(f"'{key.value}'" for key in LevelKey)


class Department(db.Model):  # type: ignore[name-defined,misc]
    """An organisation with a queue. ``key`` is how data files name it; ``position`` is the order of the file."""

    __tablename__ = "department"
    __table_args__ = (CheckConstraint(f"kind IN ({KINDS})", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(key_text(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_hant: Mapped[str] = mapped_column(String(120), default="")
    name_en: Mapped[str] = mapped_column(String(160), default="")
    kind: Mapped[str] = mapped_column(String(16), default=DepartmentKind.DEPARTMENT.value)
    function: Mapped[str] = mapped_column(String(200), default="")
    function_hant: Mapped[str] = mapped_column(String(200), default="")
    function_en: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    note_hant: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Street(db.Model):  # type: ignore[name-defined,misc]
    """A street (街道) with its statistical code; ``department_id`` is its office."""

    __tablename__ = "street"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(key_text(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_hant: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(80), default="")
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Community(db.Model):  # type: ignore[name-defined,misc]
    """A residents' community (社区) with its statistical code."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(key_text(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_hant: Mapped[str] = mapped_column(String(80), default="")
    street_id: Mapped[int] = mapped_column(ForeignKey("street.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Reorganisation(db.Model):  # type: ignore[name-defined,misc]
    """A department is merged into another one or passes a part on; ``keys`` as the rules' ``Handover`` has them."""

    __tablename__ = "reorganisation"
    __table_args__ = (
        CheckConstraint("kind IN ('merge', 'split')", "kind"),
        CheckConstraint("source_id <> target_id", "two_departments"),
        CheckConstraint("applied_at IS NULL OR withdrawn_at IS NULL", "applied_or_withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    source_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    effective_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date]
    keys: Mapped[list[str]] = mapped_column(JsonDict)
    recorded_by: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ServiceLevel(db.Model):  # type: ignore[name-defined,misc]
    """Within how many days something is due, from a day on; of one department, or (``None``) of all.

    ``days`` is empty where a department has none of its own any more. ``soon``: how many working days before
    the end it is shown as due soon; empty where that isn't said.
    """

    __tablename__ = "service_level"
    __table_args__ = (
        CheckConstraint(f"level IN ({LEVELS})", "level"),
        CheckConstraint("days BETWEEN 1 AND 400", "days"),
        CheckConstraint("soon BETWEEN 1 AND 30", "soon"),
        CheckConstraint("days IS NOT NULL OR department_id IS NOT NULL", "district_has_days"),
        Index("ix_service_level_level", "level", "department_id", "effective_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(key_text(16))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    days: Mapped[int | None]
    soon: Mapped[int | None]
    effective_from: Mapped[date]


class CalendarYear(db.Model):  # type: ignore[name-defined,misc]
    """A year whose working days are published, and the notice that says so."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice_title: Mapped[str] = mapped_column(String(200))
    notice_number: Mapped[str] = mapped_column(String(80), default="")
    notice_date: Mapped[date | None]
    url: Mapped[str] = mapped_column(String(300), default="")


class CalendarDay(db.Model):  # type: ignore[name-defined,misc]
    """A day that is not what its weekday says: off although Monday to Friday, or a make-up workday."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("calendar_year.year"), index=True)
    works: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))


class DistrictSetting(db.Model):  # type: ignore[name-defined,misc]
    """The district's settings by name, as in ``district.yaml``."""

    __tablename__ = "district_setting"

    key: Mapped[str] = mapped_column(key_text(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JsonDict)


class LoadRecord(db.Model):  # type: ignore[name-defined,misc]
    """A data file as it was last loaded: an unchanged file isn't loaded again."""

    __tablename__ = "load_record"
    __table_args__ = (UniqueConstraint("path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(key_text(200))
    sha256: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
