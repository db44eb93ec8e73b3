"""What is known of indicators: values the documents print, and values that were published since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from civic.core.errors import N_
from civic.core.extensions import db
from civic.plans.queries import IndicatorRow, PlanRow
from civic.plans.rules import Printed, TargetKind
from civic.progress.models import ObservationRow
from civic.progress.queries.targets import annual_targets
from civic.progress.rules import AnnualTarget, Facts, Observation, Reference, Source

PRINTED_RESULT = N_("Printed as a result in %(title)s, %(number)s")
PRINTED_BASELINE = N_("Printed as the baseline in %(title)s, %(number)s")


@dataclass(frozen=True, slots=True)
class Published:
    """What was published about one indicator since its plan was printed."""

    observations: tuple[Observation, ...] = ()
    references: tuple[Reference, ...] = ()
    annual: tuple[AnnualTarget, ...] = ()
    on: datetime | None = None


NOTHING = Published()


def published(item_ids: Collection[int]) -> dict[int, Published]:
    """Published values and annual targets of some indicators, each year's newest word; one query."""
    found: dict[int, list[ObservationRow]] = {}
    for row in current_rows(item_ids):
        found.setdefault(row.item_id, []).append(row)
    known = {item_id: _published(rows) for item_id, rows in found.items()}
    for item_id, targets in annual_targets().items():
        if item_id in item_ids:
            annual = tuple(one.target for one in targets)
            known[item_id] = replace(known.get(item_id, NOTHING), annual=annual)
    return known


def current_rows(item_ids: Collection[int]) -> tuple[ObservationRow, ...]:
    """The published rows that no published row supersedes, in order; for this feature's own services."""
    if not item_ids:
        return ()
    newer = aliased(ObservationRow)
    query = (
        select(ObservationRow)
        .outerjoin(newer, (newer.supersedes_id == ObservationRow.id) & newer.published_at.is_not(None))
        .where(ObservationRow.item_id.in_(item_ids), ObservationRow.published_at.is_not(None))
        .where(newer.id.is_(None))
        .order_by(ObservationRow.item_id, ObservationRow.year, ObservationRow.id)
    )
    return tuple(db.session.scalars(query))


def _published(rows: Iterable[ObservationRow]) -> Published:
    rows = list(rows)
    own = tuple(
        Observation(row.year, Decimal(row.value), row.unit, row.cumulative, source=_source(row))
        for row in rows
        if row.about == "indicator"
    )
    others = tuple(
        Reference(row.year, Decimal(row.value), _source(row)) for row in rows if row.about == "reference"
    )
    on = max((row.published_at for row in rows if row.published_at), default=None)
    return Published(own, others, on=on)


def _source(row: ObservationRow) -> Source:
    on = row.source_date.isoformat() if row.source_date else ""
    return Source(
        row.source_title,
        published_on=on,
        link=row.source_link,
        note=row.note,
        document=row.source_document,
    )


def facts_of(row: IndicatorRow, known: Published = NOTHING) -> Facts:
    """What the plan prints of an indicator, with the references published and the annual targets set since."""
    return Facts(
        TargetKind(row.target_kind),
        row.baseline_year,
        row.target_year,
        row.unit,
        printed(row.printed, "baseline"),
        printed(row.printed, "target"),
        printed(row.printed, "target_rate"),
        row.lower_is_better,
        known.references,
        known.annual,
    )


def observations_of(
    row: IndicatorRow, plan: PlanRow | None, known: Published = NOTHING
) -> tuple[Observation, ...]:
    """The printed result of a finished plan, if there is one, and what was published since, by year."""
    result = printed(row.printed, "result")
    found = list(known.observations)
    if result is not None and result.value is not None:
        rate = printed(row.printed, "result_rate")
        source = Source("") if plan is None else _printed_source(plan, PRINTED_RESULT)
        found.insert(
            0, Observation(row.target_year, result.value, result.unit, result.cumulative, rate, source)
        )
    return tuple(sorted(found, key=lambda one: one.year))


def printed_baseline(plan: PlanRow) -> Source:
    """Where a baseline comes from: the plan itself."""
    return _printed_source(plan, PRINTED_BASELINE)


def _printed_source(plan: PlanRow, text: str) -> Source:
    on: date | None = plan.issued_on
    return Source(
        text,
        {"title": plan.title, "title_hant": plan.title_hant, "number": plan.document_number},
        on.isoformat() if on else "",
    )


def printed(cells: Mapping[str, Any], role: str) -> Printed | None:
    """One printed cell of a row; None for an empty one."""
    cell = cells.get(role)
    if cell is None:
        return None
    value = None if cell["value"] is None else Decimal(cell["value"])
    return Printed(cell["text"], value, cell["qualifier"], cell["cumulative"], cell["unit"])
