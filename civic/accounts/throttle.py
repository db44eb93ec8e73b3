"""How often signing in may fail, by the address from which it is tried and the account at which it is aimed.

Only failures count, so a whole office behind one address can start its day. A stranger who
fails on purpose closes the door for his own address soon, and for the account only at a rate that no person
reaches. Codes are counted more strictly: who fails there knows the password already. The counters
are in the rate limiter's storage (shared between processes if that is Redis).
"""

from __future__ import annotations

import math
import time
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from civic.core.config import settings
from civic.core.crypto import keyed_hash
from civic.core.extensions import limiter


class Step(StrEnum):
    """What is being tried."""

    PASSWORD = "password"  # noqa: S105 (a step, no secret)
    CODE = "code"


FROM_ADDRESS = RateLimitItemPerMinute(50, 15, namespace="sign-in-from")
AIMED_FROM = {
    Step.PASSWORD: RateLimitItemPerMinute(8, 15, namespace="sign-in-aimed-from"),
    Step.CODE: RateLimitItemPerMinute(8, 15, namespace="code-aimed-from"),
}
AIMED_AT = {
    Step.PASSWORD: RateLimitItemPerMinute(100, 15, namespace="sign-in-aimed-at"),
    Step.CODE: RateLimitItemPerDay(40, 1, namespace="code-aimed-at"),
}


def minutes_to_wait(step: Step, address: str, account: str) -> int:
    """0 if another try is open, else the minutes until one is. ``account`` is the address typed, or an id."""
    if not settings().rate_limits:
        return 0
    waits = [
        limiter.limiter.get_window_stats(item, *keys).reset_time - time.time()
        for item, keys in _counters(step, address, account)
        if not limiter.limiter.test(item, *keys)
    ]
    return max((max(1, math.ceil(wait / 60)) for wait in waits), default=0)


def failed(step: Step, address: str, account: str) -> None:
    """Count a failure."""
    if settings().rate_limits:
        for item, keys in _counters(step, address, account):
            limiter.limiter.hit(item, *keys)


def succeeded(step: Step, address: str, account: str) -> None:
    """The rightful owner is in: earlier slips from here no longer count."""
    if settings().rate_limits:
        limiter.limiter.clear(AIMED_FROM[step], _hidden(account), _hidden(address))


def _counters(step: Step, address: str, account: str) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
    return (
        (FROM_ADDRESS, (_hidden(address),)),
        (AIMED_FROM[step], (_hidden(account), _hidden(address))),
        (AIMED_AT[step], (_hidden(account),)),
    )


def _hidden(text: str) -> str:
    """Neither addresses nor accounts lie readable in the counters' storage."""
    return keyed_hash(text, "throttle")[:32]
