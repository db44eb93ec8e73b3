"""Reads: who has an account, with which roles, and what is open. Frozen dataclasses, no rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from civic.accounts import credentials
from civic.accounts.attempts import Attempts, attempts_on
from civic.accounts.devices import Device
from civic.accounts.models import Account, RoleGrant, SecondFactorReset, StaffSession
from civic.accounts.policy import can_manage_accounts
from civic.accounts.rules import RESET_REQUEST_LIFETIME, SEEN_EVERY, SESSION_LIFETIME, link_until
from civic.core.actor import Actor, ActorKind, Grant, Role
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.departments import queries as departments

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone who can be given a case of the department."""

    id: int
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """A link to set the password that was issued and neither used nor revoked."""

    until: datetime
    is_good: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the list of accounts."""

    id: int
    name: str
    email: str
    active: bool
    grants: tuple[Grant, ...]
    has_password: bool
    has_second_factor: bool
    link: PasswordLink | None

    @property
    def is_invited(self) -> bool:
        """Whether the person has yet to set a password."""
        return self.active and not self.has_password


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A sign-in that is still good; ``active`` if it was used within the last half an hour."""

    id: int
    device: Device
    started_at: datetime
    seen_at: datetime
    active: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """A session that was found good, with its account's row and what it was granted."""

    account: Account
    session_id: int
    seen_at: datetime
    held: frozenset[Grant]


@dataclass(frozen=True, slots=True)
class ResetRequest:
    """An open request to take off a second factor; ``until`` is when it becomes void."""

    id: int
    account_id: int
    account_name: str
    requested_by: int
    requested_by_name: str
    requested_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AccountPage:
    """All that an administrator sees of an account: no case, and nothing secret."""

    row: AccountRow
    locale: str
    created_at: datetime
    deactivated_at: datetime | None
    password_set_at: datetime | None
    recovery_codes_left: int
    sessions: tuple[SessionRow, ...]
    """Sign-ins that are still good, newest first."""
    attempts: Attempts
    reset: ResetRequest | None


def account_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names by account id; ids that are None or unknown are left out. One query, none for no ids."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def colleagues(department_id: int) -> tuple[Colleague, ...]:
    """Active handlers and leads of a department, by name."""
    rows = db.session.execute(
        select(Account.id, Account.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.department_id == department_id, Account.active.is_(True))
        .order_by(Account.name, Account.id)
    ).all()
    roles: dict[tuple[int, str], set[Role]] = defaultdict(set)
    for row in rows:
        roles[row.id, row.name].add(Role(row.role))
    return tuple(Colleague(id=i, name=name, roles=frozenset(held)) for (i, name), held in roles.items())


def led_alone(account_id: int) -> frozenset[int]:
    """The departments of which this active account is the only lead."""
    led = select(RoleGrant.department_id).where(
        RoleGrant.account_id == account_id, RoleGrant.role == Role.LEAD.value
    )
    leads = db.session.execute(
        select(RoleGrant.department_id, RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.department_id.in_(led), RoleGrant.role == Role.LEAD.value, Account.active.is_(True))
    ).all()
    others = {row.department_id for row in leads if row.account_id != account_id}
    return frozenset(row.department_id for row in leads) - others


def work_of(ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Who of these people works where: pairs of account and department, of active accounts only."""
    rows = db.session.execute(
        select(RoleGrant.account_id, RoleGrant.department_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.account_id.in_(set(ids)),
            RoleGrant.department_id.is_not(None),
            Account.active.is_(True),
        )
    )
    return frozenset((row.account_id, row.department_id) for row in rows)


def has_accounts() -> bool:
    """Whether anybody can sign in at all."""
    return db.session.scalar(select(Account.id).limit(1)) is not None


def accounts_with(role: Role) -> tuple[Colleague, ...]:
    """Active accounts that hold a role anywhere, by name."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .distinct()
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == role.value, Account.active.is_(True))
        .order_by(Account.name, Account.id)
    )
    return tuple(Colleague(id=row.id, name=row.name, roles=frozenset({role})) for row in rows)


def actor_of(account_id: int) -> Actor:
    """The account as an actor, with what it may do now; raises :class:`NotFound`, also if it's deactivated."""
    account = db.session.get(Account, account_id)
    if account is None or not account.active:
        raise NotFound(N_("There is no such account."))
    return as_actor(account)


def as_actor(account: Account, held: frozenset[Grant] | None = None) -> Actor:
    """An account's row as an actor; one query for its grants, where they aren't known.

    Whoever works in a department does so also for those that were merged into it: their past is looked after there.
    """
    if held is None:
        held = frozenset(_grants([account.id])[account.id])
    inherited = {
        Grant(grant.role, former)
        for grant in held
        if grant.department_id is not None
        for former in departments.predecessors(grant.department_id)
    }
    return Actor(ActorKind.STAFF, account.id, account.name, held | inherited)


def account_by_email(email: str) -> Account | None:
    """The account of a normalised address; only for signing in, inside this feature."""
    return db.session.scalar(select(Account).where(Account.email == email))


def signed_in(uniquifier: str, token: str, now: datetime) -> Signed | None:
    """The account of a session that is neither ended nor older than 12 hours; one query."""
    rows = db.session.execute(
        select(
            Account,
            StaffSession.id.label("session_id"),
            StaffSession.seen_at,
            RoleGrant.role,
            RoleGrant.department_id,
        )
        .join(StaffSession, StaffSession.account_id == Account.id)
        .outerjoin(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            Account.fs_uniquifier == uniquifier,
            Account.active.is_(True),
            StaffSession.token_hash == credentials.session_hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.started_at > now - SESSION_LIFETIME,
        )
    ).all()
    if not rows:
        return None
    held = frozenset(Grant(Role(row.role), row.department_id) for row in rows if row.role is not None)
    return Signed(rows[0].Account, rows[0].session_id, rows[0].seen_at, held)


def accounts_page(
    actor: Actor, search: str, cursor: str | None, now: datetime, *, invited: bool = False
) -> Page[AccountRow]:
    """Accounts by name, found by a part of name or address; 50 a page. Administrators only.

    ``invited`` narrows it to those who have yet to set a password.
    """
    can_manage_accounts(actor).require()
    query = select(Account).order_by(Account.name, Account.id).limit(PAGE_SIZE + 1)
    if invited:
        query = query.where(_INVITED)
    if text := search.strip().lower():
        query = query.where(
            or_(
                func.lower(Account.name).contains(text, autoescape=True),
                Account.email.contains(text, autoescape=True),
            )
        )
    after = decode_cursor(cursor, 2)
    if after is not None:
        name, last_id = after
        query = query.where(
            or_(Account.name > str(name), (Account.name == str(name)) & (Account.id > int(last_id or 0)))
        )
    found = list(db.session.scalars(query))
    grants = _grants([account.id for account in found])
    rows = tuple(_row(account, grants[account.id], now) for account in found[:PAGE_SIZE])
    more = len(found) > PAGE_SIZE
    return Page(rows, encode_cursor(rows[-1].name, rows[-1].id) if more else None)


def count_invited(actor: Actor) -> int:
    """How many have yet to set a password."""
    can_manage_accounts(actor).require()
    return db.session.scalar(select(func.count(Account.id)).where(_INVITED)) or 0


_INVITED = and_(Account.active.is_(True), Account.password.is_(None))


def account_by_link(token: str, now: datetime) -> Account | None:
    """Whose link to set the password this is, while it's good; only for setting it, inside this feature."""
    found = credentials.account_of_token(token)
    account = db.session.get(Account, found[0]) if found else None
    if found is None or account is None or not account.active or account.password_link_at is None:
        return None
    good = credentials.token_fits(account, found[1]) and now < link_until(account.password_link_at)
    return account if good else None


def account_page(actor: Actor, account_id: int, now: datetime) -> AccountPage:
    """One account for an administrator. Raises :class:`NotFound`."""
    can_manage_accounts(actor).require()
    return _page(account_id, now)


def own_page(actor: Actor, token: str, now: datetime) -> AccountPage:
    """One's own account; ``token`` tells which of the sessions is this one."""
    return _page(actor.account_id or 0, now, credentials.session_hash(token))


def open_resets(actor: Actor, now: datetime) -> tuple[ResetRequest, ...]:
    """Requests to take off a second factor that wait for a second administrator, oldest first."""
    can_manage_accounts(actor).require()
    return _open_resets(now, None)


def _page(account_id: int, now: datetime, here: str = "") -> AccountPage:
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound(N_("There is no such account."))
    return AccountPage(
        row=_row(account, _grants([account_id])[account_id], now),
        locale=account.locale,
        created_at=account.created_at,
        deactivated_at=account.deactivated_at,
        password_set_at=account.password_set_at,
        recovery_codes_left=len(account.mf_recovery_codes),
        sessions=_sessions(account_id, now, here),
        attempts=attempts_on(account_id, account.email),
        reset=next(iter(_open_resets(now, account_id)), None),
    )


def _sessions(account_id: int, now: datetime, here: str) -> tuple[SessionRow, ...]:
    rows = db.session.scalars(
        select(StaffSession)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.ended_at.is_(None),
            StaffSession.started_at > now - SESSION_LIFETIME,
        )
        .order_by(StaffSession.started_at.desc(), StaffSession.id.desc())
    )
    return tuple(
        SessionRow(
            id=row.id,
            device=Device(row.browser, row.system),
            started_at=row.started_at,
            seen_at=row.seen_at,
            active=now - row.seen_at <= SEEN_EVERY,
            here=row.token_hash == here,
        )
        for row in rows
    )


def _open_resets(now: datetime, account_id: int | None) -> tuple[ResetRequest, ...]:
    query = select(SecondFactorReset).where(
        SecondFactorReset.confirmed_at.is_(None),
        SecondFactorReset.cancelled_at.is_(None),
        SecondFactorReset.requested_at >= now - RESET_REQUEST_LIFETIME,
    )
    if account_id is not None:
        query = query.where(SecondFactorReset.account_id == account_id)
    found = list(db.session.scalars(query.order_by(SecondFactorReset.requested_at, SecondFactorReset.id)))
    names = account_names(i for r in found for i in (r.account_id, r.requested_by))
    return tuple(
        ResetRequest(
            id=r.id,
            account_id=r.account_id,
            account_name=names[r.account_id],
            requested_by=r.requested_by,
            requested_by_name=names[r.requested_by],
            requested_at=r.requested_at,
            until=r.requested_at + RESET_REQUEST_LIFETIME,
        )
        for r in found
    )


def _row(account: Account, grants: Iterable[Grant], now: datetime) -> AccountRow:
    return AccountRow(
        id=account.id,
        name=account.name,
        email=account.email,
        active=account.active,
        grants=tuple(sorted(grants, key=lambda g: (list(Role).index(g.role), g.department_id or 0))),
        has_password=account.password is not None,
        has_second_factor=account.tf_primary_method is not None,
        link=_link(account.password_link_at, now),
    )


def _link(issued_at: datetime | None, now: datetime) -> PasswordLink | None:
    if issued_at is None:
        return None
    until = link_until(issued_at)
    return PasswordLink(until, now < until)


def _grants(ids: list[int]) -> dict[int, set[Grant]]:
    grants: dict[int, set[Grant]] = {i: set() for i in ids}
    rows = db.session.execute(
        select(RoleGrant.account_id, RoleGrant.role, RoleGrant.department_id).where(
            RoleGrant.account_id.in_(ids)
        )
    )
    for row in rows:
        grants[row.account_id].add(Grant(Role(row.role), row.department_id))
    return grants
