"""Ranking of items, pure: BM25 over character pairs, with a small list of synonyms.

BM25 after Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009). Chinese has no spaces, and word
cutters split 医养结合 wrongly, so the tokens are neighbouring pairs of characters; single characters count a little
beside them, and alone where no pair is found. All is compared in Simplified characters. What the
weights were chosen by, and how well they do on queries that they weren't chosen by, is in ``docs/search.md``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from civic.core.text import bigrams
from civic.search.rules.wording import Question, asked, characters, folded, misspelt

K1 = 0.9
B = 0.4
TITLE_WEIGHT = 2
SYNONYM_WEIGHT = 1.5
CHARACTER_WEIGHT = 0.2
LONE_WEIGHT = 0.4
"""In a sentence: a pair none of whose neighbours is there as well is often chance, such as 天晚 of 每天晚上."""
SENTENCE = 8
"""From this many different pairs on a query is a sentence."""
PART_WEIGHT = 0.4
"""Short texts score high in BM25: a promise quoted from a clause would always hide the clause."""
NAMED_WEIGHT = 2.0
"""Whoever writes the whole title of a part wants that."""
HEADING_WEIGHT = 0.5
PROMISE_WEIGHT = 1.25
"""A clause that promises residents something is likelier meant than one about the same that doesn't."""
FLOOR = 0.15
"""What scores less than this share of the best hit and doesn't hold all of the query shares only chance with it."""
LONG_QUERY = 3
"""From this many pairs on a query may have a wrong character: not all pairs must be found."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is searched of one item.

    ``plain``: what its promises mean in words everyone understands. ``part``: it's a part of another document's
    subject (a promise quoted from a clause, a project of its box), so it stands behind that document unless the
    query is half of its own title or more. ``heading``: it has little text but those below it have.
    """

    key: int
    title: str
    text: str
    plain: str = ""
    part: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that answers a query.

    ``found`` are the pairs of the query that it holds, or characters where it holds neither pairs nor what was
    meant; ``meant``: a phrase that it holds, by the word that the query has for it.
    """

    key: int
    score: float
    found: frozenset[str]
    meant: Mapping[str, str]


class Index:
    """Counts of all documents; built once per revision of the plans."""

    def __init__(self, documents: Iterable[Document], synonyms: Mapping[str, Sequence[str]]) -> None:
        self._documents = {one.key: one for one in documents}
        self._order = {key: place for place, key in enumerate(self._documents)}
        self._weighted = {key: _weighted(one) for key, one in self._documents.items()}
        self._counts = {key: _counts(texts) for key, texts in self._weighted.items()}
        self._holders: dict[str, list[int]] = {}
        for key, counts in self._counts.items():
            for term in counts:
                self._holders.setdefault(term, []).append(key)
        lengths = {key: sum(w * len(text) for text, w in texts) for key, texts in self._weighted.items()}
        average = sum(lengths.values()) / max(len(lengths), 1) or 1.0
        self._damping = {key: K1 * (1 - B + B * length / average) for key, length in lengths.items()}
        self._synonyms = {folded(word): tuple(map(folded, others)) for word, others in synonyms.items()}
        self._everything = "\n".join(text for texts in self._weighted.values() for text, _ in texts)
        self._phrases: dict[str, dict[int, float]] = {}

    def search(self, query: str, n: int) -> list[Hit]:
        """The best ``n`` documents, best first; the same score keeps the order of the documents.

        A short query needs one of its pairs or synonyms in a document, a longer one two pairs or a synonym; where
        nothing is found like that, most of its characters are enough.
        """
        question = asked(query)
        scores: dict[int, float] = {}
        found = self._score_pairs(question, scores)
        meant = self._score_meant(question, scores)
        alone = self._score_characters(question, scores)
        need = 1 if len(question.pairs) <= LONG_QUERY else 2
        answering = {key for key, pairs in found.items() if len(pairs) >= need} | meant.keys()
        if not answering:
            found = alone
            answering = {key for key, held in alone.items() if 2 * len(held) > len(question.characters)}
        hits = [
            Hit(
                key,
                scores[key] * self._standing(key, question),
                frozenset(found.get(key, ())),
                meant.get(key, {}),
            )
            for key in answering
        ]
        best = sorted(hits, key=lambda hit: (-hit.score, self._order[hit.key]))[:n]
        return [
            hit for hit in best if hit.score >= FLOOR * best[0].score or question.pairs.keys() <= hit.found
        ]

    def rarity(self, term: str) -> float:
        """How much a pair or a phrase tells: the fewer documents hold it, the more."""
        return self._rarity(len(self._holders.get(term, ()) if len(term) < 3 else self._held(term)))

    def _score_pairs(self, question: Question, scores: dict[int, float]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        lone = LONE_WEIGHT if len(question.pairs) >= SENTENCE else 1.0
        for pair, times in question.pairs.items():
            weight = self.rarity(pair) * math.sqrt(times)
            neighbours = question.neighbours[pair]
            for key in self._holders.get(pair, ()):
                counts = self._counts[key]
                sure = not neighbours or any(other in counts for other in neighbours)
                gain = weight * (1.0 if sure else lone) * self._saturated(key, counts[pair])
                scores[key] = scores.get(key, 0.0) + gain
                found.setdefault(key, set()).add(pair)
        return found

    def _score_meant(self, question: Question, scores: dict[int, float]) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for phrase, word in self._meant(question).items():
            held = self._held(phrase)
            # A longer phrase is worth as much as the pairs of a word that the query has itself, damped.
            weight = SYNONYM_WEIGHT * self._rarity(len(held)) * (1 + 0.25 * (len(phrase) - 2))
            for key, count in held.items():
                scores[key] = scores.get(key, 0.0) + weight * self._saturated(key, count)
                found.setdefault(key, {}).setdefault(word, phrase)
        return found

    def _score_characters(self, question: Question, scores: dict[int, float]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for character in question.characters:
            weight = CHARACTER_WEIGHT * self.rarity(character)
            for key in self._holders.get(character, ()):
                gain = weight * self._saturated(key, self._counts[key][character])
                scores[key] = scores.get(key, 0.0) + gain
                found.setdefault(key, set()).add(character)
        return found

    def _meant(self, question: Question) -> dict[str, str]:
        """What the plan calls the words of the query, and what it spells otherwise by one character.

        By what the plan says: the word of the query. Of words in one another the longest counts.
        """
        words = [word for word in self._synonyms if word in question.text]
        longest = [word for word in words if not any(word != other and word in other for other in words)]
        meant: dict[str, str] = {}
        for word in longest:
            for other in self._synonyms[word]:
                meant.setdefault(other, word)
        if len(question.pairs) < SENTENCE:
            for word in question.words:
                if len(word) > LONG_QUERY and word not in self._everything:
                    for other in sorted(misspelt(word, self._everything)):
                        meant.setdefault(other, word)
        return meant

    def _held(self, phrase: str) -> dict[int, float]:
        """How often each document holds a phrase; what a synonym stands for is counted once."""
        if phrase not in self._phrases:
            counted = {
                key: sum(weight * text.count(phrase) for text, weight in self._weighted[key])
                for key in self._holders.get(phrase[:2], ())
            }
            self._phrases[phrase] = {key: count for key, count in counted.items() if count}
        return self._phrases[phrase]

    def _standing(self, key: int, question: Question) -> float:
        document = self._documents[key]
        if document.part:
            title = folded(document.title)
            if question.text == title:
                return NAMED_WEIGHT
            return 1.0 if question.text in title and 2 * len(question.text) >= len(title) else PART_WEIGHT
        if document.heading:
            return HEADING_WEIGHT
        return PROMISE_WEIGHT if document.plain else 1.0

    def _rarity(self, holders: int) -> float:
        return math.log(1 + (len(self._documents) - holders + 0.5) / (holders + 0.5))

    def _saturated(self, key: int, count: float) -> float:
        return count * (K1 + 1) / (count + self._damping[key])


def _weighted(document: Document) -> tuple[tuple[str, float], ...]:
    return (
        (folded(document.title), TITLE_WEIGHT),
        (folded(document.text), 1.0),
        (folded(document.plain), 1.0),
    )


def _counts(texts: Iterable[tuple[str, float]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, weight in texts:
        for term in (*bigrams(text), *characters(text)):
            counts[term] += weight  # type: ignore[assignment]  # a Counter counts in fractions as well
    return counts
