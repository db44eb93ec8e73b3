"""Reads of subscriptions: what a link names, and what the worker needs to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.changes.queries import Scope, scope_of
from civic.core.crypto import decrypt
from civic.core.extensions import db
from civic.notices.models import Subscription
from civic.notices.tokens import Named


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One subscription without its address. ``scope`` is None if what it follows is no longer public."""

    id: int
    nonce: str
    locale: str
    scope: Scope | None
    confirmed_at: datetime | None
    sent_until: datetime | None


def subscription_named(named: Named | None) -> SubscriptionRow | None:
    """The subscription that a link names; None once it's gone."""
    if named is None:
        return None
    query = select(Subscription).where(
        Subscription.id == named.subscription_id, Subscription.nonce == named.nonce
    )
    row = db.session.scalar(query)
    return _row(row) if row else None


def subscription(subscription_id: int) -> SubscriptionRow | None:
    """One subscription by id; for the worker."""
    row = db.session.get(Subscription, subscription_id)
    return _row(row) if row else None


def address_of(subscription_id: int) -> str:
    """The address in clear, for the moment of sending only."""
    return decrypt(db.session.get_one(Subscription, subscription_id).address)


def _row(row: Subscription) -> SubscriptionRow:
    return SubscriptionRow(
        row.id, row.nonce, row.locale, scope_of(row.item_id, row.department_id), row.confirmed_at,
        row.sent_until,
    )  # fmt: skip
