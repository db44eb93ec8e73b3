"""Sign-ins: where they begin, how each ends, and how all of an account end at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, select, update

from civic.accounts import credentials
from civic.accounts.devices import Device
from civic.accounts.models import Account, StaffSession
from civic.accounts.policy import can_revoke_sessions
from civic.accounts.rules import SESSION_LIFETIME
from civic.core import audit
from civic.core.actor import Actor
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


def start_session(account_id: int, device: Device, now: datetime) -> str:
    """Note a sign-in and return its token for the cookie; old rows of the account go with it."""
    db.session.execute(
        delete(StaffSession).where(
            StaffSession.account_id == account_id, StaffSession.started_at < now - SESSION_LIFETIME
        )
    )
    token = credentials.new_session_token()
    db.session.add(
        StaffSession(
            account_id=account_id,
            token_hash=credentials.session_hash(token),
            started_at=now,
            seen_at=now,
            browser=device.browser,
            system=device.system,
        )
    )
    return token


def end_session(actor: Actor, token: str, now: datetime) -> None:
    """Sign out on this device: the cookie is worthless from now on, wherever a copy of it lies."""
    _end(StaffSession.token_hash == credentials.session_hash(token), now=now)
    if actor.account_id is not None:
        audit.record(actor, "signed_out", "account", actor.account_id, now)


def end_all_sessions(account: Account, now: datetime) -> None:
    """End every session and every link of an account: it gets a new name in them."""
    account.fs_uniquifier = credentials.new_uniquifier()
    account.password_link_at = None
    _end(StaffSession.account_id == account.id, now=now)


def revoke_sessions(actor: Actor, account_id: int, now: datetime) -> None:
    """Sign an account out everywhere, at its owner's or an administrator's wish."""
    can_revoke_sessions(actor, account_id).require()
    end_all_sessions(load(account_id), now)
    audit.record(actor, "sessions_revoked", "account", account_id, now)


def revoke_session(actor: Actor, session_id: int, now: datetime) -> None:
    """End one sign-in of one's own, on whatever device; raises :class:`NotFound` for anybody else's."""
    ended = _end(StaffSession.id == session_id, StaffSession.account_id == (actor.account_id or 0), now=now)
    if not ended:
        raise NotFound(N_("There is no such session."))
    audit.record(actor, "session_revoked", "account", actor.account_id or 0, now)


def revoke_other_sessions(actor: Actor, token: str, now: datetime) -> int:
    """End every sign-in of one's own but this one; how many there were."""
    ended = _end(
        StaffSession.account_id == (actor.account_id or 0),
        StaffSession.token_hash != credentials.session_hash(token),
        now=now,
    )
    if ended:
        audit.record(actor, "session_revoked", "account", actor.account_id or 0, now, count=ended)
    return ended


def note_seen(session_id: int, now: datetime) -> None:
    """A session is in use."""
    db.session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_at=now))


def _end(*which: ColumnElement[bool], now: datetime) -> int:
    """End those sessions, unless they ended before; returns how many."""
    ending = (
        update(StaffSession)
        .where(StaffSession.ended_at.is_(None), *which)
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], db.session.execute(ending)).rowcount
