"""Links to set a password: shown once to hand over or sent by mail, revoked, used once."""

from __future__ import annotations

from datetime import datetime

from civic.accounts import credentials, queries
from civic.accounts.models import Account
from civic.accounts.policy import can_change_account
from civic.accounts.rules import PASSWORD_LINK_MAIL
from civic.accounts.services.people import put_password
from civic.accounts.services.sessions import end_all_sessions, load
from civic.core import audit, outbox
from civic.core.actor import Actor, ActorKind
from civic.core.errors import N_, Invalid


def issue_password_link(actor: Actor, account_id: int, now: datetime) -> str:
    """The token of a one-time link to set the password, good for 24 hours, to be handed over in person.

    Issuing one ends all sessions and all earlier links. The old password stays until the link is
    used, and a second factor that was set up is still asked for.
    """
    return credentials.password_token(_opened(actor, account_id, now, "shown"))


def send_password_link(actor: Actor, account_id: int, now: datetime) -> None:
    """Have such a link sent to the account's address: it is made when the mail leaves, and nobody else reads it."""
    account = _opened(actor, account_id, now, "mail")
    payload = {"account_id": account.id, "issued": now.isoformat()}
    outbox.enqueue(PASSWORD_LINK_MAIL, f"{PASSWORD_LINK_MAIL}:{account.id}:{now.isoformat()}", payload, now)


def revoke_password_link(actor: Actor, account_id: int, now: datetime) -> None:
    """Let the open link lead nowhere, and a mail with it that still waits not leave; without one nothing changes."""
    can_change_account(actor, account_id).require()
    account = load(account_id)
    if account.password_link_at is not None:
        account.password_link_at = None
        audit.record(actor, "password_link_revoked", "account", account_id, now)


def set_password_by_link(token: str, password: str, now: datetime) -> int:
    """Set a password through the link and return the account's id; the link is used up by that."""
    account = queries.account_by_link(token, now)
    if account is None:
        raise Invalid(
            N_("This link is no longer good. Ask your administrator for a new one."), code="link_void"
        )
    put_password(account, password, now)
    end_all_sessions(account, now)
    owner = Actor(ActorKind.STAFF, account.id, account.name)
    audit.record(owner, "password_set", "account", account.id, now)
    return account.id


def _opened(actor: Actor, account_id: int, now: datetime, how: str) -> Account:
    can_change_account(actor, account_id).require()
    account = load(account_id)
    if not account.active:
        raise Invalid(N_("This account is deactivated."), code="deactivated")
    end_all_sessions(account, now)
    account.password_link_at = now
    audit.record(actor, "password_link_issued", "account", account_id, now, how=how)
    return account
