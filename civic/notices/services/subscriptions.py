"""Writes of subscriptions: ask, confirm, end, and what the hourly job does. Callers commit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update

from civic.changes.queries import Scope, changes, scope_of
from civic.core import outbox
from civic.core.addresses import read_email
from civic.core.crypto import encrypt, keyed_hash
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.departments import queries as departments
from civic.notices.models import Subscription
from civic.notices.rules.subscriptions import (
    CONFIRM_WITHIN,
    MOST_ASKED_A_DAY,
    is_sending_hour,
    may_ask_again,
    same_address,
)
from civic.notices.tokens import Named

CONFIRM_KIND = "subscription_confirm"
DIGEST_KIND = "subscription_digest"
HASH_PURPOSE = "subscription"


def ask_to_subscribe(scope: Scope, typed: str, locale: str, now: datetime) -> None:
    """Send a confirmation to the address, unless it has one already or was asked too often.

    Says nothing about which of these it was: whoever asks learns nothing about an address.
    Raises :class:`~civic.core.errors.Invalid` for what is no address.
    """
    address = read_email(typed)
    if address is None:
        raise Invalid(
            N_("This is no e-mail address. It looks like name@example.com."), field="address", code="address"
        )
    hashed, sealed = keyed_hash(same_address(address), HASH_PURPOSE), encrypt(address)
    often = _asked_lately(hashed, now) >= MOST_ASKED_A_DAY
    row = _existing(hashed, scope)
    if often or (row is not None and (row.confirmed_at or not may_ask_again(row.asked_at, now))):
        return
    if row is None:
        row = Subscription(
            item_id=scope.item.id if scope.item else None,
            department_id=scope.department.id if scope.department else None,
            address=sealed, address_hash=hashed, locale=locale, nonce=new_nonce(), asked_at=now,
        )  # fmt: skip
        db.session.add(row)
    else:
        row.asked_at, row.asked_times, row.locale = now, row.asked_times + 1, locale
    db.session.flush()
    payload = {"subscription_id": row.id, "time": row.asked_times}
    outbox.enqueue(CONFIRM_KIND, f"{CONFIRM_KIND}:{row.nonce}:{row.asked_times}", payload, now)


def confirm_subscription(named: Named, now: datetime) -> bool:
    """Let messages begin; whether there was such a subscription. Confirming twice changes nothing."""
    row = _named(named)
    if row is not None and row.confirmed_at is None:
        row.confirmed_at = row.sent_until = now
    return row is not None


def end_subscription(named: Named) -> None:
    """Delete the subscription with its address; nothing happens if it's gone already."""
    row = _named(named)
    if row is not None:
        db.session.delete(row)


def mark_sent(subscription_id: int, until: datetime) -> None:
    """Note that everything published up to ``until`` was sent."""
    db.session.execute(
        update(Subscription).where(Subscription.id == subscription_id).values(sent_until=until)
    )


def forget_address(subscription_id: int) -> None:
    """Delete a subscription whose address the mail server refuses for good."""
    db.session.execute(delete(Subscription).where(Subscription.id == subscription_id))


def run_hourly(now: datetime) -> int:
    """Forget what nobody confirmed in time; by day, ask for a digest where something is new. Returns how many."""
    lapsed = Subscription.confirmed_at.is_(None) & (Subscription.asked_at < now - CONFIRM_WITHIN)
    db.session.execute(delete(Subscription).where(lapsed))
    local = now.astimezone(ZoneInfo(departments.district().zone))
    if not is_sending_hour(local.hour):
        return 0
    query = (
        select(
            Subscription.item_id, Subscription.department_id, Subscription.id, Subscription.nonce,
            Subscription.sent_until,
        )
        .where(Subscription.confirmed_at.is_not(None))
        .order_by(Subscription.item_id, Subscription.department_id, Subscription.id)
    )  # fmt: skip
    asked = 0
    for (item_id, department_id), rows in groupby(db.session.execute(query).all(), lambda r: (r[0], r[1])):
        scope = scope_of(item_id, department_id)
        waiting = [(row.id, row.nonce, row.sent_until) for row in rows if row.sent_until is not None]
        if scope is not None:
            asked += _ask_for_digests(scope, waiting, local.date().isoformat(), now)
    return asked


def _ask_for_digests(
    scope: Scope, waiting: Iterable[tuple[int, str, datetime]], day: str, now: datetime
) -> int:
    waiting = list(waiting)
    news = changes(scope, since=min(since for _, _, since in waiting), until=now, limit=1)
    asked = 0
    for subscription_id, nonce, since in waiting:
        if news and news[0].at > since:
            payload = {"subscription_id": subscription_id, "until": now.isoformat()}
            outbox.enqueue(DIGEST_KIND, f"{DIGEST_KIND}:{nonce}:{day}", payload, now)
            asked += 1
    return asked


def _existing(hashed: str, scope: Scope) -> Subscription | None:
    query = select(Subscription).where(Subscription.address_hash == hashed)
    if scope.department is not None:
        query = query.where(Subscription.department_id == scope.department.id)
    else:
        assert scope.item is not None
        query = query.where(Subscription.item_id == scope.item.id)
    return db.session.scalar(query)


def _asked_lately(hashed: str, now: datetime) -> int:
    since = now - timedelta(days=1)
    query = select(func.coalesce(func.sum(Subscription.asked_times), 0)).where(
        Subscription.address_hash == hashed, Subscription.asked_at > since
    )
    return int(db.session.scalar(query) or 0)


def _named(named: Named) -> Subscription | None:
    query = select(Subscription).where(
        Subscription.id == named.subscription_id, Subscription.nonce == named.nonce
    )
    return db.session.scalar(query)
