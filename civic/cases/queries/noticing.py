"""What became different in the cases of a member of staff over a while: read from events, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, literal_column, or_, select

from civic.accounts.absences import Work, stood_in_for
from civic.cases.models import Case, CaseEvent, Reply, ReplyState
from civic.cases.queries.marking import marks_of
from civic.cases.queries.own_work import drafted_by, held_by
from civic.cases.queries.parts import owes_part
from civic.cases.rules import (
    ANSWERED,
    AT_DEPARTMENT,
    CAUSES,
    OPEN,
    STANDS_BY,
    CaseAction,
    CaseStatus,
    FeedbackKind,
    Noticed,
    Pending,
    Stake,
    concerns,
    still_stands,
)
from civic.core.actor import Actor, Role
from civic.core.extensions import db
from civic.core.workdays import add_workdays
from civic.departments import queries as departments

MOST = 300
"""How many events are looked at, the newest first."""
_HERE = [status.value for status in AT_DEPARTMENT]
_HELD = [status.value for status in AT_DEPARTMENT | ANSWERED]
"""Where a case has somebody to whom it can come back: a correction of an answered one is sent back too."""
_OPEN = [status.value for status in OPEN]
_COLUMNS = (
    Case.id, Case.reference, Case.kind, Case.status, Case.due_at, Case.urgent_at, Case.department_id,
    Case.assignee_id, Case.return_pending, Case.waits_for_lead,
    exists().where(Reply.case_id == Case.id, Reply.state == ReplyState.DRAFT.value).label("draft"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """After ``since`` and up to ``until``, both moments of the past: what happened later comes with the next one."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class NoticedCase:
    """One thing that somebody is told of; ``at`` is None for what the clock alone brought.

    ``own``: theirs, or of somebody they stand in for.
    """

    what: Noticed
    case_id: int
    reference: str
    kind: FeedbackKind
    due_at: datetime | None
    department_id: int | None
    at: datetime | None
    own: bool


def noticed_cases(actor: Actor, span: Span, now: datetime) -> tuple[NoticedCase, ...]:
    """What the actor is told of: each kind by the newest first, a case once in each. Four queries at most where
    nobody of the actor's departments is away."""
    if span.since >= span.until:
        return ()
    today = departments.local_day(now)
    reach = _Reach(
        actor, stood_in_for(actor.account_id, actor.departments(Role.HANDLER, Role.LEAD), today), now
    )
    found = [*_still_marked([*_happened(reach, span)]), *_came_due(reach, span)]
    first = {(one.what, one.case_id): one for one in reversed(found)}
    order = list(Noticed)
    return tuple(
        sorted(
            first.values(),
            key=lambda one: (order.index(one.what), -(one.at or now).timestamp(), -one.case_id),
        )
    )


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which cases may concern somebody."""

    actor: Actor
    stands_in: tuple[Work, ...]
    now: datetime

    @property
    def led(self) -> frozenset[int]:
        return self.actor.departments(Role.LEAD)

    @property
    def works_in(self) -> frozenset[int]:
        return self.actor.departments(Role.HANDLER, Role.LEAD)

    def drafted(self) -> ColumnElement[bool]:
        """What they or those for whom they stand in have written for it."""
        own = [(self.actor.account_id or 0, place) for place in self.works_in]
        return drafted_by([*own, *self.stands_in]) if own else false()

    def owes(self) -> ColumnElement[bool]:
        """What asks for a part of one of their departments."""
        return owes_part(self.works_in) if self.works_in else false()

    def columns(self) -> tuple[Any, ...]:
        return (*_COLUMNS, self.drafted().label("drafted"), self.owes().label("owes"))

    def held(self) -> ColumnElement[bool]:
        """What is theirs or of those for whom they stand in."""
        return and_(Case.status.in_(_HELD), held_by(self.actor.account_id, self.stands_in))

    def anything(self) -> ColumnElement[bool]:
        """All that may concern them."""
        ways = [
            self.held(),
            and_(Case.status.in_(_HELD), self.drafted()),
            and_(Case.status.in_(_HERE), self.owes()),
        ]
        if self.led:
            waits = or_(Case.status.in_(_HERE), Case.waits_for_lead.is_(True))
            ways.append(and_(Case.department_id.in_(self.led), waits))
        if self.actor.has(Role.DISPATCHER):
            ways += [
                and_(Case.department_id.is_(None), Case.status.in_(_OPEN)),
                and_(Case.return_pending.is_(True), Case.status.in_(_HERE)),
            ]
        return or_(*ways)

    def stake(self, row: Any) -> Stake:
        own = row.assignee_id is not None and (
            row.assignee_id == self.actor.account_id or (row.assignee_id, row.department_id) in self.stands_in
        )
        nobodys = row.department_id is None or row.return_pending
        return Stake(
            own=own,
            led=row.department_id in self.led,
            dispatched=nobodys and self.actor.has(Role.DISPATCHER),
            unassigned=row.assignee_id is None,
            drafted=row.drafted,
            signing=row.waits_for_lead,
            owes=row.owes,
        )

    def told(self, what: Noticed, row: Any, at: datetime | None) -> NoticedCase | None:
        stake, status = self.stake(row), CaseStatus(row.status)
        pending = Pending(row.return_pending, row.waits_for_lead, row.draft)
        stands = still_stands(what, status, row.due_at, self.now, pending)
        if not (stands and concerns(what, stake)):
            return None
        due_at = row.urgent_at if status in OPEN and what is Noticed.DUE_SOON else row.due_at
        return NoticedCase(
            what, row.id, row.reference, FeedbackKind(row.kind), due_at, row.department_id, at, stake.own
        )


def _happened(reach: _Reach, span: Span) -> Iterable[NoticedCase]:
    rows = db.session.execute(
        select(
            CaseEvent.action, CaseEvent.at, CaseEvent.params, CaseEvent.account_id, *reach.columns()
        )
        # Added to nothing, or the planner begins at the open cases of a department and reads all their events.
        .join(Case, Case.id == CaseEvent.case_id + literal_column("0"))
        .where(
            # In the very words of the index over these events, or neither database knows that it fits.
            CaseEvent.action.in_(
                bindparam("causes", [cause.value for cause in CAUSES], expanding=True, literal_execute=True)
            ),
            CaseEvent.at > span.since,
            CaseEvent.at <= span.until,
            reach.anything(),
        )
        .order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
        .limit(MOST)
    )  # fmt: skip
    for row in rows:
        # Nobody is told of what they did themselves, nor of a case that was given to somebody else since or of what
        # was asked of another department.
        passed_on = row.action == CaseAction.ASSIGN and row.params.get("assignee_id") != row.assignee_id
        passed_on |= row.action == CaseAction.INVITE and row.params["department_id"] not in reach.works_in
        told = reach.told(CAUSES[CaseAction(row.action)], row, row.at)
        if told is not None and row.account_id != reach.actor.account_id and not passed_on:
            yield told


def _still_marked(found: Sequence[NoticedCase]) -> Iterable[NoticedCase]:
    """Those that whoever has the case hasn't gone on from."""
    marked = marks_of({one.case_id for one in found if one.what in STANDS_BY})
    for one in found:
        if one.what not in STANDS_BY or STANDS_BY[one.what] & marked.get(one.case_id, frozenset()):
            yield one


def _came_due(reach: _Reach, span: Span) -> Iterable[NoticedCase]:
    """What the warning span has reached since, and isn't late already; nothing is asked within a day."""
    before, after = _soon(span.since), _soon(span.until)
    if before == after:
        return
    reached = [
        and_(Case.kind == kind.value, Case.due_at > before[kind], Case.due_at <= after[kind])
        for kind in FeedbackKind
    ]
    accept = and_(Case.accept_due_at > before[None], Case.accept_due_at <= after[None])
    rows = db.session.execute(
        select(*reach.columns())
        .where(
            or_(
                reach.held(),
                and_(Case.department_id.in_(reach.led), Case.status.in_(_HERE), Case.assignee_id.is_(None)),
            ),
            Case.urgent_at >= reach.now,
            or_(accept, *reached),
        )
        .order_by(Case.urgent_at, Case.id)
        .limit(MOST)
    )
    for row in rows:
        told = reach.told(Noticed.DUE_SOON, row, None)
        if told is not None:
            yield told


def _soon(at: datetime) -> Mapping[FeedbackKind | None, datetime]:
    """By kind until when an answer is due soon at that moment; under None an acceptance."""
    calendar, levels = departments.calendar(), departments.service_levels()
    day = calendar.local_day(at)

    def until(level: str) -> datetime:
        return add_workdays(calendar, day, levels.soon(level, day)).due_at

    return {None: until("accept"), **{kind: until(kind.value) for kind in FeedbackKind}}
