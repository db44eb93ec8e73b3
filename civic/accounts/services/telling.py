"""Being told of the own work: the switch of the mail, whose turn it is today, and how far somebody has been told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import exists, or_, select, update

from civic.accounts.models import Account, RoleGrant
from civic.accounts.policy import can_choose_digest
from civic.accounts.rules import TOLD_OF_WORK
from civic.core import audit
from civic.core.actor import Actor
from civic.core.extensions import db


def switch_digest(actor: Actor, now: datetime, *, on: bool) -> None:
    """Want the mail of the morning, or no longer; doing it twice changes nothing."""
    can_choose_digest(actor).require()
    account = db.session.get_one(Account, actor.account_id)
    if account.wants_digest is not on:
        account.wants_digest = on
        audit.record(actor, "digest_switched", "account", account.id, now, on=on)


def begin_digests(today: date) -> tuple[int, ...]:
    """Whose mail of this day is to be written down: everyone's who works here and wants it, once a day.

    One statement asks and notes it, so that of two workers only one gets an account.
    """
    works = exists().where(
        RoleGrant.account_id == Account.id, RoleGrant.role.in_([role.value for role in TOLD_OF_WORK])
    )
    begun = (
        update(Account)
        .where(
            Account.active.is_(True),
            Account.wants_digest.is_(True),
            or_(Account.digest_day.is_(None), Account.digest_day < today),
            works,
        )
        .values(digest_day=today)
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    )
    return tuple(sorted(db.session.scalars(begun)))


def note_digest(account_id: int, until: datetime) -> None:
    """Note that somebody was told by mail of what happened up to a moment."""
    db.session.execute(update(Account).where(Account.id == account_id).values(digest_until=until))


def mark_notices_seen(actor: Actor, until: datetime, now: datetime) -> None:
    """Note that somebody has seen at the desk what happened up to a moment: never a later one, and never less."""
    account = db.session.scalar(select(Account).where(Account.id == actor.account_id).with_for_update())
    assert account is not None
    account.notices_until = max(min(until, now), account.notices_until or account.created_at)
