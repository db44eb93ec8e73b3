"""What stands in the mail of the morning: numbers, kinds and days of what is to be done; no words and no person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from civic.accounts.absences import away, stood_in_for
from civic.cases import queries as cases
from civic.cases.queries import NoticedCase, QueueFilter, QueueView, Span
from civic.cases.rules import FeedbackKind, Noticed
from civic.core.actor import Actor, Role
from civic.departments import queries as departments
from civic.notices.rules.digests import MOST_IN_A_PART, Topic
from civic.supervision.queries.opinions import OpinionNotice, opinions_owed_now

DEPARTMENT_VIEWS: Mapping[Topic, QueueView] = MappingProxyType(
    {
        Topic.APPROVAL: QueueView.APPROVAL,
        Topic.LATE: QueueView.OVERDUE,
        Topic.UNASSIGNED: QueueView.UNASSIGNED,
    }
)
BACKLOG_VIEWS = (
    QueueView.TRIAGE, QueueView.HELD, QueueView.RETURNED, QueueView.REVIEW, QueueView.EXTENSIONS,
)  # fmt: skip
CAME_BACK = frozenset({Noticed.SENT_BACK, Noticed.TO_PUBLISH, Noticed.REOPENED, Noticed.KEPT})
BROUGHT = frozenset(
    {
        Noticed.ADDED, Noticed.PART_ASKED, Noticed.PART_GIVEN, Noticed.EXTENDED, Noticed.NOT_EXTENDED,
        Noticed.TRANSFERRED,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One case. ``due_at`` is the next deadline that runs, None while the clock stands still.

    ``to_accept``: what is owed by then is its acceptance, not yet the answer.
    """

    reference: str
    kind: FeedbackKind
    due_at: datetime | None
    to_accept: bool = False


@dataclass(frozen=True, slots=True)
class DigestPart:
    """Cases under one heading, ``total`` of them; ``view`` is the list with all of them, of one department if named."""

    topic: Topic
    lines: tuple[DigestLine, ...]
    total: int
    view: QueueView
    department_id: int | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """``backlog``: how many wait in each list of the dispatcher; lists in which nothing waits are left out."""

    parts: tuple[DigestPart, ...]
    opinions: tuple[OpinionNotice, ...]
    backlog: tuple[tuple[QueueView, int], ...]

    @property
    def says_something(self) -> bool:
        return bool(self.parts or self.opinions or self.backlog)


def digest_of(actor: Actor, span: Span, now: datetime) -> Digest:
    """What there is to say to somebody: what happened within the span, and what stands to be done now."""
    return Digest(
        parts=tuple(part for part in (*_own(actor, span, now), *_led(actor, now)) if part.total),
        opinions=opinions_owed_now(actor, now),
        backlog=_backlog(actor, now),
    )


def is_away(actor: Actor, now: datetime) -> bool:
    """Whether somebody is absent today from all departments in which they work; a dispatcher never is."""
    places = actor.departments(Role.HANDLER, Role.LEAD)
    if not places or actor.has(Role.DISPATCHER):
        return False
    gone = away(places, departments.local_day(now))
    return all((actor.account_id, place) in gone for place in places)


def _own(actor: Actor, span: Span, now: datetime) -> Iterator[DigestPart]:
    if not actor.has(Role.HANDLER, Role.LEAD):
        return
    happened = cases.noticed_cases(actor, span, now)
    own = [one for one in happened if one.own]
    yield _told(Topic.OVERDUE, [one for one in own if one.what is Noticed.OVERDUE], QueueView.OVERDUE)
    yield _due_soon(actor, now)
    yield _told(Topic.CAME_BACK, [one for one in happened if one.what in CAME_BACK], QueueView.DEPARTMENT)
    yield _told(Topic.BROUGHT, [one for one in happened if one.what in BROUGHT], QueueView.DEPARTMENT)
    yield _told(Topic.ASSIGNED, [one for one in own if one.what is Noticed.ASSIGNED], QueueView.MINE)


def _told(topic: Topic, found: Iterable[NoticedCase], view: QueueView) -> DigestPart:
    once = {one.case_id: DigestLine(one.reference, one.kind, one.due_at) for one in found}
    return DigestPart(topic, tuple(once.values())[:MOST_IN_A_PART], len(once), view)


def _due_soon(actor: Actor, now: datetime) -> DigestPart:
    """What is within the warning span, of the actor and of those for whom they stand in."""
    view = QueueView.DUE_SOON
    today = departments.local_day(now)
    stands_in = stood_in_for(actor.account_id, actor.departments(Role.HANDLER, Role.LEAD), today)
    wanted = [
        QueueFilter(view=view, assignee_id=actor.account_id),
        *(QueueFilter(view=view, assignee_id=who, department_id=where) for who, where in stands_in),
    ]
    total = sum(cases.queue_sizes(actor, wanted, now))
    lines = [line for one in wanted for line in _lines(actor, one, now)] if total else []
    lines.sort(key=lambda line: (line.due_at or now, line.reference))
    return DigestPart(Topic.DUE_SOON, tuple(lines[:MOST_IN_A_PART]), total, view)


def _led(actor: Actor, now: datetime) -> Iterator[DigestPart]:
    wanted = [
        (topic, QueueFilter(view=view, department_id=place))
        for place in sorted(actor.departments(Role.LEAD))
        for topic, view in DEPARTMENT_VIEWS.items()
    ]
    sizes = cases.queue_sizes(actor, [one for _topic, one in wanted], now)
    for (topic, one), total in zip(wanted, sizes, strict=True):
        lines = _lines(actor, one, now) if total else ()
        yield DigestPart(topic, lines, total, one.view, one.department_id)


def _lines(actor: Actor, wanted: QueueFilter, now: datetime) -> tuple[DigestLine, ...]:
    page = cases.queue(actor, wanted, now=now, size=MOST_IN_A_PART)
    return tuple(
        DigestLine(
            row.reference, row.kind, row.urgent_at,
            row.urgent_at is not None and row.urgent_at == row.accept_due_at != row.due_at,
        )
        for row in page.rows
    )  # fmt: skip


def _backlog(actor: Actor, now: datetime) -> tuple[tuple[QueueView, int], ...]:
    if not actor.has(Role.DISPATCHER):
        return ()
    counts = cases.queue_counts(actor, now, views=BACKLOG_VIEWS)
    return tuple((view, counts[view]) for view in BACKLOG_VIEWS if counts[view])
