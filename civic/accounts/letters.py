"""What a mail to a member of staff says, read when it leaves: the outbox holds neither address nor link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.accounts import credentials
from civic.accounts.attempts import Attempts, attempts_on, mark_of
from civic.accounts.models import Account, RoleGrant
from civic.accounts.rules import TOLD_AFTER, link_until
from civic.core.actor import Role
from civic.core.extensions import db


@dataclass(frozen=True, slots=True)
class PasswordLetter:
    """A link to set the password; ``is_new`` if the account has none yet."""

    email: str
    name: str
    locale: str
    token: str
    until: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class ClosedLetter:
    """That signing in was closed for a while, and what had failed before."""

    account_id: int
    email: str
    name: str
    locale: str
    attempts: Attempts


@dataclass(frozen=True, slots=True)
class StaffLetter:
    """To whom a mail goes that says nothing of the account."""

    account_id: int
    email: str
    name: str
    locale: str


def staff_letter(account_id: int, role: Role) -> StaffLetter | None:
    """The address of somebody who holds a role in the district; None if the account ended or lost it."""
    account = db.session.scalar(
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.id == account_id, Account.active.is_(True), RoleGrant.role == role.value)
    )
    return StaffLetter(account.id, account.email, account.name, account.locale) if account else None


def password_letter(account_id: int, issued_at: datetime, now: datetime) -> PasswordLetter | None:
    """The letter with the link that was issued then; None once it was replaced, revoked, used or is too old."""
    account = db.session.get(Account, account_id)
    if account is None or not account.active or account.password_link_at != issued_at:
        return None
    until = link_until(issued_at)
    if until <= now:
        return None
    token = credentials.password_token(account)
    return PasswordLetter(account.email, account.name, account.locale, token, until, account.password is None)


def closed_letter(mark: str) -> ClosedLetter | None:
    """The letter to whose address the attempts were aimed; None for nobody's, and for slips of a few fingers."""
    active = db.session.scalars(select(Account).where(Account.active.is_(True)).order_by(Account.id))
    account = next((one for one in active if mark_of(one.email) == mark), None)
    if account is None:
        return None
    attempts = attempts_on(account.id, account.email)
    if attempts.count < TOLD_AFTER:
        return None
    return ClosedLetter(account.id, account.email, account.name, account.locale, attempts)
