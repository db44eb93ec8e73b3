"""A whole plan as it is read: kept in memory per process until reference data changes (see ``web.caching``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from civic.core.errors import N_, NotFound
from civic.plans.queries import reading
from civic.plans.queries.rows import (
    CommitmentRow,
    ErratumShown,
    IndicatorRow,
    ItemRef,
    ParagraphRow,
    PlanRow,
    ProjectRow,
    ResponsibilityRow,
    TableRow,
)
from civic.plans.rules import ItemKind
from civic.web.caching import keeps_reference, kept


@dataclass(frozen=True)
class PlanDocument:
    """Everything of one plan, in the order of the document."""

    plan: PlanRow
    items: tuple[ItemRef, ...]
    paragraphs: dict[int, tuple[ParagraphRow, ...]]
    responsibilities: dict[int, tuple[ResponsibilityRow, ...]]
    commitments: tuple[CommitmentRow, ...]
    projects: tuple[ProjectRow, ...]
    indicators: tuple[IndicatorRow, ...]
    tables: dict[int, tuple[TableRow, ...]]
    errata: tuple[ErratumShown, ...]

    @cached_property
    def by_code(self) -> dict[str, ItemRef]:
        return {item.code: item for item in self.items}

    @cached_property
    def by_id(self) -> dict[int, ItemRef]:
        return {item.id: item for item in self.items}

    @cached_property
    def children(self) -> dict[int | None, tuple[ItemRef, ...]]:
        found: dict[int | None, tuple[ItemRef, ...]] = {}
        for item in self.items:
            found[item.parent_id] = (*found.get(item.parent_id, ()), item)
        return found

    @cached_property
    def commitments_by_clause(self) -> dict[int, tuple[CommitmentRow, ...]]:
        found: dict[int, tuple[CommitmentRow, ...]] = {}
        for row in self.commitments:
            found[row.clause.id] = (*found.get(row.clause.id, ()), row)
        return found

    @cached_property
    def deadlines(self) -> dict[int, date]:
        """The days that promises and projects are due, by item."""
        dated = [(row.ref.id, row.deadline) for row in self.commitments]
        dated += [(row.ref.id, row.deadline) for row in self.projects]
        return {item_id: day for item_id, day in dated if day is not None}

    def item(self, code: str) -> ItemRef:
        """The item with this code; raises :class:`NotFound`."""
        if code not in self.by_code:
            raise NotFound(N_("The plan has no such item."))
        return self.by_code[code]

    def of_kind(self, *kinds: ItemKind) -> tuple[ItemRef, ...]:
        """Items of some kinds, in order."""
        return tuple(item for item in self.items if item.kind in kinds)

    def ancestors(self, item: ItemRef) -> tuple[ItemRef, ...]:
        """From the chapter down to the parent of an item."""
        found: list[ItemRef] = []
        while item.parent_id is not None:
            item = self.by_id[item.parent_id]
            found.insert(0, item)
        return tuple(found)

    def below(self, item: ItemRef) -> tuple[ItemRef, ...]:
        """The item itself and everything under it."""
        found = [item]
        for one in found:
            found.extend(self.children.get(one.id, ()))
        return tuple(found)

    def lead(self, item: ItemRef) -> ResponsibilityRow | None:
        """Who leads an item, if anyone does."""
        rows = self.responsibilities.get(item.id, ())
        return next((row for row in rows if row.role == "lead"), None)


def document(slug: str) -> PlanDocument:
    """A published plan; raises :class:`NotFound`."""
    return kept(f"plan:{slug}", lambda: _read(slug))


def documents() -> tuple[PlanDocument, ...]:
    """All published plans, the latest period first."""
    return tuple(document(plan.slug) for plan in reading.plans())


def item_refs(ids: Iterable[int]) -> dict[int, ItemRef]:
    """References by id, of published plans without a query; unknown ids are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    # Whole plans are worth looking through only where they are in memory anyway.
    known = documents() if keeps_reference() else ()
    found = {ref.id: ref for one in known for ref in one.items if ref.id in wanted}
    rest = wanted - found.keys()
    return {**found, **reading.refs_by_id(rest)} if rest else found


def item_ref(item_id: int) -> ItemRef | None:
    """One reference."""
    return item_refs([item_id]).get(item_id)


def deadlines(item_ids: Iterable[int]) -> dict[int, date]:
    """By when the plan itself wants promises and projects of published plans done; items without a day are left out."""
    wanted = set(item_ids)
    return (
        {item_id: day for one in documents() for item_id, day in one.deadlines.items() if item_id in wanted}
        if wanted
        else {}
    )


def _read(slug: str) -> PlanDocument:
    items = reading.items_of(slug)
    ids = [item.id for item in items]
    paragraphs: dict[int, tuple[ParagraphRow, ...]] = {}
    for paragraph in reading.paragraphs(ids):
        paragraphs[paragraph.item_id] = (*paragraphs.get(paragraph.item_id, ()), paragraph)
    tables: dict[int, tuple[TableRow, ...]] = {}
    for table in reading.tables(ids):
        tables[table.section_id] = (*tables.get(table.section_id, ()), table)
    return PlanDocument(
        plan=reading.plan_by_slug(slug),
        items=items,
        paragraphs=paragraphs,
        responsibilities=reading.responsibilities(ids),
        commitments=reading.commitments(slug),
        projects=reading.projects(slug),
        indicators=reading.indicators(slug),
        tables=tables,
        errata=reading.errata(slug),
    )
