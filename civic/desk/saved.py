"""The lists that somebody keeps for themselves, with how many cases each has now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.cases import queries as cases
from civic.cases.queries import QueueView
from civic.core.actor import Actor
from civic.core.extensions import db
from civic.desk.models import SavedList
from civic.desk.narrowing import Known, Narrowed, read_narrowed
from civic.desk.policy import search_is_recorded


@dataclass(frozen=True, slots=True)
class SavedRow:
    """One own list: its name, its address, its count, whether it's the one shown."""

    id: int
    name: str
    address: Mapping[str, str]
    count: int
    current: bool

    @property
    def count_name(self) -> str:
        """How its count is called among those that an open page asks for."""
        return f"saved-{self.id}"


def saved_lists(
    actor: Actor, offered: Sequence[QueueView], now: datetime, shown: Narrowed | None = None
) -> tuple[SavedRow, ...]:
    """The own lists in their order. What one asks for and isn't known any more narrows it no longer."""
    own = select(SavedList.id, SavedList.name, SavedList.address).where(
        SavedList.account_id == actor.account_id
    )
    rows = db.session.execute(own.order_by(SavedList.position, SavedList.id)).all()
    if not rows:
        return ()
    known = Known(actor)
    lists = [_narrowed(actor, offered, row.address, now, known) for row in rows]
    counts = cases.queue_sizes(actor, [one.wanted for one in lists], now)
    address = shown.address if shown else None
    return tuple(
        SavedRow(row.id, row.name, one.address, count, one.address == address)
        for row, one, count in zip(rows, lists, counts, strict=True)
    )


def _narrowed(
    actor: Actor, offered: Sequence[QueueView], address: Mapping[str, str], now: datetime, known: Known
) -> Narrowed:
    view = address.get("view", "")
    given = {**address, "q": ""} if search_is_recorded(actor) else address
    return read_narrowed(actor, QueueView(view) if view in offered else offered[0], given, now, known)
