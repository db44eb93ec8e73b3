"""What moved: published updates, values of indicators and adjustments in force, newest first; and what stands still."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select

from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.plans.rules import AdjustmentSubject, ItemKind
from civic.progress.models import Adjustment, ObservationRow, ProgressUpdate
from civic.progress.queries.updates import UpdateRow, current_updates, in_force, update_row
from civic.progress.rules.adjusting import SUBJECT_LABELS
from civic.progress.rules.updates import UPDATE_LABELS, UpdateStatus

REPORTED_KINDS = (ItemKind.CLAUSE, ItemKind.COMMITMENT, ItemKind.PROJECT, ItemKind.INDICATOR)
"""Items of which progress is published; chapters and sections show what is under them."""


class MoveKind(StrEnum):
    """What moved an item."""

    UPDATE = "update"
    OBSERVATION = "observation"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Move:
    """One published statement about an item. ``at`` is when it was published.

    ``update``: ``label`` (its status as a msgid), ``percent``, ``text``, ``as_of``. ``observation``: ``year``,
    ``value`` (as reported), ``unit`` ('' is the indicator's own), ``source_title``, ``source_link``,
    ``about_reference``.
    ``adjustment``: ``text`` is the reason, ``label`` says what changed, ``source_title`` is the document number.
    """

    kind: MoveKind
    id: int
    item_id: int
    at: datetime
    department_id: int | None = None
    label: str = ""
    percent: int | None = None
    text: str = ""
    text_hant: str = ""
    as_of: date | None = None
    corrects: bool = False
    year: int | None = None
    value: str = ""
    unit: str = ""
    about_reference: bool = False
    source_title: str = ""
    source_link: str = ""


@dataclass(frozen=True, slots=True)
class QuietItem:
    """An item about which nothing was published for long; ``last`` is None if nothing ever was.

    ``since``: the day of the last publication, or from when its lead answers for it.
    """

    ref: ItemRef
    department_id: int
    last: date | None
    since: date | None


def moves(
    item_ids: Collection[int] | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> tuple[Move, ...]:
    """The newest moves of some items (of all if none are named), published after ``since`` and up to ``until``.

    Three queries. Items of drafts are left out by the caller, who knows the published ones.
    """
    if item_ids is not None and not item_ids:
        return ()
    found = [
        *_updates(item_ids, since, until, limit),
        *_observations(item_ids, since, until, limit),
        *_adjustments(item_ids, since, until, limit),
    ]
    found.sort(key=lambda move: (move.at, move.kind.value, move.id), reverse=True)
    return tuple(found[:limit])


def standing_updates(item_ids: Collection[int]) -> dict[int, UpdateRow]:
    """The published update of each item that counts, with its milestones; one query."""
    if not item_ids:
        return {}
    query = (
        select(ProgressUpdate)
        .where(ProgressUpdate.item_id.in_(item_ids), in_force())
        .order_by(ProgressUpdate.as_of, ProgressUpdate.published_at, ProgressUpdate.id)
    )
    return {row.item_id: update_row(row) for row in db.session.scalars(query)}


def quiet_items(today: date, months: int) -> tuple[QuietItem, ...]:
    """Items of running plans that have a lead and of which nothing was published for ``months``; longest first.

    What is reported as done stays done and is left out. Three queries.
    """
    limit = months_before(today, months)
    documents = [one for one in plans.documents() if one.plan.status == "published"]
    asked: list[tuple[ItemRef, int, date | None]] = []
    for document in documents:
        for ref in document.of_kind(*REPORTED_KINDS):
            duty = document.lead(ref)
            if duty is not None:
                asked.append((ref, duty.department_id, duty.since or document.plan.issued_on))
    last = last_published()
    done = {item_id for item_id, one in current_updates().items() if one.status is UpdateStatus.DONE}
    found = []
    for ref, department_id, started in asked:
        day = departments.local_day(last[ref.id]) if ref.id in last else None
        since = day or started
        if ref.id not in done and (since is None or since <= limit):
            found.append(QuietItem(ref, department_id, day, since))
    return tuple(sorted(found, key=lambda one: (one.since or date.min, one.ref.id)))


def last_published(*, before: datetime | None = None) -> dict[int, datetime]:
    """When something was last published about each item (an update or a value), up to ``before``; two queries."""
    found: dict[int, datetime] = {}
    for table, published in (
        (ProgressUpdate, ProgressUpdate.state == "published"),
        (ObservationRow, ObservationRow.published_at.is_not(None)),
    ):
        query = select(table.item_id, func.max(table.published_at)).where(published)
        if before is not None:
            query = query.where(table.published_at < before)
        for item_id, at in db.session.execute(query.group_by(table.item_id)):
            if at is not None:
                found[item_id] = max(found.get(item_id, at), at)
    return found


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one that month has."""
    years, month = divmod(day.month - 1 - months, 12)
    year, month = day.year + years, month + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, min(day.day, 28))


def _updates(
    ids: Collection[int] | None, since: datetime | None, until: datetime | None, limit: int
) -> Iterable[Move]:
    query = select(ProgressUpdate).where(ProgressUpdate.state == "published")
    query = _within(query, ProgressUpdate, ProgressUpdate.published_at, ids, since, until, limit)
    for row in db.session.scalars(query):
        assert row.published_at is not None
        yield Move(
            MoveKind.UPDATE, row.id, row.item_id, row.published_at, row.department_id,
            label=UPDATE_LABELS[UpdateStatus(row.status)], percent=row.percent, text=row.text,
            text_hant=row.text_hant, as_of=row.as_of,
            corrects=row.corrects_id is not None,
        )  # fmt: skip


def _observations(
    ids: Collection[int] | None, since: datetime | None, until: datetime | None, limit: int
) -> Iterable[Move]:
    query = select(ObservationRow).where(ObservationRow.published_at.is_not(None))
    query = _within(query, ObservationRow, ObservationRow.published_at, ids, since, until, limit)
    for row in db.session.scalars(query):
        assert row.published_at is not None
        yield Move(
            MoveKind.OBSERVATION, row.id, row.item_id, row.published_at, as_of=row.source_date,
            corrects=row.supersedes_id is not None, year=row.year, value=row.value, unit=row.unit,
            about_reference=row.about == "reference", source_title=row.source_title, source_link=row.source_link,
        )  # fmt: skip


def _adjustments(
    ids: Collection[int] | None, since: datetime | None, until: datetime | None, limit: int
) -> Iterable[Move]:
    query = select(Adjustment).where(Adjustment.state == "in_force")
    query = _within(query, Adjustment, Adjustment.in_force_at, ids, since, until, limit)
    for row in db.session.scalars(query):
        yield Move(
            MoveKind.ADJUSTMENT, row.id, row.item_id, row.in_force_at or row.recorded_at, text=row.reason,
            text_hant=row.reason_hant, as_of=row.in_force_on, label=_subject_label(row.subject),
            source_title=row.document_number, source_link=row.link,
        )  # fmt: skip


def _subject_label(subject: str) -> str:
    return SUBJECT_LABELS[AdjustmentSubject(subject)]


def _within(
    query: Select[Any],
    table: Any,
    moment: Any,
    ids: Collection[int] | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> Select[Any]:
    if ids is not None:
        query = query.where(table.item_id.in_(ids))
    if since is not None:
        query = query.where(moment > since)
    if until is not None:
        query = query.where(moment <= until)
    return query.order_by(moment.desc(), table.id.desc()).limit(limit)
