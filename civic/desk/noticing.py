"""What became different in somebody's work since they last said that they had seen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.accounts.rules import SETTLED
from civic.accounts.telling import told
from civic.cases import queries as cases
from civic.cases.queries import NoticedCase, QueueFilter, QueueView, Span
from civic.cases.rules import Noticed
from civic.core.actor import Actor
from civic.desk.queries import Line, lines_of
from civic.supervision.queries.opinions import OpinionNotice, opinion_news


@dataclass(frozen=True, slots=True)
class Notices:
    """What is new within the span."""

    span: Span
    cases: tuple[NoticedCase, ...]
    opinions: tuple[OpinionNotice, ...]

    @property
    def count(self) -> int:
        return len(self.cases) + len(self.opinions)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One case as lists show it; ``at`` is when it happened, None for what the clock alone brought."""

    line: Line
    at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """The notices of each kind, the most urgent kind first."""

    new: Notices
    groups: tuple[tuple[Noticed, tuple[NoticeLine, ...]], ...]


def new_notices(actor: Actor, now: datetime) -> Notices:
    """What is new to somebody: since they marked it as seen, up to what has surely been written down."""
    span = Span(told(actor.account_id or 0, now).desk_from, now - SETTLED)
    return Notices(
        span, cases.noticed_cases(actor, span, now), opinion_news(actor, span.since, span.until, now)
    )


def notices_page(actor: Actor, now: datetime) -> NoticesPage:
    """The same with the cases as lists show them, read together."""
    new = new_notices(actor, now)
    ids = tuple({one.case_id for one in new.cases})
    wanted = QueueFilter(view=QueueView.ALL, among=ids)
    rows = cases.queue(actor, wanted, now=now, size=len(ids)) if ids else None
    lines = {line.row.case_id: line for line in lines_of(rows, QueueView.ALL, now)} if rows else {}
    groups = (
        (
            what,
            tuple(
                NoticeLine(lines[one.case_id], one.at)
                for one in new.cases
                if one.what is what and one.case_id in lines
            ),
        )
        for what in Noticed
    )
    return NoticesPage(new, tuple((what, found) for what, found in groups if found))
