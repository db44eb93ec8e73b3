"""Staff accounts, what they may do, where they are signed in, and the four-eyes reset of a second factor."""

from __future__ import annotations

from datetime import date, datetime

from flask_security import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.actor import Role
from civic.core.db import JsonDict, UtcDateTime, key_text
from civic.core.extensions import db

_ROLES = ", ".join(f"'{role.value}'" for role in Role)


class Account(db.Model, UserMixin):  # type: ignore[name-defined,misc]
    """One person of the staff. An account is never deleted: what it did stays attributable."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("active = (deactivated_at IS NULL)", name="active_or_since_when_not"),
        CheckConstraint("(tf_primary_method IS NULL) = (tf_totp_secret IS NULL)", name="second_factor_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(key_text(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    locale: Mapped[str] = mapped_column(String(8), default="zh_Hans")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password: Mapped[str | None] = mapped_column(String(255))
    """Argon2id; null until the person has set one through the link."""
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_link_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the link to set the password was issued that is open now; null if none is."""
    fs_uniquifier: Mapped[str] = mapped_column(key_text(64), unique=True)
    """Named in every session and link of the account; a new value ends them all."""
    tf_primary_method: Mapped[str | None] = mapped_column(String(16))
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    """Encrypted under a key derived from the settings."""
    tf_last_counter: Mapped[int | None]
    """Time step of the last accepted code: no code is good twice."""
    mf_recovery_codes: Mapped[list[str]] = mapped_column(MutableList.as_mutable(JsonDict), default=list)
    """Keyed hashes of the codes that are left; the codes themselves are stored nowhere."""
    wants_digest: Mapped[bool] = mapped_column(default=True)
    digest_day: Mapped[date | None]
    """The last working day for which a mail about the own work was written down, whether or not one left."""
    digest_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What happened up to this moment was told by mail."""
    notices_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What happened up to this moment was marked as seen at the desk."""


class RoleGrant(db.Model):  # type: ignore[name-defined,misc]
    """A role of an account: handler and lead in a department, all others in the district."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLES})", name="role_known"),
        CheckConstraint(
            "(role IN ('handler', 'lead')) = (department_id IS NOT NULL)", name="department_where_held"
        ),
        Index(
            "uq_role_grant_district",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text("department_id IS NULL"),
            postgresql_where=text("department_id IS NULL"),
        ),
        Index(
            "uq_role_grant_department",
            "account_id",
            "role",
            "department_id",
            unique=True,
            sqlite_where=text("department_id IS NOT NULL"),
            postgresql_where=text("department_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffSession(db.Model):  # type: ignore[name-defined,misc]
    """One sign-in on one device. The cookie holds the token, the table its hash: a sign-out is final.

    ``seen_at`` is noted at most every half an hour; of the browser's description two words are kept.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(key_text(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    browser: Mapped[str] = mapped_column(String(16))
    system: Mapped[str] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactorReset(db.Model):  # type: ignore[name-defined,misc]
    """A lost second factor is taken off by two admins: one asks, another confirms."""

    __tablename__ = "second_factor_reset"
    __table_args__ = (
        CheckConstraint("confirmed_by <> requested_by", name="four_eyes"),
        CheckConstraint("confirmed_by <> account_id", name="not_by_its_owner"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmation_whole"),
        CheckConstraint("confirmed_at IS NULL OR cancelled_at IS NULL", name="one_outcome"),
        Index(
            "uq_second_factor_reset_open",
            "account_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    requested_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Absence(db.Model):  # type: ignore[name-defined,misc]
    """Somebody is away from a department from one day to another, both included, and who stands in. Why isn't asked.

    Those of one person in one department never overlap: the service sees to it under the lock of the account.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until >= since", name="period"),
        CheckConstraint("stand_in_id <> account_id", name="somebody_else"),
        Index("ix_absence_department_id", "department_id", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    since: Mapped[date]
    until: Mapped[date]
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """None: nobody; the lead gives the cases to others one by one."""
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
