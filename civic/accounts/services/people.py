"""Accounts and their roles: create, grant, revoke, deactivate, the own password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.accounts import credentials
from civic.accounts.models import Account, RoleGrant
from civic.accounts.policy import can_change_account, can_manage_accounts
from civic.accounts.rules import (
    AccountDeactivated,
    LeftDepartment,
    check_grant,
    check_password,
    normalise_email,
)
from civic.accounts.services.sessions import end_all_sessions, load
from civic.core import audit
from civic.core.actor import Actor, Grant
from civic.core.errors import N_, Invalid
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.text import tidy

NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a new account starts with; ``password`` None means that the person sets it through the link."""

    email: str
    name: str
    grants: tuple[Grant, ...] = ()
    locale: str = "zh_Hans"
    password: str | None = None


def create_account(actor: Actor, new: NewAccount, now: datetime) -> int:
    """Create an account with its first roles and return its id.

    Raises :class:`Invalid` at the field to blame: address taken or malformed, name empty, role
    without its department, password too easy.
    """
    can_manage_accounts(actor).require()
    email = normalise_email(new.email)
    if db.session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise Invalid(
            N_("There is an account with this e-mail address already."), code="email_taken", field="email"
        )
    account = Account(
        email=email,
        name=_name(new.name),
        locale=new.locale,
        created_at=now,
        fs_uniquifier=credentials.new_uniquifier(),
    )
    if new.password is not None:
        put_password(account, new.password, now)
    db.session.add(account)
    db.session.flush()
    audit.record(actor, "account_created", "account", account.id, now)
    for grant in sorted(new.grants, key=lambda g: (g.role, g.department_id or 0)):
        _grant(actor, account.id, grant, now)
    return account.id


def rename_account(actor: Actor, account_id: int, name: str, now: datetime) -> None:
    """Change the name under which a person answers."""
    can_change_account(actor, account_id).require()
    load(account_id).name = _name(name)
    audit.record(actor, "account_renamed", "account", account_id, now)


def grant_role(actor: Actor, account_id: int, grant: Grant, now: datetime) -> None:
    """Give a role; giving it twice changes nothing."""
    can_change_account(actor, account_id).require()
    load(account_id)
    _grant(actor, account_id, grant, now)


def revoke_role(actor: Actor, account_id: int, grant: Grant, now: datetime) -> None:
    """Take a role away; effective with the account's next request."""
    can_change_account(actor, account_id).require()
    load(account_id)
    found = _find(account_id, grant)
    if found is not None:
        db.session.delete(found)
        audit.record(actor, "role_revoked", "account", account_id, now, **_params(grant))
        db.session.flush()
        if grant.department_id is not None and not _works_in(account_id, grant.department_id):
            publish(LeftDepartment(account_id, grant.department_id, now))


def deactivate_account(actor: Actor, account_id: int, now: datetime) -> None:
    """The person has left: no sign-in any more, all sessions and links end now. Roles stay as history."""
    can_change_account(actor, account_id).require()
    account = load(account_id)
    if account.active:
        account.active = False
        account.deactivated_at = now
        end_all_sessions(account, now)
        audit.record(actor, "account_deactivated", "account", account_id, now)
        publish(AccountDeactivated(account_id, now))


def activate_account(actor: Actor, account_id: int, now: datetime) -> None:
    """The person is back, with the roles the account still has."""
    can_change_account(actor, account_id).require()
    account = load(account_id)
    if not account.active:
        account.active = True
        account.deactivated_at = None
        audit.record(actor, "account_activated", "account", account_id, now)


def set_own_password(actor: Actor, password: str, now: datetime) -> None:
    """Change one's own password; all sessions end, this one too, so the caller starts a new one."""
    account = _own(actor)
    put_password(account, password, now)
    end_all_sessions(account, now)
    audit.record(actor, "password_set", "account", account.id, now)


def _name(text: str) -> str:
    name = " ".join(tidy(text).split())
    if not 1 <= len(name) <= NAME_MAX:
        raise Invalid(
            N_("Enter a name of at most %(most)d characters."), code="bad_name", field="name", most=NAME_MAX
        )
    return name


def put_password(account: Account, password: str, now: datetime) -> None:
    """Keep a new password; raises :class:`Invalid` for one that is too easy."""
    about = (account.name, account.email)
    check_password(password, common=credentials.common_passwords(), about=about)
    account.password = credentials.hash_password(password)
    account.password_set_at = now


def _grant(actor: Actor, account_id: int, grant: Grant, now: datetime) -> None:
    check_grant(grant.role, grant.department_id)
    if _find(account_id, grant) is None:
        db.session.add(
            RoleGrant(
                account_id=account_id,
                role=grant.role.value,
                department_id=grant.department_id,
                granted_at=now,
            )
        )
        db.session.flush()
        audit.record(actor, "role_granted", "account", account_id, now, **_params(grant))


def _find(account_id: int, grant: Grant) -> RoleGrant | None:
    same_department = (
        RoleGrant.department_id.is_(None)
        if grant.department_id is None
        else RoleGrant.department_id == grant.department_id
    )
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.account_id == account_id, RoleGrant.role == grant.role.value, same_department
        )
    )


def _works_in(account_id: int, department_id: int) -> bool:
    held = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id, RoleGrant.department_id == department_id
    )
    return db.session.scalar(held.limit(1)) is not None


def _params(grant: Grant) -> dict[str, str | int]:
    known: dict[str, str | int] = {"role": grant.role.value}
    return known if grant.department_id is None else {**known, "department_id": grant.department_id}


def _own(actor: Actor) -> Account:
    if actor.account_id is None:
        raise Invalid(N_("Sign in first."), code="nobody")
    return load(actor.account_id)
