"""Reads of search: the items that answer a query, and the likeliest items for a resident's own words."""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_

from flask import current_app

from civic.core.text import normalise
from civic.departments import queries as departments
from civic.departments.queries import DistrictPage
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument
from civic.plans.rules import ItemKind
from civic.search.rules import Document, Hit, Index

SEARCHED = (
    ItemKind.PREFACE, ItemKind.SECTION, ItemKind.CLAUSE, ItemKind.INDICATOR, ItemKind.PROJECT, ItemKind.COMMITMENT,
)  # fmt: skip
PARTS = (ItemKind.INDICATOR, ItemKind.PROJECT, ItemKind.COMMITMENT)
SUGGESTED = (ItemKind.SECTION, ItemKind.CLAUSE)
RESULTS = 30
AROUND = 40


@dataclass(frozen=True, slots=True)
class Found:
    """One item that answers a query; the excerpt is cut around the first place that was found."""

    ref: ItemRef
    excerpt: str
    excerpt_hant: str
    why: tuple[str, ...]
    """The words of the query that it holds, in the order of the query."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Results of a query, best first."""

    text: str
    found: tuple[Found, ...]


@dataclass(frozen=True)
class _Kept:
    district: DistrictPage
    index: Index
    documents: tuple[PlanDocument, ...]

    def stands_for(self, district: DistrictPage, documents: tuple[PlanDocument, ...]) -> bool:
        """Whether it was built of exactly these: each process keeps what it has read until it changes."""
        same = len(documents) == len(self.documents) and all(map(is_, documents, self.documents))
        return same and district is self.district


def search(text: str, n: int = RESULTS) -> SearchPage:
    """Items of published plans, best first; an empty query finds nothing."""
    return SearchPage(text, _find(text, n, SEARCHED))


def suggest(text: str, n: int = 3) -> tuple[Found, ...]:
    """The clauses and sections that a resident's own words are likeliest about, with why."""
    return _find(text, n, SUGGESTED)


def _find(text: str, n: int, kinds: tuple[ItemKind, ...]) -> tuple[Found, ...]:
    if not normalise(text):
        return ()
    kept = _kept()
    refs = {item.id: (document, item) for document in kept.documents for item in document.items}
    found = []
    for hit in kept.index.search(text, 10 * n):
        document, ref = refs[hit.key]
        if ref.kind in kinds:
            found.append(_found(document, ref, hit, text))
        if len(found) == n:
            break
    return tuple(found)


def _kept() -> _Kept:
    """The index, built once per process until plans or the district's settings change."""
    documents = plans.documents()
    district = departments.district()
    kept: _Kept | None = current_app.extensions.get("civic.search")
    if kept is None or not kept.stands_for(district, documents):
        index = Index(
            (one for document in documents for one in _documents(document)), district.search_synonyms
        )
        kept = current_app.extensions["civic.search"] = _Kept(district, index, documents)
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
    return Found(ref, _cut(best[0], words), _cut(best[1], words), words)


def _cut(text: str, words: tuple[str, ...]) -> str:
    """The text around the first word found, with ellipses where it goes on."""
    plain = text.lower()
    places = [plain.find(word) for word in words if word in plain]
    start = max(min(places) - AROUND // 2, 0) if places else 0
    end = min(start + 2 * AROUND, len(text))
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
