"""The law of subscriptions: how often one is written to, when a digest goes out. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

CONFIRM_WITHIN = timedelta(hours=48)
"""A subscription that isn't confirmed by then is deleted with its address."""
ASK_AGAIN_AFTER = timedelta(minutes=10)
"""Whoever asks for the same once more within this time gets no second message."""
MOST_ASKED_A_DAY = 5
"""Confirmations that one address is sent in 24 hours, whatever was asked for: nobody is flooded through us."""
END_LINK_DAYS = 400
"""How long the link in a message ends the subscription; each new message brings a new one."""
FIRST_HOUR, LAST_HOUR = 8, 20
"""Digests leave between these hours of the district's day."""
MOST_IN_A_DIGEST = 30


def same_address(address: str) -> str:
    """The form under which an address is recognised: nobody has two that differ only in capitals."""
    return address.lower()


def may_ask_again(asked_at: datetime, now: datetime) -> bool:
    """Whether a pending subscription is sent another confirmation."""
    return now - asked_at >= ASK_AGAIN_AFTER


def has_lapsed(asked_at: datetime, now: datetime) -> bool:
    """Whether nobody has confirmed in time."""
    return now - asked_at > CONFIRM_WITHIN


def is_sending_hour(local_hour: int) -> bool:
    """Whether digests leave at this hour of the district's day."""
    return FIRST_HOUR <= local_hour < LAST_HOUR
