"""Who has a case open right now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from civic.cases.models import Presence
from civic.core.extensions import db

PRESENT_FOR = timedelta(seconds=75)
"""After two missed heartbeats of 30 s somebody counts as gone."""


@dataclass(frozen=True, slots=True)
class Present:
    """A person on a case, since when, and whether a text is being typed."""

    account_id: int
    since_at: datetime
    writing: bool


def present(case_id: int, now: datetime, *, but: int | None = None) -> tuple[Present, ...]:
    """Who has the case open, without the one who asks, in the order in which they came."""
    there = select(Presence).where(
        Presence.case_id == case_id, Presence.seen_at > now - PRESENT_FOR, Presence.account_id != (but or 0)
    )
    rows = db.session.scalars(there.order_by(Presence.since_at, Presence.account_id))
    return tuple(Present(row.account_id, row.since_at, row.writing) for row in rows)


def open_elsewhere(case_ids: Collection[int], now: datetime, *, but: int | None) -> frozenset[int]:
    """Which of these cases somebody else has open."""
    there = select(Presence.case_id).where(
        Presence.case_id.in_(case_ids),
        Presence.seen_at > now - PRESENT_FOR,
        Presence.account_id != (but or 0),
    )
    return frozenset(db.session.scalars(there)) if case_ids else frozenset()
