"""Published voices: what the public, the plan's pages and the search read of cases. Never a private word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, text
from sqlalchemy.orm import aliased

from civic.cases.models import Case, CaseText, Feedback, Reply
from civic.cases.queries.stats import Narrowing, stat_totals
from civic.cases.queries.sum_rows import AT_ANY_TIME, Span
from civic.cases.queries.voice_rows import STATES, VoiceFilter, VoiceOrder, VoiceRow
from civic.cases.rules import STATUS_LABELS, CaseStatus, FeedbackKind, Measure, Resolution, likeness
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.core.text import bigrams

CANDIDATES = 300
"""How many of the newest published voices of an item are compared when looking for similar ones."""

ALIKE = 0.2
"""Share of common character pairs (Dice) from which two texts are offered as similar."""

_Masked = aliased(CaseText)

# A masked case whose masked text is gone shows nothing rather than the original.
_PUBLIC_TEXT = case((Case.masked_text_id.is_(None), Feedback.text), else_=func.coalesce(_Masked.text, ""))
_PUBLIC_TEXT_HANT = case(
    (Case.masked_text_id.is_(None), Feedback.text_hant), else_=func.coalesce(_Masked.text_hant, "")
)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The answer that stands to one public voice; ``at`` is when this version of it was published."""

    reply_id: int
    reference: str
    item_id: int | None
    department_id: int
    at: datetime
    text: str
    text_hant: str
    reply_text: str
    reply_text_hant: str
    resolution: Resolution
    corrects: bool


def voices(
    wanted: VoiceFilter,
    cursor: str | None = None,
    *,
    now: datetime | None = None,
    size: int = 20,
    order: VoiceOrder = VoiceOrder.NEWEST,
) -> Page[VoiceRow]:
    """Published voices, newest publication first, or those with most supporters."""
    column: ColumnElement[Any] = (
        Case.published_at.expression if order is VoiceOrder.NEWEST else Case.supporters.expression
    )
    query = narrowed(_select(), wanted).order_by(column.desc(), Case.id.desc()).limit(size + 1)
    after = decode_cursor(cursor, 2)
    if after is not None:
        value, case_id = _key_of(after, order)
        query = query.where(or_(column < value, and_(column == value, Case.id < case_id)))
    rows = db.session.execute(query).all()
    last = rows[size - 1].Case if len(rows) > size else None
    return Page(tuple(_row(row, now) for row in rows[:size]), _cursor(last, order) if last else None)


def _cursor(last: Case, order: VoiceOrder) -> str:
    assert last.published_at is not None
    return encode_cursor(
        last.published_at.isoformat() if order is VoiceOrder.NEWEST else last.supporters, last.id
    )


def answered_recently(n: int = 6, *, since: datetime | None = None) -> tuple[VoiceRow, ...]:
    """The latest published voices that have an answer, newest answer first."""
    query = _select().where(Case.visible.is_(True), Case.replied_at.is_not(None))
    if since is not None:
        query = query.where(Case.replied_at >= since)
    rows = db.session.execute(query.order_by(Case.replied_at.desc(), Case.id.desc()).limit(n))
    return tuple(_row(row, None) for row in rows)


def answers(
    item_ids: Collection[int] | None = None,
    *,
    department_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> tuple[AnswerRow, ...]:
    """Answers that stand to published voices, newest version first: about some items, or given by a department.

    Either alone narrows; with both, an answer has to fit one of them.
    """
    query = _select().add_columns(Reply.id.label("reply_id"), Reply.corrects_id, Reply.published_at)
    query = query.where(Case.visible.is_(True), Case.resolution.is_not(None), Reply.published_at.is_not(None))
    wanted: list[ColumnElement[bool]] = []
    if item_ids is not None:
        wanted.append(Case.item_id.in_(item_ids))
    if department_id is not None:
        wanted.append(Reply.department_id == department_id)
    if wanted:
        query = query.where(or_(*wanted))
    if since is not None:
        query = query.where(Reply.published_at > since)
    if until is not None:
        query = query.where(Reply.published_at <= until)
    query = query.order_by(Reply.published_at.desc(), Reply.id.desc()).limit(limit)
    return tuple(_answer(row) for row in db.session.execute(query))


def _answer(row: Any) -> AnswerRow:
    return AnswerRow(
        row.reply_id, row.Case.reference, row.Case.item_id, row.reply_department_id, row.published_at,
        row.text, row.text_hant, row.reply_text, row.reply_text_hant, Resolution(row.Case.resolution),
        row.corrects_id is not None,
    )  # fmt: skip


def voice_counts(item_ids: Iterable[int]) -> dict[int, int]:
    """How many published voices each item has, from the counters; items without any are left out."""
    wanted = frozenset(item_ids)
    if not wanted:
        return {}
    span = Span(frozenset({Measure.PUBLIC}), None, AT_ANY_TIME)
    totals = stat_totals([span], "item_id", where=[Narrowing("item_id", wanted)])
    return {key: one.numbers[Measure.PUBLIC] for key, one in totals.items() if isinstance(key, int)}


def counts_between(periods: Mapping[int, tuple[int, date, date]]) -> dict[int, int]:
    """How many voices were published about an item in a period, both days included; one query, none without periods.

    ``periods``: {any key: (item id, first day, last day)}; keys without voices are left out.
    """
    if not periods:
        return {}
    asked = {
        str(key): and_(Case.item_id == item_id, Case.published_day >= first, Case.published_day <= until)
        for key, (item_id, first, until) in periods.items()
    }
    sums = [func.sum(case((condition, 1), else_=0)).label(f"n{key}") for key, condition in asked.items()]
    row = db.session.execute(select(*sums).where(Case.visible.is_(True), or_(*asked.values()))).one()
    found = {key: int(getattr(row, f"n{key}") or 0) for key in periods}
    return {key: n for key, n in found.items() if n}


def paragraph_counts(item_id: int) -> dict[str, int]:
    """How many published voices point to each paragraph of an item."""
    rows = db.session.execute(
        select(Feedback.paragraph_anchor, func.count(Case.id).label("n"))
        .join(Case, Case.feedback_id == Feedback.id)
        .where(Feedback.item_id == item_id, Case.item_id == item_id, Case.visible.is_(True))
        .where(text("paragraph_anchor <> ''"))
        .group_by(Feedback.paragraph_anchor)
    )
    return {row.paragraph_anchor: int(row.n) for row in rows}


def similar_voices(item_id: int | None, text: str, n: int = 3) -> tuple[VoiceRow, ...]:
    """Published voices on an item (or anywhere) that say nearly the same, most similar first."""
    words = set(bigrams(text))
    if not words:
        return ()
    query = _select().where(Case.visible.is_(True))
    if item_id is not None:
        query = query.where(Case.item_id == item_id)
    newest = db.session.execute(query.order_by(Case.published_at.desc(), Case.id.desc()).limit(CANDIDATES))
    scored = [(likeness(words, set(bigrams(row.text))), row) for row in newest]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1].Case.id))
    return tuple(_row(row, None) for _, row in best[:n])


def voices_by_id(case_ids: Iterable[int], now: datetime | None = None) -> dict[int, VoiceRow]:
    """Published voices by case id; cases the public can't read are left out."""
    wanted = list(case_ids)
    if not wanted:
        return {}
    # Looked at here and not in the query: a database may think that what is visible is few.
    rows = db.session.execute(_select().where(Case.id.in_(wanted)))
    return {row.Case.id: _row(row, now) for row in rows if row.Case.visible}


def public_case_ids() -> tuple[int, ...]:
    """All cases that the public can read, in the order of their publication."""
    query = select(Case.id).where(Case.visible.is_(True)).order_by(Case.published_at, Case.id)
    return tuple(db.session.scalars(query))


def _select() -> Select[Any]:
    return (
        select(
            Case,
            _PUBLIC_TEXT.label("text"),
            _PUBLIC_TEXT_HANT.label("text_hant"),
            Feedback.paragraph_anchor,
            Reply.text.label("reply_text"),
            Reply.text_hant.label("reply_text_hant"),
            Reply.department_id.label("reply_department_id"),
        )
        .join(Feedback, Feedback.id == Case.feedback_id)
        .outerjoin(_Masked, _Masked.id == Case.masked_text_id)
        .outerjoin(Reply, and_(Reply.id == Case.reply_id, Case.resolution.is_not(None)))
    )


def narrowed(query: Select[*tuple[Any, ...]], wanted: VoiceFilter) -> Select[*tuple[Any, ...]]:
    """A query over cases (with the feedback, if a paragraph is asked for), narrowed to published ones that fit."""
    query = query.where(Case.visible.is_(True))
    if wanted.item_ids:
        query = query.where(Case.item_id.in_(wanted.item_ids))
    if wanted.paragraph_anchor:
        query = query.where(Feedback.paragraph_anchor == wanted.paragraph_anchor)
    if wanted.department_id is not None:
        query = query.where(Case.department_id == wanted.department_id)
    if wanted.street_id is not None:
        query = query.where(Case.street_id == wanted.street_id)
    if wanted.kind is not None:
        query = query.where(Case.kind == wanted.kind.value)
    if wanted.answered is not None:
        answered = Case.resolution.is_not(None)
        query = query.where(answered if wanted.answered else ~answered)
    if wanted.state is not None:
        query = query.where(Case.status.in_([status.value for status in STATES[wanted.state]]))
    if wanted.since is not None:
        query = query.where(Case.published_day >= wanted.since)
    if wanted.until is not None:
        query = query.where(Case.published_day <= wanted.until)
    return query


def _key_of(after: tuple[Any, ...], order: VoiceOrder) -> tuple[datetime | int, int]:
    try:
        first = datetime.fromisoformat(str(after[0])) if order is VoiceOrder.NEWEST else int(after[0])
        return first, int(after[1])
    except (TypeError, ValueError) as error:
        raise Invalid(N_("This page of the list can't be opened. Go back to its beginning.")) from error


def _row(row: Any, now: datetime | None) -> VoiceRow:
    found: Case = row.Case
    status = CaseStatus(found.status)
    assert found.published_at is not None
    return VoiceRow(
        reference=found.reference,
        kind=FeedbackKind(found.kind),
        status=status,
        status_label=STATUS_LABELS[status],
        text=row.text,
        text_hant=row.text_hant,
        item_id=found.item_id,
        paragraph_anchor=row.paragraph_anchor,
        street_id=found.street_id,
        department_id=found.department_id,
        submitted_at=found.submitted_at,
        published_at=found.published_at,
        is_overdue=now is not None and found.due_at is not None and found.due_at < now,
        reply_text=row.reply_text or "",
        reply_text_hant=row.reply_text_hant or "",
        reply_department_id=row.reply_department_id,
        resolution=Resolution(found.resolution) if found.resolution else None,
        replied_at=found.replied_at,
        supporters=found.supporters,
    )
