"""What a text is found by and what a query asks for, as terms that both databases index alike. Pure.

A term is a character or a pair of neighbouring characters, in Simplified script, so that either script finds the
other. Single characters answer only queries for a single character: pairs tell words apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable

from civic.core.scripts import simplified
from civic.core.text import runs

LONG_RUN = 4
"""A run of at least this many pairs may hold one wrong character."""
MOST_TERMS = 24
"""A longer query is cut: a sentence is asked of the items, not of the words of others."""


def held_terms(texts: Iterable[str]) -> frozenset[str]:
    """All terms of these texts."""
    return frozenset(
        term for text in texts for run in runs(simplified(text)) for term in (*_pairs(run), *run)
    )


def ways(query: str) -> tuple[frozenset[str], ...]:
    """Sets of terms: a text answers the query if it holds all of any one set. Empty for a query without words.

    Every word must be there; in a run of five characters or more one character may be wrong.
    """
    found = [_pairs(run) or [run] for run in runs(simplified(query))]
    kept: list[list[str]] = []
    left = MOST_TERMS
    for pairs in found:
        if left > 0:
            kept.append(pairs[:left])
            left -= len(pairs)
    exact = frozenset(term for pairs in kept for term in pairs)
    if not exact:
        return ()
    variants = [
        frozenset(
            term for other in kept for at, term in enumerate(other) if other is not pairs or at not in lost
        )
        for pairs in kept
        if len(pairs) >= LONG_RUN
        for lost in ({wrong - 1, wrong} for wrong in range(len(pairs) + 1))
    ]
    # Each variant asks for less than the whole query, so what holds the whole holds every variant.
    return tuple(dict.fromkeys(variants)) or (exact,)


def marked(text: str, terms: Collection[str]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces; True marks what the terms found. Joined, the pieces are the text."""
    plain = _same_length(text)
    hit = [False] * len(plain)
    for term in terms:
        at = plain.find(term)
        while at >= 0:
            hit[at : at + len(term)] = [True] * len(term)
            at = plain.find(term, at + 1)
    pieces: list[tuple[str, bool]] = []
    for character, found in zip(text, hit, strict=True):
        if pieces and pieces[-1][1] == found:
            pieces[-1] = (pieces[-1][0] + character, found)
        else:
            pieces.append((character, found))
    return tuple(pieces)


def window(text: str, terms: Collection[str], length: int) -> str:
    """At most ``length`` characters of the text from shortly before the first term, with ellipses where it goes on."""
    plain = _same_length(text)
    first = min((at for at in map(plain.find, terms) if at >= 0), default=0)
    start = max(min(first - length // 4, len(text) - length), 0)
    end = min(start + length, len(text))
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


class _Folding(dict[int, str]):
    """A character in the form of terms, filled as characters come up; what would become longer stays as it is."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


_FOLDED = _Folding()


def _same_length(text: str) -> str:
    """The text in the form of terms, character by character: what would change its length stays as it is."""
    other = simplified(text)
    return (other if len(other) == len(text) else text).translate(_FOLDED)
