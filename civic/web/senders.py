"""Who sends a request, as far as limits ask: the network address and the browser, both only as marks.

A view that limits something reads the sender once, lets :func:`require` look at the tallies before anything is
done, and counts in the transaction that does it. What was refused isn't counted, so the moment that is named
holds, however often somebody presses the button until then.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import Flask, request, session
from flask_babel import format_time, to_user_timezone

from civic.core import tally
from civic.core.config import settings
from civic.core.errors import TooMany
from civic.core.jobs import register_job
from civic.core.tally import Mark, mark_of
from civic.core.windows import Limit, Tally, latest
from civic.web.filters import minute

BROWSER = "browser"
"""Key of the browser's random id in the session cookie, which pages with a form have anyway."""
HOUSE = 64
"""Bits of an IPv6 address that a household shares: what follows changes by itself."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a request comes from. Many people may share an address; a browser is one person, or a counter."""

    address: Mark
    browser: Mark

    def __iter__(self) -> Iterator[Mark]:
        return iter((self.address, self.browser))


@dataclass(frozen=True, slots=True)
class Allowance:
    """How often something may be done from one address and in one browser."""

    address: tuple[Limit, ...] = ()
    browser: tuple[Limit, ...] = ()


def this_sender(now: datetime) -> Sender:
    """The sender of this request. Only for pages with a session; it gives the browser its id."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(12)
    return Sender(
        mark_of("address", network_of(request.remote_addr or ""), now),
        mark_of("browser", session[BROWSER], now),
    )


def network_of(address: str) -> str:
    """What of an address stands for one connection: IPv4 whole, IPv6 by its first 64 bits."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        plain: IPv4Address | None = found.ipv4_mapped
        return str(plain) if plain else str(IPv6Address(int(found) >> HOUSE << HOUSE))
    return str(found)


def require(what: str, sender: Sender, allowance: Allowance, now: datetime) -> None:
    """Raise :class:`TooMany` with the moment from which it is open again."""
    if not settings().rate_limits:
        return
    kept = zip(tally.tallies(what, sender, now), (allowance.address, allowance.browser), strict=True)
    until(latest([found.free_at(limit, now) for found, limits in kept for limit in limits]))


def require_for(what: str, mark: Mark, limits: tuple[Limit, ...], now: datetime) -> None:
    """The same for something else that is counted, such as one case."""
    if settings().rate_limits:
        found: Tally = tally.tallies(what, [mark], now)[0]
        until(latest([found.free_at(limit, now) for limit in limits]))


def count(what: str, *marks: Mark, now: datetime) -> None:
    """Count it, in the caller's transaction."""
    if settings().rate_limits:
        tally.count(what, marks, now)


def until(again_at: datetime | None) -> None:
    """Raise :class:`TooMany` if there is a moment to wait for."""
    if again_at is not None:
        raise TooMany(again_at)


def clock_time(at: datetime, now: datetime) -> str:
    """A moment to come as people say it: the hour if it's today, else with its day."""
    at, today = to_user_timezone(at), to_user_timezone(now).date()
    return str(format_time(at, "HH:mm", rebase=False)) if at.date() == today else minute(at)


def seconds_until(at: datetime, now: datetime) -> str:
    """The value of ``Retry-After``."""
    return str(max(1, int((at - now).total_seconds())))


def init_app(app: Flask) -> None:
    register_job(app, "forget_senders", 60, tally.forget_senders)
