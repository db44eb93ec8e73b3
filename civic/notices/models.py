"""Subscriptions: an encrypted address and what it follows. Cancelling deletes the row, and nothing else knows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime
from civic.core.extensions import db


class Subscription(db.Model):  # type: ignore[name-defined,misc]
    """One address that follows one item (with all below it) or one department; a message goes out once it's confirmed.

    ``address_hash`` is keyed: only this server can look an address up. ``nonce`` goes into the links,
    so that a link is void as soon as the row is gone, even if its id is given out again.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("(item_id IS NULL) <> (department_id IS NULL)", "one_subject"),
        CheckConstraint("(confirmed_at IS NULL) = (sent_until IS NULL)", "sent_once_confirmed"),
        CheckConstraint("locale IN ('zh_Hans', 'zh_Hant', 'en')", "locale"),
        Index("uq_subscription_item", "address_hash", "item_id", unique=True),
        Index("uq_subscription_department", "address_hash", "department_id", unique=True),
        Index("ix_subscription_confirmed_at", "confirmed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    address_hash: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(8))
    nonce: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When a confirmation was last asked for."""
    asked_times: Mapped[int] = mapped_column(default=1)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What was published up to this moment has been sent."""
