"""What the outbox does with messages, outside any transaction: a slow server holds up nobody's writing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from civic.cases import queries as cases
from civic.cases.rules import NoticeChannel
from civic.changes.queries import changes
from civic.core.db import unit_of_work
from civic.core.delivery import NotWanted
from civic.core.extensions import db
from civic.notices import gateway, letters, mail, queries, smtp
from civic.notices.letters import Letter
from civic.notices.rules.residents import MOST_CONFIRMED_A_DAY, NoticeKind, is_overtaken, key_of
from civic.notices.rules.subscriptions import MOST_IN_A_DIGEST
from civic.notices.services import subscriptions as services


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
        smtp.send(message)
    except smtp.NoMailbox as refused:
        # There is no such mailbox: writing to it again tomorrow helps nobody.
        with unit_of_work():
            services.forget_address(subscription_id)
        raise NotWanted(refused.code) from refused


def deliver_mail_notice(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell the writer of a case by e-mail."""
    letter = _letter(payload, NoticeChannel.EMAIL, now)
    message = letters.mail_of(letter, now)
    db.session.rollback()
    smtp.send(message)


def deliver_sms_notice(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell the writer of a case by text message."""
    letter = _letter(payload, NoticeChannel.SMS, now)
    text = letters.sms_of(letter, now)
    db.session.rollback()
    gateway.send(letter.to.address, text, letter.key, now)


def _letter(payload: Mapping[str, Any], channel: NoticeChannel, now: datetime) -> Letter:
    """What is to be said, to whom, as things stand at this moment; raises :class:`NotWanted` if nothing is."""
    kind, case_id = NoticeKind(payload["notice"]), payload["case_id"]
    to = cases.recipient(case_id, channel, now)
    if to is None:
        raise NotWanted("switched_off")
    if not to.address:
        raise NotWanted("no_address")
    if kind is NoticeKind.RECEIVED and to.others_lately >= MOST_CONFIRMED_A_DAY:
        raise NotWanted("too_many")
    case = cases.tracked_case(case_id, now)
    if is_overtaken(kind, case.status):
        raise NotWanted("overtaken")
    return Letter(kind, key_of(kind, case_id, payload["cause"], channel), case, to)
