"""What the outbox does for subscriptions, outside any transaction: a slow mail server holds up nobody's writing."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from civic.changes.queries import changes
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.notices import mail, queries, services
from civic.notices.rules import MOST_IN_A_DIGEST


def deliver_confirmation(payload: Mapping[str, Any], now: datetime) -> None:
    """Ask an address to confirm; nothing is sent if that is no longer needed."""
    row = queries.subscription(payload["subscription_id"])
    if row is None or row.scope is None or row.confirmed_at is not None:
        return
    message = mail.confirmation(row, payload["time"], queries.address_of(row.id), now)
    _send(message, row.id)


def deliver_digest(payload: Mapping[str, Any], now: datetime) -> None:
    """Send what is new since the last digest, then note how far it went."""
    row = queries.subscription(payload["subscription_id"])
    until = datetime.fromisoformat(payload["until"])
    if row is None or row.scope is None or row.sent_until is None or row.sent_until >= until:
        return
    found = changes(row.scope, since=row.sent_until, until=until, limit=MOST_IN_A_DIGEST + 1)
    if found:
        _send(mail.digest(row, found, queries.address_of(row.id), until), row.id)
    with unit_of_work():
        services.mark_sent(row.id, until)


def _send(message: EmailMessage, subscription_id: int) -> None:
    # The read transaction ends before the network begins.
    db.session.rollback()
    try:
        mail.send(message)
    except smtplib.SMTPRecipientsRefused as refused:
        if not all(500 <= code < 600 for code, _ in refused.recipients.values()):
            raise
        # There is no such mailbox: writing to it again tomorrow helps nobody.
        with unit_of_work():
            services.forget_address(subscription_id)
