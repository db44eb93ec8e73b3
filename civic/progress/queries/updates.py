"""Published reports of items: all of them, the one that counts, and what was being written when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from civic.core.extensions import db
from civic.progress.models import ProgressUpdate
from civic.progress.rules.updates import (
    UPDATE_LABELS,
    Evidence,
    EvidenceKind,
    Milestone,
    Report,
    UpdateState,
    UpdateStatus,
)

PUBLISHED = UpdateState.PUBLISHED.value

_Newer = aliased(ProgressUpdate)
"""Made once: a new alias makes a copy of each column."""


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One report with its way to the public. ``hant``: {text: the same in Traditional characters}, once written."""

    id: int
    item_id: int
    department_id: int
    state: UpdateState
    version: int
    report: Report
    hant: Mapping[str, str]
    drafted_by: int | None
    drafted_at: datetime
    submitted_at: datetime | None
    approved_by: int | None
    published_at: datetime | None
    sent_back_note: str
    corrects_id: int | None

    @property
    def label(self) -> str:
        """The status in words, as a msgid."""
        return UPDATE_LABELS[self.report.status]

    @property
    def files(self) -> tuple[str, ...]:
        """Keys of the stored files among its evidence."""
        return tuple(one.file for one in self.report.evidence if one.file)


@dataclass(frozen=True, slots=True)
class CurrentUpdate:
    """What counts of an item now: the report that speaks of the latest day and that nothing corrects."""

    item_id: int
    status: UpdateStatus
    as_of: date
    expected_on: date | None
    published_at: datetime


def published_updates(item_ids: Collection[int]) -> tuple[UpdateRow, ...]:
    """Every published report on some items, the newest publication first; one query."""
    if not item_ids:
        return ()
    query = select(ProgressUpdate).where(
        ProgressUpdate.item_id.in_(item_ids), ProgressUpdate.state == PUBLISHED
    )
    rows = db.session.scalars(query.order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc()))
    return tuple(update_row(row) for row in rows)


def current_updates(item_ids: Collection[int] | None = None) -> dict[int, CurrentUpdate]:
    """The report that counts of each of some items, of all if none are named, that has one; one query."""
    if item_ids is not None and not item_ids:
        return {}
    place = func.row_number().over(
        partition_by=ProgressUpdate.item_id,
        order_by=(
            ProgressUpdate.as_of.desc(),
            ProgressUpdate.published_at.desc(),
            ProgressUpdate.id.desc(),
        ),
    )
    ranked = select(
        ProgressUpdate.item_id,
        ProgressUpdate.status,
        ProgressUpdate.as_of,
        ProgressUpdate.expected_on,
        ProgressUpdate.published_at,
        place.label("place"),
    ).where(in_force())
    if item_ids is not None:
        ranked = ranked.where(ProgressUpdate.item_id.in_(item_ids))
    latest_first = ranked.subquery()
    found = {}
    for row in db.session.execute(
        select(latest_first).where(latest_first.c.place == 1).order_by(latest_first.c.item_id)
    ):
        found[row.item_id] = CurrentUpdate(
            row.item_id, UpdateStatus(row.status), row.as_of, row.expected_on, row.published_at
        )
    return found


def in_force() -> ColumnElement[bool]:
    """Published, and no published report corrects it."""
    corrected = exists().where(_Newer.corrects_id == ProgressUpdate.id, _Newer.state == PUBLISHED)
    return and_(ProgressUpdate.state == PUBLISHED, ~corrected)


def latest(rows: Iterable[UpdateRow]) -> UpdateRow | None:
    """The one of an item's published reports that counts."""
    rows = list(rows)
    corrected = {row.corrects_id for row in rows}
    standing = [row for row in rows if row.id not in corrected]
    return max(standing, key=lambda row: (row.report.as_of, row.published_at, row.id), default=None)


def update_row(row: ProgressUpdate) -> UpdateRow:
    """A database row as frozen data; for this feature's own queries and services."""
    report = Report(
        UpdateStatus(row.status), row.text, row.as_of, row.percent, row.expected_on,
        tuple(_milestone(one) for one in row.milestones), tuple(_evidence(one) for one in row.evidence),
    )  # fmt: skip
    return UpdateRow(
        row.id, row.item_id, row.department_id, UpdateState(row.state), row.version, report,
        row.script.texts if row.script else {}, row.drafted_by, row.drafted_at, row.submitted_at,
        row.approved_by, row.published_at, row.sent_back_note, row.corrects_id,
    )  # fmt: skip


def _milestone(cells: Mapping[str, Any]) -> Milestone:
    planned, actual = cells.get("planned_on"), cells.get("actual_on")
    return Milestone(
        cells["key"],
        cells["title"],
        date.fromisoformat(planned) if planned else None,
        date.fromisoformat(actual) if actual else None,
    )


def _evidence(cells: Mapping[str, Any]) -> Evidence:
    return Evidence(
        EvidenceKind(cells["kind"]), cells["title"], cells.get("url") or "", cells.get("file") or ""
    )
