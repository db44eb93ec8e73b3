"""What has become different while a page of the desk was open: counts of lists, and cases of the one shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.cases import queries as cases
from civic.cases.queries import QueueFilter, QueueOrder, QueueView
from civic.core.actor import Actor

MOST = 200
"""How many cases are named at most: a page's own, and those that have come between them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The list that is open, and the part of it that the page shows: from one cursor to the next."""

    wanted: QueueFilter
    order: QueueOrder
    after: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class News:
    """How it stands now. Without a list that is open ``found`` is None and no case is named."""

    counts: Mapping[QueueView, int]
    found: int | None = None
    references: tuple[str, ...] = ()


def news(actor: Actor, views: Sequence[QueueView], shown: Shown | None, now: datetime) -> News:
    """The counts of these lists, and of the open one also its cases where the page shows them."""
    counts = cases.queue_counts(actor, now, views=tuple(views))
    if shown is None:
        return News(counts)
    wanted = shown.wanted
    whole = QueueFilter(view=wanted.view)
    return News(
        counts=counts,
        found=counts[wanted.view]
        if wanted == whole and wanted.view in counts
        else cases.queue_size(actor, wanted, now),
        references=cases.queue_between(
            actor, wanted, shown.after, shown.until, now=now, most=MOST, order=shown.order
        ),
    )
