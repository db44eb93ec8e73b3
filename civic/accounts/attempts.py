"""Reads of the attempts to sign in that failed, by the keyed hash of the address at which they were aimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from civic.accounts.devices import Device
from civic.core.audit import AuditEntry
from civic.core.crypto import keyed_hash
from civic.core.extensions import db

ATTEMPT = "sign_in"
WRONG_PASSWORD = "sign_in_failed"  # noqa: S105 (the name of an act)
WRONG_CODE = "sign_in_code_failed"
CLOSED = "sign_in_closed"
_FAILURES = (WRONG_PASSWORD, WRONG_CODE)


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failures since the owner was last in; ``last`` is when the latest was, ``device`` with what."""

    count: int
    codes: int
    """How many of them knew the password already."""
    since: datetime | None
    last: datetime | None
    device: Device


def mark_of(email: str) -> str:
    """Under which name attempts at an address are kept."""
    return keyed_hash(email, "sign-in")[:32]


def attempts_on(account_id: int, email: str) -> Attempts:
    """What failed since the last time that the person came in."""
    since = db.session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.subject_type == "account",
            AuditEntry.subject_id == str(account_id),
            AuditEntry.action == "signed_in",
        )
    )
    failed = select(AuditEntry.at, AuditEntry.action, AuditEntry.params).where(
        AuditEntry.subject_type == ATTEMPT,
        AuditEntry.subject_id == mark_of(email),
        AuditEntry.action.in_(_FAILURES),
    )
    if since is not None:
        failed = failed.where(AuditEntry.at > since)
    rows = db.session.execute(failed.order_by(AuditEntry.id)).all()
    last = rows[-1] if rows else None
    return Attempts(
        count=len(rows),
        codes=sum(row.action == WRONG_CODE for row in rows),
        since=since,
        last=last.at if last else None,
        device=Device(last.params.get("browser", ""), last.params.get("system", "")) if last else Device(),
    )
