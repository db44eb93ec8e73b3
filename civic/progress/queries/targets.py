"""Targets of single years, newest word first: kept in memory, because they change a few times a year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from civic.core.extensions import db
from civic.progress.models import AnnualTargetRow
from civic.progress.rules import AnnualTarget, Source
from civic.progress.rules.targets import target_cell
from civic.web.caching import kept


@dataclass(frozen=True, slots=True)
class TargetShown:
    """One target with its document, and those of the same year that it superseded, newest first."""

    target: AnnualTarget
    recorded_at: datetime
    number: str
    earlier: tuple[AnnualTarget, ...] = ()


def current_targets(item_ids: Collection[int]) -> tuple[AnnualTargetRow, ...]:
    """The rows that no row supersedes, in order; for this feature's own services."""
    newer = aliased(AnnualTargetRow)
    query = (
        select(AnnualTargetRow)
        .outerjoin(newer, newer.supersedes_id == AnnualTargetRow.id)
        .where(AnnualTargetRow.item_id.in_(item_ids), newer.id.is_(None))
        .order_by(AnnualTargetRow.item_id, AnnualTargetRow.year)
    )
    return tuple(db.session.scalars(query))


def annual_targets() -> dict[int, tuple[TargetShown, ...]]:
    """{indicator's item id: its targets by year}, of all plans."""
    return kept("annual_targets", _read)


def _read() -> dict[int, tuple[TargetShown, ...]]:
    rows = list(db.session.scalars(select(AnnualTargetRow).order_by(AnnualTargetRow.id.desc())))
    by_year: dict[tuple[int, int], list[AnnualTargetRow]] = {}
    for row in rows:
        by_year.setdefault((row.item_id, row.year), []).append(row)
    found: dict[int, tuple[TargetShown, ...]] = {}
    for (item_id, _year), (latest, *older) in sorted(by_year.items(), key=lambda one: one[0]):
        shown = TargetShown(
            _target(latest), latest.recorded_at, latest.source_number, tuple(_target(row) for row in older)
        )
        found[item_id] = (*found.get(item_id, ()), shown)
    return found


def _target(row: AnnualTargetRow) -> AnnualTarget:
    cell = target_cell(row.printed)
    assert cell is not None, "a target without text is refused when it is set"
    on: date | None = row.set_on
    source = Source(
        row.source_title, published_on=on.isoformat() if on else "", link=row.source_link, note=row.note,
        document=row.source_number,
    )  # fmt: skip
    return AnnualTarget(row.year, cell, row.as_rate, source)
