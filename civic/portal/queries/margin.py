"""The margin beside an item: who answers for it, how far it has come, what residents say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from civic.cases import queries as cases
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans.queries import CommitmentRow, ItemRef, PlanDocument
from civic.portal.queries.rollups import plan_progress
from civic.progress.queries import ItemProgress, adjusted_items


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands beside one item."""

    lead: DepartmentRow | None
    support: tuple[DepartmentRow, ...]
    official: str
    since: date | None
    progress: ItemProgress | None
    voices: int
    commitments: tuple[CommitmentRow, ...]
    adjusted: bool = False
    """An adjustment of the item itself is in force."""


def leads(document: PlanDocument) -> dict[int, DepartmentRow]:
    """The lead department of each item that has one."""
    names = {row.id: row for row in departments.departments(include_inactive=True)}
    return {
        item_id: names[duty.department_id]
        for item_id, duties in document.responsibilities.items()
        for duty in duties
        if duty.role == "lead" and duty.department_id in names
    }


def margins(document: PlanDocument, items: Iterable[ItemRef], today: date) -> dict[int, Margin]:
    """The margins of some items: one query for their voices, and those for progress if anything changed since."""
    wanted = list(items)
    ids = [item.id for item in wanted]
    promised = [row.ref.id for item in wanted for row in document.commitments_by_clause.get(item.id, ())]
    voices = cases.voice_counts([*ids, *promised])
    moved = plan_progress(today)
    names = {row.id: row for row in departments.departments(include_inactive=True)}
    adjusted = adjusted_items()
    return {item.id: _margin(document, item, voices, moved, names, adjusted) for item in wanted}


def _margin(
    document: PlanDocument,
    item: ItemRef,
    voices: dict[int, int],
    moved: Mapping[int, ItemProgress],
    names: dict[int, DepartmentRow],
    adjusted: frozenset[int],
) -> Margin:
    duties = document.responsibilities.get(item.id, ())
    lead = next((duty for duty in duties if duty.role == "lead"), None)
    commitments = document.commitments_by_clause.get(item.id, ())
    return Margin(
        lead=names.get(lead.department_id) if lead else None,
        support=tuple(
            names[d.department_id] for d in duties if d.role == "support" and d.department_id in names
        ),
        official=lead.official if lead else "",
        since=lead.since if lead else None,
        progress=moved.get(item.id),
        voices=voices.get(item.id, 0) + sum(voices.get(row.ref.id, 0) for row in commitments),
        commitments=commitments,
        adjusted=item.id in adjusted,
    )
