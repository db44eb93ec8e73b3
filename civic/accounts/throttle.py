"""How often signing in may fail: per address from which it is tried, and per account at which it is aimed.

Only failures count, so a whole office behind one address can start its day. The counters are
in the rate limiter's storage (shared between processes if that is Redis).
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute

from civic.core.config import settings
from civic.core.crypto import keyed_hash
from civic.core.extensions import limiter

PER_ADDRESS = RateLimitItemPerMinute(50, 15, namespace="sign-in-address")
PER_ACCOUNT = RateLimitItemPerMinute(8, 15, namespace="sign-in-account")


def minutes_to_wait(address: str, account: str) -> int:
    """0 if another try is open, else the minutes until one is. ``account`` is what was typed, or an id."""
    if not settings().rate_limits:
        return 0
    waits = [
        limiter.limiter.get_window_stats(item, key).reset_time - time.time()
        for item, key in _counters(address, account)
        if not limiter.limiter.test(item, key)
    ]
    return max((max(1, math.ceil(wait / 60)) for wait in waits), default=0)


def failed(address: str, account: str) -> None:
    """Count a failure against both."""
    if settings().rate_limits:
        for item, key in _counters(address, account):
            limiter.limiter.hit(item, key)


def succeeded(account: str) -> None:
    """The rightful owner is in: earlier slips no longer count against the account."""
    if settings().rate_limits:
        limiter.limiter.clear(PER_ACCOUNT, keyed_hash(account, "throttle"))


def _counters(address: str, account: str) -> tuple[tuple[RateLimitItem, str], ...]:
    return (
        (PER_ADDRESS, keyed_hash(address, "throttle")),
        (PER_ACCOUNT, keyed_hash(account, "throttle")),
    )
