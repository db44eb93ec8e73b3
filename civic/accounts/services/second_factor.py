"""The second factor: set up by its owner, used at each sign-in, taken off only by two administrators."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic.accounts import credentials
from civic.accounts.models import Account, SecondFactorReset
from civic.accounts.policy import (
    can_confirm_second_factor_reset,
    can_manage_accounts,
    can_request_second_factor_reset,
)
from civic.accounts.rules import RESET_REQUEST_LIFETIME
from civic.accounts.services.sessions import end_all_sessions, load
from civic.core import audit
from civic.core.actor import Actor, ActorKind
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db

METHOD = "authenticator"
_WRONG = N_("This code is not right, or it was used already. Wait for the next one.")


def set_up_second_factor(account_id: int, seed: str, code: str, now: datetime) -> list[str]:
    """Take a seed into use once a code proves that the person's app has it; returns fresh recovery codes.

    The caller has checked the password moments ago. Raises :class:`Invalid` at ``code``.
    """
    account = load(account_id)
    account.tf_last_counter = None
    if not credentials.code_fits(account, code, seed):
        raise Invalid(_WRONG, code="wrong_code", field="code")
    account.tf_totp_secret = seed
    account.tf_primary_method = METHOD
    audit.record(_owner(account), "second_factor_set_up", "account", account_id, now)
    return _new_codes(account, now)


def use_code(account_id: int, code: str, now: datetime) -> None:
    """Accept a code of the authenticator app, once. Raises :class:`Invalid` at ``code``."""
    account = load(account_id)
    if not account.tf_totp_secret or not credentials.code_fits(account, code, account.tf_totp_secret):
        raise Invalid(_WRONG, code="wrong_code", field="code")


def use_recovery_code(account_id: int, code: str, now: datetime) -> int:
    """Accept a recovery code and strike it out; returns how many are left. Raises :class:`Invalid` at ``code``."""
    account = load(account_id)
    hashed = credentials.recovery_hash(code)
    if hashed not in account.mf_recovery_codes:
        raise Invalid(
            N_("This recovery code is not right, or it was used already."), code="wrong_code", field="code"
        )
    account.mf_recovery_codes.remove(hashed)
    audit.record(_owner(account), "recovery_code_used", "account", account_id, now)
    return len(account.mf_recovery_codes)


def make_recovery_codes(actor: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes in place of the old ones; shown once, never readable again."""
    if actor.account_id is None:
        raise Invalid(N_("Sign in first."), code="nobody")
    account = load(actor.account_id)
    if account.tf_totp_secret is None:
        raise Invalid(N_("Set up the authenticator app first."), code="no_second_factor")
    return _new_codes(account, now)


def request_second_factor_reset(actor: Actor, account_id: int, now: datetime) -> int:
    """Ask, as an administrator, that a lost second factor be taken off; returns the request's id."""
    can_request_second_factor_reset(actor, account_id).require()
    account = load(account_id)
    if account.tf_totp_secret is None:
        raise Invalid(N_("This account has no second factor."), code="no_second_factor")
    earlier = _open_request(account_id)
    if earlier is not None:
        if not _is_void(earlier, now):
            raise Invalid(
                N_("A reset has been requested already and waits for confirmation."), code="requested"
            )
        earlier.cancelled_at = now
        db.session.flush()
    request = SecondFactorReset(account_id=account_id, requested_by=actor.account_id, requested_at=now)
    db.session.add(request)
    db.session.flush()
    audit.record(actor, "second_factor_reset_requested", "account", account_id, now, reset_id=request.id)
    return request.id


def confirm_second_factor_reset(actor: Actor, reset_id: int, now: datetime) -> int:
    """Confirm, as another administrator: factor and recovery codes go, all sessions end. Returns the account's id."""
    request = _request(reset_id)
    can_confirm_second_factor_reset(actor, request.account_id, request.requested_by).require()
    if request.confirmed_at or request.cancelled_at or _is_void(request, now):
        raise Invalid(N_("This request is no longer open. Ask for a new one."), code="request_void")
    account = load(request.account_id)
    request.confirmed_by = actor.account_id
    request.confirmed_at = now
    account.tf_primary_method = None
    account.tf_totp_secret = None
    account.tf_last_counter = None
    account.mf_recovery_codes = []
    end_all_sessions(account, now)
    audit.record(actor, "second_factor_reset_confirmed", "account", account.id, now, reset_id=request.id)
    return account.id


def cancel_second_factor_reset(actor: Actor, reset_id: int, now: datetime) -> int:
    """Drop a request: any administrator may. Returns the account's id."""
    can_manage_accounts(actor).require()
    request = _request(reset_id)
    if request.confirmed_at:
        raise Invalid(N_("This request is no longer open. Ask for a new one."), code="request_void")
    if request.cancelled_at is None:
        request.cancelled_at = now
        audit.record(
            actor, "second_factor_reset_cancelled", "account", request.account_id, now, reset_id=request.id
        )
    return request.account_id


def _request(reset_id: int) -> SecondFactorReset:
    request: SecondFactorReset | None = db.session.scalar(
        select(SecondFactorReset)
        .where(SecondFactorReset.id == reset_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise NotFound(N_("There is no such request."))
    return request


def _open_request(account_id: int) -> SecondFactorReset | None:
    return db.session.scalar(
        select(SecondFactorReset).where(
            SecondFactorReset.account_id == account_id,
            SecondFactorReset.confirmed_at.is_(None),
            SecondFactorReset.cancelled_at.is_(None),
        )
    )


def _is_void(request: SecondFactorReset, now: datetime) -> bool:
    return now > request.requested_at + RESET_REQUEST_LIFETIME


def _new_codes(account: Account, now: datetime) -> list[str]:
    codes = credentials.new_recovery_codes()
    account.mf_recovery_codes = [credentials.recovery_hash(code) for code in codes]
    audit.record(_owner(account), "recovery_codes_made", "account", account.id, now)
    return codes


def _owner(account: Account) -> Actor:
    return Actor(ActorKind.STAFF, account.id, account.name)
