"""Reads of plans and items. Only published plans are shown unless a caller asks for drafts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Select, select

from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.plans.models import (
    Commitment,
    ErratumRow,
    Indicator,
    Item,
    Paragraph,
    Plan,
    PlanTable,
    Project,
    Responsibility,
)
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
from civic.plans.rules import ItemKind, PlanStatus
from civic.web.caching import kept

TEXT_KINDS = (ItemKind.PREFACE, ItemKind.CHAPTER, ItemKind.SECTION, ItemKind.CLAUSE)
SHOWN = (PlanStatus.PUBLISHED.value, PlanStatus.FINISHED.value)


def plans(*, drafts: bool = False) -> tuple[PlanRow, ...]:
    """All plans, the latest period first."""
    if not drafts:
        return kept("plans", lambda: tuple(row for row in plans(drafts=True) if row.status in SHOWN))
    query = select(Plan).order_by(Plan.first_year.desc(), Plan.slug)
    return tuple(_plan_row(plan) for plan in db.session.scalars(query))


def plan_by_slug(slug: str, *, drafts: bool = False) -> PlanRow:
    """One plan; raises :class:`NotFound`."""
    plan = db.session.scalar(select(Plan).where(Plan.slug == slug))
    if plan is None or not (drafts or plan.status in SHOWN):
        raise NotFound(N_("There is no such plan."))
    return _plan_row(plan)


def refs_by_id(ids: Iterable[int]) -> dict[int, ItemRef]:
    """References by id; unknown ids are left out."""
    wanted = set(ids)
    return {ref.id: ref for ref in _refs(_ref_query().where(Item.id.in_(wanted)))} if wanted else {}


def item_by_code(plan_slug: str, code: str) -> ItemRef:
    """The item with this code in a published plan; raises :class:`NotFound`."""
    query = _ref_query().where(Plan.slug == plan_slug, Item.code == code, Plan.status.in_(SHOWN))
    found = _refs(query)
    if not found:
        raise NotFound(N_("The plan has no such item."))
    return found[0]


def text_items(plan_slug: str) -> tuple[ItemRef, ...]:
    """Preface, chapters, sections and clauses in the order of the document."""
    kinds = [kind.value for kind in TEXT_KINDS]
    query = _ref_query().where(Plan.slug == plan_slug, Item.kind.in_(kinds), ~Item.withdrawn)
    return tuple(_refs(query.order_by(Item.position)))


def items_of(plan_slug: str, *kinds: ItemKind) -> tuple[ItemRef, ...]:
    """Items of some kinds (all if none is named) in order."""
    query = _ref_query().where(Plan.slug == plan_slug, ~Item.withdrawn).order_by(Item.position, Item.id)
    if kinds:
        query = query.where(Item.kind.in_([kind.value for kind in kinds]))
    return tuple(_refs(query))


def paragraphs(item_ids: Collection[int]) -> tuple[ParagraphRow, ...]:
    """Paragraphs of some items, in order."""
    query = select(Paragraph).where(Paragraph.item_id.in_(item_ids))
    rows = db.session.scalars(query.order_by(Paragraph.item_id, Paragraph.position))
    return tuple(ParagraphRow(p.item_id, p.anchor, p.text, p.text_hant) for p in rows)


def paragraph(item_id: int, anchor: str) -> ParagraphRow | None:
    """One paragraph by its anchor."""
    return next((p for p in paragraphs([item_id]) if p.anchor == anchor), None)


def responsibilities(item_ids: Collection[int]) -> dict[int, tuple[ResponsibilityRow, ...]]:
    """{item: its departments, the lead first}; items without any are left out."""
    query = select(Responsibility).where(Responsibility.item_id.in_(item_ids))
    found: dict[int, tuple[ResponsibilityRow, ...]] = {}
    for r in db.session.scalars(query.order_by(Responsibility.item_id, Responsibility.position)):
        row = ResponsibilityRow(r.item_id, r.department_id, r.role, r.official, r.since)
        found[r.item_id] = (*found.get(r.item_id, ()), row)
    return found


def lead_department_id(item_id: int) -> int | None:
    """The department that leads an item; None if it has no lead of its own."""
    return db.session.scalar(
        select(Responsibility.department_id).where(
            Responsibility.item_id == item_id, Responsibility.role == "lead"
        )
    )


def led_by(department_id: int) -> tuple[ItemRef, ...]:
    """Everything a department leads, in the order of the documents."""
    query = _ref_query().join(Responsibility, Responsibility.item_id == Item.id)
    query = query.where(Responsibility.department_id == department_id, Responsibility.role == "lead")
    return tuple(_refs(query.where(~Item.withdrawn).order_by(Item.plan_id, Item.position)))


def commitments(
    plan_slug: str | None = None, *, area: str | None = None, drafts: bool = False
) -> tuple[CommitmentRow, ...]:
    """Commitments of published plans (of drafts too if asked), in order; all, of one plan, of one area."""
    query = select(Item, Commitment, Plan.slug).join(Commitment, Commitment.item_id == Item.id)
    query = query.join(Plan, Plan.id == Item.plan_id).where(~Item.withdrawn)
    if not drafts:
        query = query.where(Plan.status.in_(SHOWN))
    if plan_slug is not None:
        query = query.where(Plan.slug == plan_slug)
    if area is not None:
        query = query.where(Commitment.area == area)
    rows = db.session.execute(query.order_by(Item.plan_id, Item.position)).all()
    clauses = refs_by_id(row.Commitment.clause_id for row in rows)
    return tuple(
        CommitmentRow(
            _ref(row.Item, row.slug), clauses[row.Commitment.clause_id], row.Commitment.area, row.Commitment.quote,
            row.Commitment.quote_hant, row.Commitment.measure, row.Commitment.deadline,
        )
        for row in rows
    )  # fmt: skip


def projects(plan_slug: str) -> tuple[ProjectRow, ...]:
    """Projects of a plan, box by box."""
    query = (
        select(Item, Project).join(Project, Project.item_id == Item.id).join(Plan, Plan.id == Item.plan_id)
    )
    rows = db.session.execute(query.where(Plan.slug == plan_slug, ~Item.withdrawn).order_by(Item.position))
    return tuple(
        ProjectRow(
            _ref(item, plan_slug), p.box, p.box_title, p.category, p.category_hant, p.action, p.deadline,
            p.box_title_hant,
        )
        for item, p in rows
    )  # fmt: skip


def indicators(plan_slug: str) -> tuple[IndicatorRow, ...]:
    """Indicators of a plan in the order of their table."""
    return _indicator_rows(Plan.slug == plan_slug)


def indicators_among(item_ids: Collection[int]) -> tuple[IndicatorRow, ...]:
    """Those of some items of published plans that are indicators."""
    return _indicator_rows(Item.id.in_(item_ids), Plan.status.in_(SHOWN)) if item_ids else ()


def _indicator_rows(*conditions: ColumnElement[bool]) -> tuple[IndicatorRow, ...]:
    query = (
        select(Item, Indicator, Plan.slug)
        .join(Indicator, Indicator.item_id == Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(*conditions, ~Item.withdrawn)
    )
    rows = db.session.execute(query.order_by(Item.plan_id, Item.position))
    return tuple(
        IndicatorRow(
            _ref(item, slug), i.number, i.unit, i.category, i.category_hant, i.nature, i.target_kind,
            i.lower_is_better, i.baseline_year, i.target_year, i.printed, tuple(i.notes),
            i.hant, i.continues_id, i.series_break,
        )
        for item, i, slug in rows
    )  # fmt: skip


def tables(section_ids: Collection[int]) -> tuple[TableRow, ...]:
    """Printed tables and boxes of some sections."""
    query = select(PlanTable).where(PlanTable.section_id.in_(section_ids))
    return tuple(
        TableRow(t.section_id, t.kind, t.number, t.title, t.title_hant, t.content, t.content_hant)
        for t in db.session.scalars(query.order_by(PlanTable.section_id, PlanTable.kind, PlanTable.number))
    )


def errata(plan_slug: str) -> tuple[ErratumShown, ...]:
    """All mended slips of a plan, by line."""
    query = select(ErratumRow).join(Plan, Plan.id == ErratumRow.plan_id).where(Plan.slug == plan_slug)
    return tuple(
        ErratumShown(e.item_id, e.line, e.old, e.new, e.why)
        for e in db.session.scalars(query.order_by(ErratumRow.line, ErratumRow.id))
    )


def _ref_query() -> Select[Item, str]:
    return select(Item, Plan.slug).join(Plan, Plan.id == Item.plan_id)


def _refs(query: Select[Item, str]) -> list[ItemRef]:
    return [_ref(item, slug) for item, slug in db.session.execute(query)]


def _ref(item: Item, slug: str) -> ItemRef:
    return ItemRef(
        item.id, slug, item.code, ItemKind(item.kind), item.number, item.title, item.title_hant, item.title_en,
        item.parent_id,
    )  # fmt: skip


def _plan_row(plan: Plan) -> PlanRow:
    return PlanRow(**{name: getattr(plan, name) for name in PlanRow.__dataclass_fields__})
