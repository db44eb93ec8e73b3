"""Lists of opinions: of a deputy, of a department, behind a figure, and what is public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from civic.accounts.queries import account_names
from civic.cases.rules import RatingLevel
from civic.core.actor import Actor, Role
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import policy
from civic.supervision.models import Opinion, OpinionRound, OpinionText, SupervisionScript
from civic.supervision.queries.opinions.deputies import left_waiting
from civic.supervision.queries.opinions.figures import FigureChoice, behind_figure
from civic.supervision.queries.opinions.rows import OpinionRow, OpinionView
from civic.supervision.rules.opinions import WITH_DEPARTMENT, AnswerClass, OpinionStatus, due_of

PAGE = 30
_OWED = tuple(sorted(WITH_DEPARTMENT))
_HERE = (OpinionStatus.SENT.value, OpinionStatus.RETURNED.value)
URGENT_FIRST = frozenset({OpinionView.OPEN, OpinionView.OVERDUE, OpinionView.TO_ANSWER, OpinionView.APPROVAL})
"""Lists in which a clock runs: the next deadline comes first. All others: the newest first."""
DEPUTY_VIEWS = (
    OpinionView.ALL, OpinionView.MINE, OpinionView.TO_RATE, OpinionView.LEFT, OpinionView.OPEN,
    OpinionView.OVERDUE, OpinionView.CLOSED, OpinionView.WITHDRAWN,
)  # fmt: skip
DEPARTMENT_VIEWS = (
    OpinionView.TO_ANSWER, OpinionView.APPROVAL, OpinionView.OVERDUE, OpinionView.ANSWERED, OpinionView.ALL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpinionFilter:
    """Which opinions a list shows; ``figure`` those that a figure of the summary counts."""

    view: OpinionView = OpinionView.ALL
    department_id: int | None = None
    figure: FigureChoice | None = None


def opinion_list(actor: Actor, wanted: OpinionFilter, cursor: str | None, now: datetime) -> Page[OpinionRow]:
    """Opinions for deputies and auditors: all that were sent, and one's own drafts. Raises NotAllowed, Invalid."""
    policy.can_read_opinions(actor).require()
    return _page(_for_deputies(actor, wanted, now), wanted.view, cursor, now)


def opinion_counts(actor: Actor, wanted: OpinionFilter, now: datetime) -> dict[OpinionView, int]:
    """How long each list of a deputy is, under the same department and figure; one query."""
    policy.can_read_opinions(actor).require()
    return _counts(
        {
            view: _for_deputies(actor, OpinionFilter(view, wanted.department_id, wanted.figure), now)
            for view in DEPUTY_VIEWS
        }
    )


def desk_opinions(actor: Actor, view: OpinionView, cursor: str | None, now: datetime) -> Page[OpinionRow]:
    """Opinions to the actor's departments."""
    policy.can_answer_opinions(actor).require()
    return _page(_for_department(actor, view, now), view, cursor, now)


def desk_opinion_counts(actor: Actor, now: datetime) -> dict[OpinionView, int]:
    """How long each list of a department is; one query."""
    policy.can_answer_opinions(actor).require()
    return _counts({view: _for_department(actor, view, now) for view in DEPARTMENT_VIEWS})


def owed_opinions(actor: Actor) -> int:
    """How many opinions the actor's departments still have to answer; one query."""
    ours = actor.departments(Role.HANDLER, Role.LEAD)
    query = select(func.count()).where(Opinion.department_id.in_(ours), Opinion.status.in_(_OWED))
    return db.session.scalar(query) or 0


def public_opinions(cursor: str | None, now: datetime) -> Page[OpinionRow]:
    """What both sides agreed to publish, the newest first; five queries at most."""
    query = select(Opinion).where(Opinion.public).order_by(Opinion.published_at.desc(), Opinion.id.desc())
    after = decode_cursor(cursor, 2)
    if after is not None:
        at = _moment(after[0])
        query = query.where(
            or_(Opinion.published_at < at, and_(Opinion.published_at == at, Opinion.id < after[1]))
        )
    rows = list(db.session.scalars(query.limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    mark = encode_cursor(last.published_at.isoformat(), last.id) if last and last.published_at else None
    return Page(opinion_rows(rows[:PAGE], now, named=False), mark)


Last = tuple[int, RatingLevel | None, AnswerClass | None]
"""Of an opinion: how many rounds it has, the last rating, the class of the last answer."""


def opinion_rows(found: Sequence[Opinion], now: datetime, *, named: bool = True) -> tuple[OpinionRow, ...]:
    """Rows with the names of what they refer to; ``named``: with that of the deputy, which no public page shows."""
    hant = _scripts(one.id for one in found if one.public)
    return rows_with(found, _last_rounds([one.id for one in found]), hant, now, named=named)


def rows_with(
    found: Sequence[Opinion],
    rounds: Mapping[int, Last],
    hant: Mapping[int, Mapping[str, str]],
    now: datetime,
    *,
    named: bool,
) -> tuple[OpinionRow, ...]:
    """The same where rounds and Traditional characters have been read already."""
    names = account_names(one.deputy_id for one in found) if named else {}
    places = departments.department_names(one.department_id for one in found)
    items = plans.item_refs(one.item_id for one in found if one.item_id is not None)
    calendar = departments.calendar()
    rows = []
    for one in found:
        number, rating, answer_class = rounds.get(one.id, (0, None, None))
        status = OpinionStatus(one.status)
        rows.append(
            OpinionRow(
                one.id, one.year, one.serial, one.title, hant.get(one.id, {}).get(one.title, ""), status,
                one.version, one.deputy_id, names.get(one.deputy_id or 0, ""), places[one.department_id],
                items.get(one.item_id or 0), one.sent_at, due_of(status, one.due_at, now, calendar), one.due_at,
                number, rating, answer_class, one.deputy_agrees, one.department_agrees, one.public,
                one.published_at,
            )
        )  # fmt: skip
    return tuple(rows)


def _for_deputies(actor: Actor, wanted: OpinionFilter, now: datetime) -> Select[Any]:
    mine = Opinion.deputy_id == actor.account_id
    query = select(Opinion).where(or_(mine, Opinion.sent_at.is_not(None)), *_conditions(wanted.view, now))
    if wanted.view in (OpinionView.MINE, OpinionView.TO_RATE):
        query = query.where(mine)
    if wanted.view is OpinionView.LEFT:
        query = query.where(left_waiting())
    if wanted.department_id is not None:
        query = query.where(Opinion.department_id == wanted.department_id)
    if wanted.figure is not None:
        query = query.where(Opinion.id.in_(behind_figure(wanted.figure)))
    return query


def _for_department(actor: Actor, view: OpinionView, now: datetime) -> Select[Any]:
    ours = actor.departments(Role.HANDLER, Role.LEAD)
    sent = (Opinion.department_id.in_(ours), Opinion.sent_at.is_not(None))
    return select(Opinion).where(*sent, *_conditions(view, now))


def _conditions(view: OpinionView, now: datetime) -> tuple[ColumnElement[bool], ...]:
    status = Opinion.status
    owed = status.in_(_OWED)
    found: Mapping[OpinionView, tuple[ColumnElement[bool], ...]] = {
        OpinionView.OPEN: (owed,),
        OpinionView.OVERDUE: (owed, Opinion.due_at < now),
        OpinionView.TO_RATE: (status == OpinionStatus.DELIVERED.value,),
        OpinionView.TO_ANSWER: (status.in_(_HERE),),
        OpinionView.APPROVAL: (status == OpinionStatus.IN_APPROVAL.value,),
        OpinionView.ANSWERED: (status.in_((OpinionStatus.DELIVERED.value, OpinionStatus.CLOSED.value)),),
        OpinionView.CLOSED: (status == OpinionStatus.CLOSED.value,),
        OpinionView.WITHDRAWN: (status == OpinionStatus.WITHDRAWN.value,),
    }
    return found.get(view, ())


def _counts(queries: Mapping[OpinionView, Select[Any]]) -> dict[OpinionView, int]:
    columns = [
        select(func.count()).select_from(query.with_only_columns(Opinion.id).subquery()).scalar_subquery()
        for query in queries.values()
    ]
    found = db.session.execute(select(*columns)).one()
    return dict(zip(queries, found, strict=True))


def _page(query: Select[Any], view: OpinionView, cursor: str | None, now: datetime) -> Page[OpinionRow]:
    urgent = view in URGENT_FIRST
    after = decode_cursor(cursor, 2 if urgent else 1)
    if urgent:
        query = query.order_by(Opinion.due_at, Opinion.id)
        if after is not None:
            at = _moment(after[0])
            query = query.where(or_(Opinion.due_at > at, and_(Opinion.due_at == at, Opinion.id > after[1])))
    else:
        query = query.order_by(Opinion.id.desc())
        if after is not None:
            query = query.where(Opinion.id < after[0])
    rows = list(db.session.scalars(query.limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    mark = None
    if last is not None:
        mark = encode_cursor(last.due_at.isoformat(), last.id) if urgent else encode_cursor(last.id)
    return Page(opinion_rows(rows[:PAGE], now), mark)


def _moment(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(
            N_("This page of the list can't be opened. Go back to its beginning."), code="bad_cursor"
        )
    return found


def _last_rounds(ids: Sequence[int]) -> dict[int, Last]:
    """{opinion: its last round}; one query."""
    query = (
        select(OpinionRound.opinion_id, OpinionRound.number, OpinionRound.rating, OpinionText.answer_class)
        .outerjoin(OpinionText, OpinionText.id == OpinionRound.answer_id)
        .where(OpinionRound.opinion_id.in_(ids))
        .order_by(OpinionRound.opinion_id, OpinionRound.number)
    )
    found: dict[int, Last] = {}
    for row in db.session.execute(query) if ids else ():
        _, rating, kind = found.get(row.opinion_id, (0, None, None))
        found[row.opinion_id] = (
            row.number,
            RatingLevel(row.rating) if row.rating else rating,
            AnswerClass(row.answer_class) if row.answer_class else kind,
        )
    return found


def _scripts(ids: Iterable[int]) -> dict[int, Mapping[str, str]]:
    """Traditional characters of what is public; one query, none if nothing is."""
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(SupervisionScript.subject_id, SupervisionScript.texts).where(
        SupervisionScript.subject == "opinion", SupervisionScript.subject_id.in_(wanted)
    )
    return {row.subject_id: row.texts for row in db.session.execute(query)}
