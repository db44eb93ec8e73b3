"""The ticket of a form: its one-time number with the time it was made, signed.

The number makes a submission idempotent and its query code derivable; the time tells a person
from a program that fills in forms in no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from civic.core.config import settings
from civic.core.ids import new_nonce

SALT = "intake.ticket"
VALID_FOR = timedelta(hours=24)
"""An elderly writer may take a day; after that the form gets a new ticket and keeps its text."""
TOO_QUICK = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A form's number and when it was handed out."""

    nonce: str
    made_at: datetime

    def is_quick(self, now: datetime) -> bool:
        """Whether nobody could have read the form in that time."""
        return now - self.made_at < TOO_QUICK


def new_ticket(now: datetime) -> str:
    """A fresh ticket, as a form carries it."""
    return str(_signer().dumps([new_nonce(), int(now.timestamp())]))


def read_ticket(text: str, now: datetime) -> Ticket | None:
    """The ticket that a form brought back; None if it is forged, garbled or too old."""
    try:
        nonce, made = _signer().loads(text)
        ticket = Ticket(str(nonce), datetime.fromtimestamp(int(made), now.tzinfo))
    except (BadSignature, ValueError, TypeError):
        return None
    return ticket if now - ticket.made_at <= VALID_FOR else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=SALT)
