"""Items of the plans that answer a query, and the likeliest ones for a resident's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import is_

from flask import current_app

from civic.departments import queries as departments
from civic.departments.queries import DistrictPage
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument
from civic.plans.rules import ItemKind
from civic.search.rules import Document, Hit, Index, Reason, folded, reasons, window

SEARCHED = (
    ItemKind.PREFACE, ItemKind.SECTION, ItemKind.CLAUSE, ItemKind.INDICATOR, ItemKind.PROJECT, ItemKind.COMMITMENT,
)  # fmt: skip
PARTS = (ItemKind.INDICATOR, ItemKind.PROJECT, ItemKind.COMMITMENT)
SUGGESTED = (ItemKind.SECTION, ItemKind.CLAUSE)
RESULTS = 10
"""Items on the first view of a search, above the voices."""
PAGE = 20
"""Items on a page of one part."""
LONGEST_QUERY = 100
"""What is written beyond this into a search box isn't searched for."""
EXCERPT = 80


class Part(StrEnum):
    """What a search can be narrowed to."""

    TEXT = "text"
    COMMITMENTS = "commitments"
    PROJECTS = "projects"
    INDICATORS = "indicators"


KINDS: dict[Part, tuple[ItemKind, ...]] = {
    Part.TEXT: (ItemKind.PREFACE, ItemKind.SECTION, ItemKind.CLAUSE),
    Part.COMMITMENTS: (ItemKind.COMMITMENT,),
    Part.PROJECTS: (ItemKind.PROJECT,),
    Part.INDICATORS: (ItemKind.INDICATOR,),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One item that answers a query; the excerpt is cut around the first place that was found."""

    ref: ItemRef
    excerpt: str
    excerpt_hant: str
    why: tuple[Reason, ...]
    """The words of the query that it answers, in the order of the query."""
    terms: frozenset[str] = frozenset()
    """What to highlight in it."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Results of a query, best first. ``counts``: how many items of each part answer, shown or not."""

    text: str
    part: Part | None
    found: tuple[Found, ...]
    counts: Mapping[Part, int]
    next_start: int | None = None
    """Where the next page of a part begins, if there is one."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class _Kept:
    district: DistrictPage
    index: Index
    documents: tuple[PlanDocument, ...]
    items: Mapping[int, tuple[PlanDocument, ItemRef]]

    def stands_for(self, district: DistrictPage, documents: tuple[PlanDocument, ...]) -> bool:
        """Whether it was built of exactly these: each process keeps what it has read until it changes."""
        same = len(documents) == len(self.documents) and all(map(is_, documents, self.documents))
        return same and district is self.district


def search(text: str, part: Part | None = None, start: int = 0) -> SearchPage:
    """Items of published plans, best first; an empty query finds nothing.

    Without a ``part`` the best of all; with one a page of it, from place ``start`` on.
    """
    text = text[:LONGEST_QUERY]
    hits = _hits(text)
    kind_of = {kind: one for one, kinds in KINDS.items() for kind in kinds}
    counted = Counter(kind_of[ref.kind] for _, ref, _ in hits)
    if part is None:
        shown, following = hits[:RESULTS], None
    else:
        of_part = [hit for hit in hits if hit[1].kind in KINDS[part]]
        end = max(start, 0) + PAGE
        shown, following = of_part[end - PAGE : end], end if end < len(of_part) else None
    return SearchPage(text, part, _found(shown, text), {one: counted[one] for one in Part}, following)


def suggest(text: str, n: int = 3) -> tuple[Found, ...]:
    """The clauses and sections that a resident's own words are likeliest about, with why."""
    return _found([hit for hit in _hits(text) if hit[1].kind in SUGGESTED][:n], text)


def _hits(text: str) -> list[tuple[PlanDocument, ItemRef, Hit]]:
    if not text.strip():
        return []
    kept = _kept()
    return [(*kept.items[hit.key], hit) for hit in kept.index.search(text, len(kept.items))]


def _kept() -> _Kept:
    """The index, built once per process until plans or the district's settings change."""
    documents = plans.documents()
    district = departments.district()
    kept: _Kept | None = current_app.extensions.get("civic.search")
    if kept is None or not kept.stands_for(district, documents):
        index = Index(
            (one for document in documents for one in _documents(document)), district.search_synonyms
        )
        kept = current_app.extensions["civic.search"] = _Kept(
            district,
            index,
            documents,
            {item.id: (document, item) for document in documents for item in document.items},
        )
    return kept


def _documents(document: PlanDocument) -> list[Document]:
    quotes = {row.ref.id: row.quote for row in document.commitments}
    kinds = {row.ref.id: f"{row.category}\n{row.action}" for row in document.projects}
    promised = {
        clause: [row.ref.title for row in rows] for clause, rows in document.commitments_by_clause.items()
    }
    return [
        Document(
            item.id,
            item.title,
            "\n".join(
                (
                    *(paragraph.text for paragraph in document.paragraphs.get(item.id, ())),
                    quotes.get(item.id, ""),
                    kinds.get(item.id, ""),
                )
            ),
            "\n".join(promised.get(item.id, ())),
            part=item.kind in PARTS,
            heading=item.kind is ItemKind.SECTION and item.id in document.children,
        )
        for item in document.items
        if item.kind in SEARCHED
    ]


def _found(hits: list[tuple[PlanDocument, ItemRef, Hit]], query: str) -> tuple[Found, ...]:
    if not hits:
        return ()
    rarity = _kept().index.rarity
    found = []
    for document, ref, hit in hits:
        terms = hit.found | set(hit.meant.values())
        text, text_hant = _best(document, ref, terms)
        why = reasons(query, hit.found, hit.meant, rarity)
        found.append(Found(ref, window(text, terms, EXCERPT), window(text_hant, terms, EXCERPT), why, terms))
    return tuple(found)


def _best(document: PlanDocument, ref: ItemRef, terms: frozenset[str]) -> tuple[str, str]:
    """The paragraph of an item, or its quote, that holds most of what was found, in both scripts."""
    texts = [(p.text, p.text_hant) for p in document.paragraphs.get(ref.id, ())]
    texts += [(row.quote, row.quote_hant) for row in document.commitments if row.ref.id == ref.id]
    if len(texts) == 1:
        return texts[0]
    return max(
        texts, key=lambda pair: sum(len(term) for term in terms if term in folded(pair[0])), default=("", "")
    )
