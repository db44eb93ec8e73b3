"""Pages of the plan itself: the contents, a chapter as a document, one item of any kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from civic.cases import queries as cases
from civic.cases.queries import VoiceFilter, VoiceRow
from civic.core.paging import Page
from civic.departments.queries import DepartmentRow, local_day
from civic.plans import queries as plans
from civic.plans.queries import (
    CommitmentRow,
    ErratumShown,
    IndicatorRow,
    ItemRef,
    ParagraphRow,
    PlainSummaryRow,
    PlanDocument,
    PlanRow,
    ProjectRow,
    TableRow,
)
from civic.plans.rules import ItemKind
from civic.portal.queries.adjustments import AdjustmentEntry, adjusted_item
from civic.portal.queries.indicators import IndicatorShown, indicator_shown
from civic.portal.queries.margin import Margin, leads, margins
from civic.portal.queries.reports import Timeline, timeline
from civic.portal.queries.rollups import Rollup, by_kind, counted_items, plan_progress, rollup
from civic.portal.queries.text import Segment, segments
from civic.portal.queries.voices import VOICES_SHOWN
from civic.progress import queries as progress
from civic.progress.queries import Budget


@dataclass(frozen=True, slots=True)
class ParagraphShown:
    """A paragraph in both scripts, cut at the promises it holds."""

    anchor: str
    hans: tuple[Segment, ...]
    hant: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """An item with its text, its margin, and what stands under it."""

    ref: ItemRef
    paragraphs: tuple[ParagraphShown, ...]
    margin: Margin
    tables: tuple[TableRow, ...] = ()
    children: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class ChapterListed:
    """A chapter in the contents, with its sections and where its items stand."""

    ref: ItemRef
    sections: tuple[ItemRef, ...]
    rollup: Rollup


@dataclass(frozen=True, slots=True)
class ContentsPage:
    """The contents of a plan: chapters with their sections; ``rollups``: the whole plan, kind by kind."""

    plan: PlanRow
    preface: ItemRef | None
    chapters: tuple[ChapterListed, ...]
    counts: dict[str, int]
    errata: tuple[ErratumShown, ...]
    rollups: tuple[Rollup, ...]


@dataclass(frozen=True, slots=True)
class ProjectGroup:
    """Projects of one category, in print order."""

    rows: tuple[ProjectRow, ...]


@dataclass(frozen=True, slots=True)
class BoxShown:
    """One box of projects."""

    title: str
    groups: tuple[ProjectGroup, ...]


@dataclass(frozen=True, slots=True)
class ProjectsPage:
    """All projects of a plan and who leads each item."""

    plan: PlanRow
    boxes: tuple[BoxShown, ...]
    leads: dict[int, DepartmentRow]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item of any kind. A chapter carries its sections and clauses as blocks."""

    plan: PlanRow
    ref: ItemRef
    ancestors: tuple[ItemRef, ...]
    block: Block
    before: ItemRef | None
    after: ItemRef | None
    errata: tuple[ErratumShown, ...]
    voices: Page[VoiceRow]
    pointed: Mapping[str, int] = field(default_factory=dict)
    """How many voices point to each paragraph, by its anchor."""
    rollups: tuple[Rollup, ...] = ()
    plains: Mapping[int, PlainSummaryRow] = field(default_factory=dict)
    commitment: CommitmentRow | None = None
    project: ProjectRow | None = None
    indicator: IndicatorRow | None = None
    indicator_shown: IndicatorShown | None = None

    @property
    def plain(self) -> PlainSummaryRow | None:
        """The editor's plain words about the item itself."""
        return self.plains.get(self.ref.id)

    budget: Budget | None = None
    adjusted: tuple[AdjustmentEntry, ...] = ()
    adjusted_indicators: tuple[ItemRef, ...] = ()
    """Those of the plan: its printed tables show what was approved first."""
    reports: Timeline | None = None


def contents(slug: str, today: date) -> ContentsPage:
    """The contents page; raises :class:`~civic.core.errors.NotFound`."""
    document = plans.document(slug)
    known = plan_progress(today)
    chapters = tuple(
        ChapterListed(
            chapter,
            tuple(c for c in document.children.get(chapter.id, ()) if c.kind is ItemKind.SECTION),
            rollup(counted_items(document, chapter), known),
        )
        for chapter in document.of_kind(ItemKind.CHAPTER)
    )
    counts = {kind.value: len(document.of_kind(kind)) for kind in ItemKind}
    preface = next(iter(document.of_kind(ItemKind.PREFACE)), None)
    rollups = by_kind(document.items, known)
    return ContentsPage(document.plan, preface, chapters, counts, document.errata, rollups)


def item_page(slug: str, code: str, now: datetime) -> ItemPage:
    """The page of one item; raises :class:`~civic.core.errors.NotFound`."""
    document = plans.document(slug)
    ref = document.item(code)
    below = document.below(ref)
    beside = margins(document, below, local_day(now))
    before, after = _neighbours(document, ref)
    ids = tuple(item.id for item in below)
    voices = cases.voices(VoiceFilter(item_ids=ids), now=now, size=VOICES_SHOWN)
    return ItemPage(
        plan=document.plan,
        ref=ref,
        ancestors=document.ancestors(ref),
        block=_block(document, ref, beside),
        before=before,
        after=after,
        errata=tuple(e for e in document.errata if e.item_id in ids),
        voices=voices,
        pointed=_pointed(document, ref, voices),
        rollups=_rollups(document, ref, local_day(now)),
        plains=plans.plain_summaries(slug),
        commitment=next((row for row in document.commitments if row.ref.id == ref.id), None),
        project=next((row for row in document.projects if row.ref.id == ref.id), None),
        indicator=next((row for row in document.indicators if row.ref.id == ref.id), None),
        reports=timeline(ref),
        adjusted=adjusted_item(document.plan, ref, local_day(now)),
        adjusted_indicators=tuple(
            row.ref for row in document.indicators if row.ref.id in progress.adjusted_items()
        ),
        budget=progress.budget_of(ref.id) if ref.kind is ItemKind.PROJECT else None,
        indicator_shown=indicator_shown(document, ref.id, local_day(now)),
    )


def _pointed(document: PlanDocument, ref: ItemRef, voices: Page[VoiceRow]) -> Mapping[str, int]:
    """Voices by paragraph; where all of them are shown, the database isn't asked again."""
    if len(document.paragraphs.get(ref.id, ())) < 2:
        return {}
    if voices.next_cursor:
        return cases.paragraph_counts(ref.id)
    return Counter(
        row.paragraph_anchor for row in voices.rows if row.item_id == ref.id and row.paragraph_anchor
    )


def _rollups(document: PlanDocument, ref: ItemRef, today: date) -> tuple[Rollup, ...]:
    """Where what stands under a chapter or a section stands; a clause, promise or project speaks for itself."""
    if ref.kind not in (ItemKind.CHAPTER, ItemKind.SECTION):
        return ()
    return by_kind(counted_items(document, ref), plan_progress(today))


def projects(slug: str) -> ProjectsPage:
    """The projects of a plan, box by box as printed; raises :class:`~civic.core.errors.NotFound`."""
    document = plans.document(slug)
    boxes = (
        BoxShown(title, tuple(ProjectGroup(tuple(rows)) for _name, rows in groupby(found, _category)))
        for title, found in ((t, list(rows)) for t, rows in groupby(document.projects, _box_title))
    )
    return ProjectsPage(document.plan, tuple(boxes), leads(document))


def _box_title(row: ProjectRow) -> str:
    return row.box_title


def _category(row: ProjectRow) -> str:
    return row.category


def _block(document: PlanDocument, ref: ItemRef, beside: dict[int, Margin]) -> Block:
    text_kinds = (ItemKind.SECTION, ItemKind.CLAUSE)
    children = tuple(
        _block(document, child, beside)
        for child in document.children.get(ref.id, ())
        if child.kind in text_kinds
    )
    quotes = document.commitments_by_clause.get(ref.id, ())
    return Block(
        ref,
        tuple(_shown(paragraph, quotes) for paragraph in document.paragraphs.get(ref.id, ())),
        beside[ref.id],
        document.tables.get(ref.id, ()),
        children,
    )


def _shown(paragraph: ParagraphRow, quotes: tuple[CommitmentRow, ...]) -> ParagraphShown:
    return ParagraphShown(
        paragraph.anchor,
        segments(paragraph.text, ((row.ref.code, row.quote) for row in quotes)),
        segments(paragraph.text_hant, ((row.ref.code, row.quote_hant) for row in quotes)),
    )


def _neighbours(document: PlanDocument, ref: ItemRef) -> tuple[ItemRef | None, ItemRef | None]:
    """The items of the same kind before and after, in the order of the document."""
    same = document.of_kind(ref.kind)
    if ref.kind is ItemKind.PREFACE:
        return None, next(iter(document.of_kind(ItemKind.CHAPTER)), None)
    place = same.index(ref)
    before = same[place - 1] if place else None
    if before is None and ref.kind is ItemKind.CHAPTER:
        before = next(iter(document.of_kind(ItemKind.PREFACE)), None)
    return before, same[place + 1] if place + 1 < len(same) else None
