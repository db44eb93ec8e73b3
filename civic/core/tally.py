"""How often one sender did something lately: counted in the database, so that all web processes agree.

A sender stands here only as a keyed hash that changes every day (:class:`Mark`), with numbers per five
minutes, and for a day (Personal Information Protection Law, article 19: the shortest time necessary).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Index, String, Table, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.crypto import keyed_hash
from civic.core.db import UtcDateTime, key_text
from civic.core.extensions import db
from civic.core.windows import DAY, SLOT, Tally, slot_of


class SenderTally(db.Model):  # type: ignore[name-defined,misc]
    """How often ``who`` did ``what`` in the five minutes from ``slot`` on."""

    __tablename__ = "sender_tally"
    __table_args__ = (Index("ix_sender_tally_slot", "slot"),)

    who: Mapped[str] = mapped_column(key_text(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(24), primary_key=True)
    slot: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    n: Mapped[int]


TALLIES = cast(Table, SenderTally.__table__)


@dataclass(frozen=True, slots=True)
class Mark:
    """A sender's hash of today, under which is counted, and of yesterday, under which was counted."""

    today: str
    yesterday: str


def mark_of(kind: str, name: str, now: datetime) -> Mark:
    """The mark of an address, a browser or whatever else is counted; marks of different kinds never meet."""
    today = now.date()
    return Mark(*(_hidden(kind, name, day.isoformat()) for day in (today, today - DAY)))


def tallies(what: str, marks: Iterable[Mark], now: datetime) -> tuple[Tally, ...]:
    """What each of these senders did within the last day, in one query."""
    wanted = tuple(marks)
    names = {name for mark in wanted for name in (mark.today, mark.yesterday)}
    rows = db.session.execute(
        select(SenderTally.who, SenderTally.slot, SenderTally.n)
        .where(SenderTally.what == what, SenderTally.who.in_(names), SenderTally.slot > now - DAY - SLOT)
        .order_by(SenderTally.slot)
    ).all()
    return tuple(
        Tally(tuple((row.slot, row.n) for row in rows if row.who in (mark.today, mark.yesterday)))
        for mark in wanted
    )


def count(what: str, marks: Iterable[Mark], now: datetime) -> None:
    """Count once more for each of these senders, in the caller's transaction and in one order for all."""
    make = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    statement = make(TALLIES)
    statement = statement.on_conflict_do_update(
        index_elements=["who", "what", "slot"], set_={"n": TALLIES.c.n + statement.excluded.n}
    )
    names = sorted({mark.today for mark in marks})
    rows = [{"who": name, "what": what, "slot": slot_of(now), "n": 1} for name in names]
    db.session.execute(statement, rows)


def forget_senders(now: datetime) -> int:
    """Delete what is older than a day; how many rows went."""
    result = db.session.execute(delete(SenderTally).where(SenderTally.slot <= now - DAY - SLOT))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _hidden(kind: str, name: str, day: str) -> str:
    return keyed_hash(f"{day}\x00{kind}\x00{name}", "sender")[:32]
