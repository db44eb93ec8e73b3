"""Sign-ins: where they begin, how each ends, and how all of an account end at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from civic.accounts import credentials
from civic.accounts.models import Account, StaffSession
from civic.accounts.policy import can_revoke_sessions
from civic.accounts.rules import SESSION_LIFETIME
from civic.core import audit
from civic.core.actor import RESIDENT, Actor
from civic.core.crypto import keyed_hash
from civic.core.errors import N_, NotFound
from civic.core.extensions import db


def load(account_id: int) -> Account:
    """The row, locked until the end of the transaction; raises :class:`NotFound`."""
    account: Account | None = db.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise NotFound(N_("There is no such account."))
    return account


def start_session(account_id: int, now: datetime) -> str:
    """Note a sign-in and return its token for the cookie; old rows of the account go with it."""
    db.session.execute(
        delete(StaffSession).where(
            StaffSession.account_id == account_id, StaffSession.started_at < now - SESSION_LIFETIME
        )
    )
    token = credentials.new_session_token()
    db.session.add(
        StaffSession(account_id=account_id, token_hash=credentials.session_hash(token), started_at=now)
    )
    return token


def end_session(actor: Actor, token: str, now: datetime) -> None:
    """Sign out on this device: the cookie is worthless from now on, wherever a copy of it lies."""
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == credentials.session_hash(token), StaffSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    if actor.account_id is not None:
        audit.record(actor, "signed_out", "account", actor.account_id, now)


def end_all_sessions(account: Account, now: datetime) -> None:
    """End every session and every link of an account: it gets a new name in them."""
    account.fs_uniquifier = credentials.new_uniquifier()
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.account_id == account.id, StaffSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def revoke_sessions(actor: Actor, account_id: int, now: datetime) -> None:
    """Sign an account out everywhere, at its owner's or an administrator's wish."""
    can_revoke_sessions(actor, account_id).require()
    end_all_sessions(load(account_id), now)
    audit.record(actor, "sessions_revoked", "account", account_id, now)


def note_failed_sign_in(email: str, now: datetime) -> None:
    """Leave a trace of a failed attempt, with a keyed hash in place of what was typed.

    Written for known and unknown addresses alike, so that the time it takes says nothing.
    """
    audit.record(RESIDENT, "sign_in_failed", "sign_in", keyed_hash(email, "sign-in")[:32], now)
