"""Ranking of items, pure: BM25 over character pairs, with a small list of synonyms.

BM25 after Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), with its
usual k1 = 1.2 and b = 0.75. The title counts three times. Chinese has no spaces, and word
cutters split 医养结合 wrongly, so the tokens are neighbouring pairs of characters.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from civic.core.text import bigrams, normalise

K1 = 1.2
B = 0.75
TITLE_WEIGHT = 3
SYNONYM_WEIGHT = 0.6
PART_WEIGHT = 0.4
"""Short texts score high in BM25: a promise quoted from a clause would always hide the clause."""
FLOOR = 0.15
"""What scores less than this share of the best hit shares only chance pairs with the query."""
LONG_QUERY = 3
"""From this many pairs on a query may have a wrong character: not all pairs must be found."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is searched of one item: titles and texts in both scripts.

    ``part``: it's a part of another document's subject (a promise quoted from a clause, a project
    of its box), so it stands behind that document unless the query is half of its own title or more.
    """

    key: int
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    part: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that answers a query; ``found`` are the pairs of the query that it holds."""

    key: int
    score: float
    found: frozenset[str]


class Index:
    """Counts of all documents; built once per revision of the plans."""

    def __init__(self, documents: Iterable[Document], synonyms: Mapping[str, Sequence[str]]) -> None:
        self._counts: dict[int, Counter[str]] = {}
        self._holders: dict[str, list[int]] = {}
        self._parts: dict[int, tuple[str, ...]] = {}
        self._synonyms = {normalise(word): tuple(words) for word, words in synonyms.items()}
        for document in documents:
            counts: Counter[str] = Counter()
            for title in document.titles:
                counts.update(dict.fromkeys(bigrams(title), TITLE_WEIGHT))
            for text in document.texts:
                counts.update(bigrams(text))
            self._counts[document.key] = counts
            if document.part:
                self._parts[document.key] = tuple(normalise(title) for title in document.titles)
            for pair in counts:
                self._holders.setdefault(pair, []).append(document.key)
        self._lengths = {key: counts.total() for key, counts in self._counts.items()}
        self._average = sum(self._lengths.values()) / max(len(self._lengths), 1)

    def search(self, query: str, n: int) -> list[Hit]:
        """The best ``n`` documents, best first; the same score keeps the order of the documents.

        A short query needs one of its pairs in a document, a longer one two.
        """
        own = self._asked(query)
        scores: dict[int, float] = {}
        found: dict[int, set[str]] = {}
        for pair, weight in self.weights(query).items():
            rarity = self.rarity(pair)
            for key in self._holders.get(pair, ()):
                scores[key] = scores.get(key, 0.0) + weight * rarity * self._saturated(key, pair)
                found.setdefault(key, set()).add(pair)
        need = 1 if len(own) <= LONG_QUERY or len(normalise(query)) == 1 else 2
        plain = normalise(query)
        hits = [
            Hit(key, score * self._standing(key, plain), frozenset(found[key]))
            for key, score in scores.items()
            if len(found[key] & own) >= need or found[key] - own
        ]
        order = {key: place for place, key in enumerate(self._counts)}
        best = sorted(hits, key=lambda hit: (-hit.score, order[hit.key]))[:n]
        return [hit for hit in best if hit.score >= FLOOR * best[0].score]

    def weights(self, query: str) -> dict[str, float]:
        """The query's pairs, and with less weight those of the synonyms of what it mentions."""
        weights = dict.fromkeys(sorted(self._asked(query)), 1.0)
        plain = normalise(query)
        for word, others in self._synonyms.items():
            if word in plain:
                for pair in (pair for other in others for pair in bigrams(other)):
                    weights.setdefault(pair, SYNONYM_WEIGHT)
        return weights

    def _standing(self, key: int, query: str) -> float:
        titles = self._parts.get(key)
        if titles is None or any(query in title and 2 * len(query) >= len(title) for title in titles):
            return 1.0
        return PART_WEIGHT

    def _asked(self, query: str) -> set[str]:
        """The query's own pairs; a query of one character asks for every pair that holds it."""
        plain = normalise(query)
        if len(plain) == 1:
            return {pair for pair in self._holders if plain in pair}
        return set(bigrams(query))

    def rarity(self, pair: str) -> float:
        """How much a pair tells: the fewer documents hold it, the more."""
        n, holders = len(self._counts), len(self._holders.get(pair, ()))
        return math.log(1 + (n - holders + 0.5) / (holders + 0.5))

    def _saturated(self, key: int, pair: str) -> float:
        count, length = self._counts[key][pair], self._lengths[key]
        return count * (K1 + 1) / (count + K1 * (1 - B + B * length / self._average))
