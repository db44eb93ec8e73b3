"""Items of the plans that answer a query, and the likeliest ones for a resident's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import is_

from flask import current_app

from civic.core.scripts import simplified
from civic.core.text import normalise
from civic.departments import queries as departments
from civic.departments.queries import DistrictPage
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument
from civic.plans.rules import ItemKind
from civic.search.rules import Document, Hit, Index, Reason, reasons

SEARCHED = (
    ItemKind.PREFACE, ItemKind.SECTION, ItemKind.CLAUSE, ItemKind.INDICATOR, ItemKind.PROJECT, ItemKind.COMMITMENT,
)  # fmt: skip
PARTS = (ItemKind.INDICATOR, ItemKind.PROJECT, ItemKind.COMMITMENT)
SUGGESTED = (ItemKind.SECTION, ItemKind.CLAUSE)
RESULTS = 10
"""Items on the first view of a search, above the voices; a part of its own shows ``MOST``."""
MOST = 100
AROUND = 40


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


def search(text: str, part: Part | None = None) -> SearchPage:
    """Items of published plans, best first; an empty query finds nothing."""
    hits = _hits(text)
    kind_of = {kind: one for one, kinds in KINDS.items() for kind in kinds}
    counted = Counter(kind_of[ref.kind] for _, ref, _ in hits if ref.kind in kind_of)
    kinds = KINDS[part] if part else SEARCHED
    shown = [hit for hit in hits if hit[1].kind in kinds][: MOST if part else RESULTS]
    return SearchPage(
        text, part, tuple(_found(*hit, text) for hit in shown), {one: counted[one] for one in Part}
    )


def suggest(text: str, n: int = 3) -> tuple[Found, ...]:
    """The clauses and sections that a resident's own words are likeliest about, with why."""
    likely = [hit for hit in _hits(text) if hit[1].kind in SUGGESTED]
    return tuple(_found(*hit, text) for hit in likely[:n])


def _hits(text: str) -> list[tuple[PlanDocument, ItemRef, Hit]]:
    if not normalise(text):
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
    quotes = {row.ref.id: (row.quote, row.quote_hant) for row in document.commitments}
    projects = {row.ref.id: (row.category, row.category_hant) for row in document.projects}
    return [
        Document(
            item.id,
            (item.title, item.title_hant),
            (
                *(text for p in document.paragraphs.get(item.id, ()) for text in (p.text, p.text_hant)),
                *quotes.get(item.id, ()),
                *projects.get(item.id, ()),
            ),
            part=item.kind in PARTS,
        )
        for item in document.items
        if item.kind in SEARCHED
    ]


def _found(document: PlanDocument, ref: ItemRef, hit: Hit, query: str) -> Found:
    texts = [(p.text, p.text_hant) for p in document.paragraphs.get(ref.id, ())]
    texts += [(row.quote, row.quote_hant) for row in document.commitments if row.ref.id == ref.id]
    best = max(
        texts,
        key=lambda pair: sum(word in normalise(pair[0] + pair[1]) for word in hit.found),
        default=("", ""),
    )
    words = tuple(sorted((w for w in hit.found), key=lambda w: (normalise(query).find(w) % 10_000, w)))
    kept = _kept()
    why = reasons(query, hit.found, kept.district.search_synonyms, kept.index.rarity)
    return Found(ref, _cut(best[0], words), _cut(best[1], words), why, frozenset(map(simplified, words)))


def _cut(text: str, words: tuple[str, ...]) -> str:
    """The text around the first word found, with ellipses where it goes on."""
    plain = text.lower()
    places = [plain.find(word) for word in words if word in plain]
    start = max(min(places) - AROUND // 2, 0) if places else 0
    end = min(start + 2 * AROUND, len(text))
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
