"""Reads: whether somebody wants a mail about the own work, and up to when they have been told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.accounts.models import Account
from civic.accounts.rules import told_from
from civic.core.extensions import db


@dataclass(frozen=True, slots=True)
class Told:
    """From when on there is news for somebody: by mail (``digest_from``) and at the desk (``desk_from``)."""

    email: str
    name: str
    locale: str
    wants_digest: bool
    digest_from: datetime
    desk_from: datetime


def told(account_id: int, now: datetime) -> Told:
    """How far an account has been told."""
    row = db.session.get_one(Account, account_id)
    return Told(
        row.email, row.name, row.locale, row.wants_digest,
        told_from(row.digest_until, row.created_at, now), told_from(row.notices_until, row.created_at, now),
    )  # fmt: skip
