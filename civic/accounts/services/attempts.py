"""Attempts to sign in that failed: what is kept of them.

The same is written for known and unknown addresses, with a keyed hash in place of what was typed: neither the
answer nor the time it takes says whether there is such an account.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from civic.accounts.attempts import ATTEMPT, CLOSED, WRONG_CODE, WRONG_PASSWORD, mark_of
from civic.accounts.devices import Device
from civic.accounts.rules import SIGN_IN_CLOSED_MAIL
from civic.core import audit, outbox
from civic.core.actor import RESIDENT
from civic.core.config import settings
from civic.core.extensions import db


def note_failed_sign_in(email: str, device: Device, closed_for: int, now: datetime) -> None:
    """A wrong password for this address; ``closed_for`` minutes the door is shut now, 0 if it isn't."""
    _note(WRONG_PASSWORD, email, device, closed_for, now)


def note_failed_code(email: str, device: Device, closed_for: int, now: datetime) -> None:
    """A wrong code after the right password."""
    _note(WRONG_CODE, email, device, closed_for, now)


def _note(action: str, email: str, device: Device, closed_for: int, now: datetime) -> None:
    mark = mark_of(email)
    audit.record(RESIDENT, action, ATTEMPT, mark, now, browser=device.browser, system=device.system)
    if closed_for:
        audit.record(RESIDENT, CLOSED, ATTEMPT, mark, now, minutes=closed_for)
        _write_down(mark, now + timedelta(minutes=closed_for), now)


def _write_down(mark: str, until: datetime, now: datetime) -> None:
    """A mail to the owner of the address, at most one a day; whether there is one is looked up when it leaves."""
    if not settings().sends_mail:
        return
    payload = {"mark": mark, "until": until.isoformat()}
    # Attempts come in parallel: which of them wrote it down first doesn't matter.
    with suppress(IntegrityError), db.session.begin_nested():
        outbox.enqueue(SIGN_IN_CLOSED_MAIL, f"{SIGN_IN_CLOSED_MAIL}:{mark}:{now:%Y%m%d}", payload, now)
