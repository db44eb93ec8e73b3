"""Pages for editors of plain summaries: which clauses have one, and one with its versions."""

from __future__ import annotations

from dataclasses import dataclass

from civic.plans import queries as plans
from civic.plans.queries import CommitmentRow, ItemRef, ParagraphRow, PlainSummaryRow, PlanRow
from civic.plans.rules import ItemKind

SUMMARISED = (ItemKind.SECTION, ItemKind.CLAUSE, ItemKind.COMMITMENT, ItemKind.PROJECT, ItemKind.INDICATOR)


@dataclass(frozen=True, slots=True)
class ChapterToSummarise:
    """The clauses of a chapter, each with the summary that stands."""

    chapter: ItemRef
    rows: tuple[tuple[ItemRef, PlainSummaryRow | None], ...]

    @property
    def written(self) -> int:
        return sum(summary is not None for _, summary in self.rows)


@dataclass(frozen=True, slots=True)
class SummariesPage:
    """A plan chapter by chapter."""

    plan: PlanRow
    plans: tuple[PlanRow, ...]
    chapters: tuple[ChapterToSummarise, ...]


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One item as its editor sees it: the official words, and all versions of the summary, newest first."""

    plan: PlanRow
    ref: ItemRef
    paragraphs: tuple[ParagraphRow, ...]
    quote: CommitmentRow | None
    versions: tuple[PlainSummaryRow, ...]

    @property
    def current_id(self) -> int:
        return self.versions[0].id if self.versions else 0


def summaries_page(slug: str = "") -> SummariesPage | None:
    """The clauses of a plan (default: the latest) with their summaries; None before any plan is published."""
    known = tuple(plan for plan in plans.plans() if plans.document(plan.slug).of_kind(ItemKind.CLAUSE))
    if not known and not slug:
        return None
    document = plans.document(slug or known[0].slug)
    written = plans.plain_summaries(document.plan.slug)
    chapters = tuple(
        ChapterToSummarise(
            chapter,
            tuple(
                (ref, written.get(ref.id)) for ref in document.below(chapter) if ref.kind is ItemKind.CLAUSE
            ),
        )
        for chapter in document.of_kind(ItemKind.CHAPTER)
    )
    return SummariesPage(document.plan, known, tuple(one for one in chapters if one.rows))


def summary_page(slug: str, code: str) -> SummaryPage:
    """One item; raises :class:`~civic.core.errors.NotFound`."""
    document = plans.document(slug)
    ref = document.item(code)
    return SummaryPage(
        document.plan,
        ref,
        document.paragraphs.get(ref.id, ()),
        next((row for row in document.commitments if row.ref.id == ref.id), None),
        plans.plain_versions(ref.id),
    )
