"""The desk's queues: the most urgent first, paged by key, scoped to what the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from civic.accounts.absences import Work, stood_in_for
from civic.cases import policy
from civic.cases.models import Case, CaseEvent, CaseRound, Feedback, Support
from civic.cases.queries.marking import marks_of
from civic.cases.queries.own_work import held_by, own_corrections
from civic.cases.queries.parts import own_or_part_place, own_parts, part_place, parts_due
from civic.cases.queries.rows import OwnPart, QueueFilter, QueueOrder, QueueRow, QueueView
from civic.cases.rules import (
    ANSWERED,
    AT_DEPARTMENT,
    OPEN,
    CaseStatus,
    ExtensionState,
    FeedbackKind,
    Mark,
    Publication,
    RoundKind,
)
from civic.core.actor import Actor, Role
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.core.text import excerpt
from civic.core.workdays import add_workdays
from civic.departments import queries as departments

FAR = datetime(9999, 1, 1, tzinfo=UTC)
EXCERPT = 90
Merged = aliased(Case)
RED_LINE = timedelta(days=60)
"""Calendar days after which a message without an answer stands in the red-line list."""
_WITH_PARTS = frozenset({QueueView.DUE_SOON, QueueView.OVERDUE})
_WORKED_ON = frozenset(status.value for status in OPEN | ANSWERED)
"""Where something can have happened that its row says."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """Now, and by kind until when an answer is due soon; ``accept`` until when an acceptance or a part is.

    ``stands_in``: for whom the reader does the work today, and where. ``corrections``: answered cases for which they
    have a correction that isn't out. ``parts``: what is owed to cases of others by then, with its day.
    """

    now: datetime
    today: date
    accept: datetime
    kinds: Mapping[str, datetime]
    stands_in: tuple[Work, ...]
    corrections: tuple[int, ...]
    parts: tuple[tuple[int, datetime], ...]

    def owed(self, view: QueueView) -> list[int]:
        """The cases of others to which the reader owes a part that belongs in this list."""
        late = {QueueView.DUE_SOON: False, QueueView.OVERDUE: True}.get(view)
        return [case_id for case_id, due_at in self.parts if late is (due_at < self.now)]

    def is_soon(self, case: Case) -> bool:
        until = self.accept if case.urgent_at == case.accept_due_at else self.kinds[case.kind]
        return self.now <= case.urgent_at <= until


def _moment(actor: Actor, now: datetime, views: Collection[QueueView]) -> _Moment:
    """Due soon is what is due by close of work so many working days ahead; on a Friday one day is Monday."""
    calendar, levels = departments.calendar(), departments.service_levels()
    today = calendar.local_day(now)

    def until(level: str) -> datetime:
        return add_workdays(calendar, today, levels.soon(level, today)).due_at

    kinds = {kind.value: until(kind.value) for kind in FeedbackKind}
    # Asked only where a list needs it: each page of the desk counts and draws several.
    own = _supporting(actor)
    works_for = own if QueueView.MINE in views else ()
    stands_in = stood_in_for(actor.account_id, works_for, today)
    writers = [*((actor.account_id or 0, place) for place in works_for), *stands_in]
    accept = until("accept")
    parts = parts_due(own, accept) if _WITH_PARTS & set(views) else ()
    return _Moment(now, today, accept, kinds, stands_in, own_corrections(writers), parts)


def queue(
    actor: Actor,
    wanted: QueueFilter,
    cursor: str | None = None,
    *,
    now: datetime,
    size: int = 50,
    order: QueueOrder = QueueOrder.URGENT,
) -> Page[QueueRow]:
    """One page of a queue. By urgency what is due first comes first, and paused clocks last."""
    moment = _moment(actor, now, (wanted.view,))
    key, falls = _key(actor, wanted, order, moment)
    query = (
        _narrowed(select(Case, Feedback.text, Feedback.erased_at, key.label("place")), actor, wanted, moment)
        .join(Feedback, Feedback.id == Case.feedback_id)
        .order_by(*((key.desc(), Case.id.desc()) if falls else (key, Case.id)))
        .limit(size + 1)
    )
    if cursor:
        query = query.where(_further(key, falls, cursor))
    rows = db.session.execute(query).all()
    last = rows[size - 1] if len(rows) > size else None
    shown = [row.Case for row in rows[:size]]
    parts: Mapping[int, OwnPart] = {}
    if wanted.view is QueueView.SUPPORTING or moment.parts:
        own = _supporting(actor)
        others = [case.id for case in shown if case.department_id not in own]
        parts = own_parts(others, own, (moment.now, moment.accept))
    marked = marks_of([case.id for case in shown if case.status in _WORKED_ON])
    return Page(
        tuple(
            _row(actor, row, moment, parts.get(row.Case.id), marked.get(row.Case.id, frozenset()))
            for row in rows[:size]
        ),
        encode_cursor(last.place.isoformat(), last.Case.id) if last else None,
    )


def queue_between(
    actor: Actor,
    wanted: QueueFilter,
    after: str | None,
    until: str | None,
    *,
    now: datetime,
    most: int,
    order: QueueOrder = QueueOrder.URGENT,
) -> tuple[str, ...]:
    """The references that now stand where a page of a queue ran from one cursor to the next."""
    moment = _moment(actor, now, (wanted.view,))
    key, falls = _key(actor, wanted, order, moment)
    query = _narrowed(select(Case.reference), actor, wanted, moment)
    if after:
        query = query.where(_further(key, falls, after))
    if until:
        query = query.where(not_(_further(key, falls, until)))
    return tuple(db.session.scalars(query.order_by(key, Case.id).limit(most)))


def latest_change() -> int:
    """The number of the newest event of any case: while it stays, only time changes a queue. One look at an index."""
    return db.session.scalar(select(func.max(CaseEvent.id))) or 0


def _key(actor: Actor, wanted: QueueFilter, order: QueueOrder, moment: _Moment) -> tuple[Any, bool]:
    """What orders a queue, and whether it falls; the most urgent is what its list is about."""
    if order is QueueOrder.URGENT and wanted.view is QueueView.REVIEW:
        return Case.review_due_at, False
    if order is QueueOrder.URGENT and wanted.view is QueueView.SUPPORTING:
        return part_place(_supporting(actor)), False
    if order is QueueOrder.URGENT and moment.owed(wanted.view):
        return own_or_part_place(_supporting(actor)), False
    name, falls = _KEYS[order]
    return getattr(Case, name), falls


def _further(key: Any, falls: bool, cursor: str) -> ColumnElement[bool]:
    """What comes after the row whose cursor it is."""
    at, case_id = _key_of(decode_cursor(cursor, 2) or ())
    beyond = (key < at, Case.id < case_id) if falls else (key > at, Case.id > case_id)
    return or_(beyond[0], and_(key == at, beyond[1]))


_KEYS = {
    QueueOrder.URGENT: ("urgent_at", False),
    QueueOrder.NEWEST: ("submitted_at", True),
    QueueOrder.OLDEST: ("submitted_at", False),
    QueueOrder.UNCHANGED: ("changed_at", False),
}
"""The column that orders, and whether it falls; the case's id decides between equals, in the same direction."""


def queue_size(actor: Actor, wanted: QueueFilter, now: datetime) -> int:
    """How many cases a narrowed queue has."""
    counted = _narrowed(select(func.count(Case.id)), actor, wanted, _moment(actor, now, (wanted.view,)))
    return db.session.scalar(counted) or 0


def queue_counts(
    actor: Actor,
    now: datetime,
    *,
    department_id: int | None = None,
    views: tuple[QueueView, ...] = tuple(QueueView),
) -> dict[QueueView, int]:
    """How many cases each queue has, in one query."""
    sizes = queue_sizes(actor, [QueueFilter(view=view, department_id=department_id) for view in views], now)
    return dict(zip(views, sizes, strict=True))


def queue_sizes(actor: Actor, wanted: Sequence[QueueFilter], now: datetime) -> tuple[int, ...]:
    """How many cases each of these narrowed queues has, in one query."""
    if not wanted:
        return ()
    moment = _moment(actor, now, [one.view for one in wanted])
    counted = (_narrowed(select(func.count(Case.id)), actor, one, moment) for one in wanted)
    columns = (one.scalar_subquery().label(f"n{at}") for at, one in enumerate(counted))
    return tuple(map(int, db.session.execute(select(*columns)).one()))


def counts_by_holder(
    actor: Actor, now: datetime, *, department_id: int | None, views: tuple[QueueView, ...]
) -> dict[QueueView, dict[int | None, int]]:
    """How many cases of each queue everyone holds; None holds what nobody has. Who holds none is left out."""
    found: dict[QueueView, dict[int | None, int]] = {}
    moment = _moment(actor, now, views)
    for view in views:
        wanted = QueueFilter(view=view, department_id=department_id)
        counted = _narrowed(select(Case.assignee_id, func.count(Case.id)), actor, wanted, moment)
        rows = db.session.execute(counted.group_by(Case.assignee_id))
        found[view] = {row[0]: int(row[1]) for row in rows}
    return found


def _key_of(after: tuple[Any, ...]) -> tuple[datetime, int]:
    try:
        return datetime.fromisoformat(str(after[0])), int(after[1])
    except (IndexError, TypeError, ValueError) as error:
        raise Invalid(N_("This page of the list can't be opened. Go back to its beginning.")) from error


def _narrowed(query: Any, actor: Actor, wanted: QueueFilter, moment: _Moment) -> Any:
    query = query.where(_visible_to(actor, wanted, moment), _in_view(actor, wanted.view, moment))
    if wanted.department_id is not None:
        query = query.where(Case.department_id == wanted.department_id)
    if wanted.kind is not None:
        query = query.where(Case.kind == wanted.kind.value)
    if wanted.item_ids:
        query = query.where(Case.item_id.in_(wanted.item_ids))
    if wanted.street_id is not None:
        query = query.where(Case.street_id == wanted.street_id)
    if wanted.status is not None:
        query = query.where(Case.status == wanted.status.value)
    if wanted.unassigned:
        query = query.where(Case.assignee_id.is_(None))
    elif wanted.assignee_id is not None:
        query = query.where(Case.assignee_id == wanted.assignee_id)
    if wanted.about_staff:
        query = query.where(Case.about_staff.is_(True))
    if wanted.reopened:
        query = query.where(Case.reopenings > 0)
    if wanted.since is not None:
        query = query.where(Case.submitted_day >= wanted.since)
    if wanted.among is not None:
        query = query.where(Case.id.in_(wanted.among))
    return query


def _visible_to(actor: Actor, wanted: QueueFilter, moment: _Moment) -> ColumnElement[bool]:
    """Which cases exist for the reader: another department's don't."""
    scope = policy.queue_scope(actor)
    if wanted.view is QueueView.SUPPORTING:
        return _supported(actor)
    if scope is None:
        return true()
    held = Case.department_id.in_(scope)
    if wanted.among is not None:
        # What was searched for is found wherever the reader may open it.
        return or_(held, _supported(actor))
    return or_(held, *_among(moment.owed(wanted.view)))


def _supported(actor: Actor) -> ColumnElement[bool]:
    return exists().where(Support.case_id == Case.id, Support.department_id.in_(_supporting(actor)))


def _supporting(actor: Actor) -> frozenset[int]:
    """The departments of which the reader may give a part."""
    return actor.departments(Role.HANDLER, Role.LEAD)


def _in_view(actor: Actor, view: QueueView, moment: _Moment) -> ColumnElement[bool]:
    is_open = Case.status.in_([status.value for status in OPEN])
    here = Case.status.in_([status.value for status in AT_DEPARTMENT])
    conditions: dict[QueueView, ColumnElement[bool]] = {
        # Also what the reader does for those who are away, and corrections that aren't out.
        QueueView.MINE: or_(
            and_(here, held_by(actor.account_id, moment.stands_in)), *_among(moment.corrections)
        ),
        # A department holds none of those that wait for the dispatcher.
        QueueView.DEPARTMENT: is_open,
        QueueView.UNASSIGNED: and_(here, Case.assignee_id.is_(None)),
        # Where a return is undecided there is nothing to accept: the dispatcher says who answers.
        QueueView.TO_ACCEPT: and_(Case.status == CaseStatus.ROUTED.value, Case.return_pending.is_not(True)),
        QueueView.APPROVAL: Case.waits_for_lead.is_(True),
        QueueView.AWAITING: Case.status == CaseStatus.AWAITING_RESIDENT.value,
        QueueView.DUE_SOON: and_(
            is_open,
            or_(
                *_among(moment.owed(QueueView.DUE_SOON)),
                *(
                    and_(Case.kind == kind, Case.due_at.between(moment.now, until))
                    for kind, until in moment.kinds.items()
                ),
                Case.accept_due_at.between(moment.now, moment.accept),
            ),
        ),
        # What the list marks as overdue: an acceptance that is late as well as a reply.
        QueueView.OVERDUE: and_(
            is_open, or_(Case.urgent_at < moment.now, *_among(moment.owed(QueueView.OVERDUE)))
        ),
        # Nothing stays unanswered for three months (DESIGN §10); what was answered once stands in others.
        QueueView.RED_LINE: and_(
            is_open,
            Case.reopenings == 0,
            # The oldest of the messages that one answer is owed to.
            or_(
                Case.submitted_day <= moment.today - RED_LINE,
                exists().where(
                    Merged.survivor_id == Case.id, Merged.submitted_day <= moment.today - RED_LINE
                ),
            ),
        ),
        QueueView.RETURNED: and_(here, Case.return_pending.is_(True)),
        QueueView.REOPENED: and_(is_open, Case.reopenings > 0),
        QueueView.SUPPORTING: here,
        QueueView.TRIAGE: Case.status == CaseStatus.TRIAGE.value,
        # Of those, what was declined before; it can't be again.
        QueueView.APPEALED: and_(
            Case.status == CaseStatus.TRIAGE.value,
            exists().where(CaseRound.case_id == Case.id, CaseRound.kind == RoundKind.APPEALED.value),
        ),
        # Nothing stays as it was submitted unless it is held.
        QueueView.HELD: Case.status == CaseStatus.SUBMITTED.value,
        QueueView.REVIEW: and_(
            Case.publication == Publication.PENDING.value,
            Case.review_due_at.is_not(None),
            Case.status != CaseStatus.MERGED.value,
        ),
        QueueView.EXTENSIONS: and_(here, Case.extension == ExtensionState.REQUESTED.value),
        QueueView.ESCALATED: and_(is_open, Case.escalated_at.is_not(None)),
        QueueView.ANSWERED: Case.status.in_([status.value for status in ANSWERED]),
        QueueView.ALL: true(),
    }
    return conditions[view]


def _among(case_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """A further way into a list; none where there is no such case, so that its index serves alone."""
    return (Case.id.in_(case_ids),) if case_ids else ()


def _row(actor: Actor, row: Any, moment: _Moment, part: OwnPart | None, marked: frozenset[Mark]) -> QueueRow:
    case: Case = row.Case
    is_public = case.visible and case.masked_text_id is None
    skims = policy.can_skim(actor, case.department_id, is_public=is_public)
    running = case.urgent_at < FAR
    return QueueRow(
        case_id=case.id,
        reference=case.reference,
        version=case.version,
        status=CaseStatus(case.status),
        publication=Publication(case.publication),
        kind=FeedbackKind(case.kind),
        item_id=case.item_id,
        street_id=case.street_id,
        department_id=case.department_id,
        assignee_id=case.assignee_id,
        excerpt=excerpt(row.text, EXCERPT) if skims else None,
        erased_at=row.erased_at,
        submitted_at=case.submitted_at,
        due_at=case.due_at,
        accept_due_at=case.accept_due_at,
        review_due_at=case.review_due_at,
        urgent_at=case.urgent_at if running else None,
        is_overdue=case.due_at is not None and case.due_at < moment.now,
        is_due_soon=running and moment.is_soon(case),
        is_paused=case.paused_at is not None,
        reopenings=case.reopenings,
        return_pending=case.return_pending,
        extension=ExtensionState(case.extension),
        is_escalated=case.escalated_at is not None,
        about_staff=case.about_staff,
        correction_waits=case.waits_for_lead and case.status != CaseStatus.REPLY_REVIEW.value,
        part=part,
        marks=marked,
    )
