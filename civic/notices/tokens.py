"""Links in messages: signed, for one purpose each, expiring. They carry no address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from itsdangerous import BadSignature, URLSafeTimedSerializer

from civic.core.config import settings
from civic.notices.rules.subscriptions import CONFIRM_WITHIN, END_LINK_DAYS


class Purpose(StrEnum):
    """What a link is good for."""

    CONFIRM = "confirm"
    END = "end"


VALID: dict[Purpose, timedelta] = {
    Purpose.CONFIRM: CONFIRM_WITHIN,
    Purpose.END: timedelta(days=END_LINK_DAYS),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Which subscription a link names."""

    subscription_id: int
    nonce: str


def make_token(purpose: Purpose, subscription_id: int, nonce: str) -> str:
    """The signed part of a link."""
    return str(_signer(purpose).dumps([subscription_id, nonce]))


def read_token(purpose: Purpose, token: str) -> Named | None:
    """What a link names; None if it is forged, for another purpose, or too old."""
    try:
        found = _signer(purpose).loads(token, max_age=int(VALID[purpose].total_seconds()))
        return Named(int(found[0]), str(found[1]))
    except (BadSignature, ValueError, TypeError, IndexError, KeyError):
        return None


def _signer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=f"notices.{purpose.value}")
