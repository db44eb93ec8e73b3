"""The dispatcher's work: a list, and beside it the case to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.cases import queries as cases
from civic.cases.queries import QueueFilter, QueueRow, QueueView
from civic.core.actor import Actor
from civic.core.ids import normalise_reference
from civic.desk.beside import Colleague, present_on
from civic.desk.queries import PAGE_SIZE, DeskCase, Line, Tab, desk_case, lines_of, tabs_of
from civic.routing import queries as routing
from civic.routing.queries import ChannelRow


@dataclass(frozen=True, slots=True)
class WorkPage:
    """The dispatcher's work: a list, and the one case of it that is open beside it."""

    view: QueueView
    tabs: tuple[Tab, ...]
    lines: tuple[Line, ...]
    next_cursor: str | None
    chosen: DeskCase | None
    channels: tuple[ChannelRow, ...]
    """Channels outside that the chosen case's words seem to be for."""
    there: tuple[Colleague, ...]
    """Who else has the chosen case open."""


def work_page(
    actor: Actor,
    view: QueueView | None,
    lists: Sequence[QueueView],
    reference: str,
    cursor: str | None,
    now: datetime,
) -> WorkPage:
    """One of the dispatcher's lists and the chosen case of it, or the first that nobody else has open just now.

    No ``view``: the first list with work.
    """
    counts = tabs_of(actor, lists, view, now)
    if view is None:
        view = next((tab.view for tab in counts if tab.count), lists[0])
        counts = tuple(Tab(t.view, t.label, t.count, t.view is view) for t in counts)
    rows = cases.queue(actor, QueueFilter(view=view), cursor, now=now, size=PAGE_SIZE)
    wanted = normalise_reference(reference)
    chosen = next((row.reference for row in rows.rows if row.reference == wanted), "")
    chosen = chosen or _untouched(actor, rows.rows, now)
    case = desk_case(actor, chosen, now) if chosen else None
    return WorkPage(
        view=view,
        tabs=counts,
        lines=lines_of(rows, view, now),
        next_cursor=rows.next_cursor,
        chosen=case,
        channels=routing.recognise_channels(case.text) if case else (),
        there=present_on(actor, case.case.case_id, now) if case else (),
    )


def _untouched(actor: Actor, rows: Sequence[QueueRow], now: datetime) -> str:
    """The most urgent case that nobody else has open: two dispatchers don't begin with the same one."""
    open_now = cases.open_elsewhere([row.case_id for row in rows], now, but=actor.account_id)
    by_freedom = sorted(rows, key=lambda row: row.case_id in open_now)
    return by_freedom[0].reference if by_freedom else ""
