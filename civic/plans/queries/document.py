"""A whole plan as it is read: kept in memory per process, and thrown away as soon as its revision changes.

Reading costs one query (the plan's row with its revision); a plan changes a few times a
year and is shown on every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import current_app
from sqlalchemy import select

from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.plans.models import Plan
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
    row = db.session.execute(
        select(Plan.revision).where(Plan.slug == slug, Plan.status.in_(reading.SHOWN))
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such plan."))
    kept: dict[str, tuple[str, PlanDocument]] = current_app.extensions.setdefault("civic.documents", {})
    if slug not in kept or kept[slug][0] != row.revision:
        kept[slug] = (row.revision, _read(slug))
    return kept[slug][1]


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
