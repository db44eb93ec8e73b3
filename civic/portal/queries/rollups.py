"""Roll-ups: where the items of a plan, a chapter, an area or a department stand, counted by status.

Never one percentage out of unlike things. Items of which nothing is published are counted as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from civic.core.errors import N_
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument
from civic.plans.rules import ItemKind
from civic.progress import queries as progress
from civic.progress.queries import Distribution, ItemProgress, Square
from civic.web.caching import kept_until_change

NO_PROGRESS = N_("No progress published yet")

KINDS = (ItemKind.CLAUSE, ItemKind.COMMITMENT, ItemKind.PROJECT, ItemKind.INDICATOR)
"""Items that are counted, in this order; what has items under it is told by them."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """Items of one kind (None: of all kinds): one look each, in the order of the document, and the same counted."""

    kind: ItemKind | None
    looks: tuple[ItemProgress | None, ...]
    distribution: Distribution


def plan_progress(today: date) -> Mapping[int, ItemProgress]:
    """Published progress of everything in published plans, by item id: two queries, kept until anything changes."""
    return kept_until_change(f"progress:{today}", lambda: _read(today))


def _read(today: date) -> Mapping[int, ItemProgress]:
    documents = plans.documents()
    indicators = [row for document in documents for row in document.indicators]
    ids = [ref.id for document in documents for ref in document.items]
    return progress.item_progress(ids, indicators, today=today)


def rollup(
    items: Iterable[ItemRef], known: Mapping[int, ItemProgress], kind: ItemKind | None = None
) -> Rollup:
    """Some items as one row of squares with its words."""
    looks = tuple(known.get(ref.id) for ref in items if kind is None or ref.kind is kind)
    return Rollup(kind, looks, counted(looks))


def counted(looks: Iterable[ItemProgress | None]) -> Distribution:
    """How many items stand where; None stands for nothing published."""
    return progress.tally((one.label, one.square) if one else (NO_PROGRESS, Square.EMPTY) for one in looks)


def by_kind(items: Iterable[ItemRef], known: Mapping[int, ItemProgress]) -> tuple[Rollup, ...]:
    """One roll-up for each kind of items that there are: clauses, promises, projects, indicators."""
    found = tuple(items)
    rows = (rollup(found, known, kind) for kind in KINDS)
    return tuple(row for row in rows if row.looks)


def counted_items(document: PlanDocument, ref: ItemRef) -> tuple[ItemRef, ...]:
    """What is counted under an item: its clauses, promises, projects and indicators."""
    return tuple(one for one in document.below(ref) if one.kind in KINDS)
