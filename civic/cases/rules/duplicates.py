"""Messages that say nearly the same: found by their pairs of characters, without comparing each with each. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from math import ceil

NEARLY_THE_SAME = 0.5
"""Dice's coefficient of two sets of character pairs from which two messages may be one matter."""

Pair = tuple[int, int]


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """Dice's coefficient: twice what both have, over what each has."""
    both = len(one) + len(other)
    return 2 * len(set(one) & set(other)) / both if both else 0.0


def near_pairs(texts: Mapping[int, frozenset[str]], threshold: float = NEARLY_THE_SAME) -> Iterator[Pair]:
    """All pairs of keys, the smaller first, whose sets are at least that much alike.

    Exact, by prefix filtering: with the rarest pairs of characters first, two sets that are so much alike share one
    among their first |x| - ceil(j·|x|) + 1, where j is the same threshold as Jaccard's. Source: Chaudhuri, Ganti and
    Kaushik, A Primitive Operator for Similarity Joins (2006).
    """
    jaccard = threshold / (2 - threshold)
    frequency = Counter(pair for grams in texts.values() for pair in grams)
    seen_by: dict[str, list[int]] = defaultdict(list)
    for key in sorted(texts):
        grams = texts[key]
        if not grams:
            continue
        rarest = sorted(grams, key=lambda pair: (frequency[pair], pair))
        prefix = rarest[: len(grams) - ceil(jaccard * len(grams) - 1e-9) + 1]
        candidates = {other for pair in prefix for other in seen_by[pair]}
        for other in sorted(candidates):
            shorter, longer = sorted((len(grams), len(texts[other])))
            if shorter >= jaccard * longer - 1e-9 and likeness(grams, texts[other]) >= threshold:
                yield other, key
        for pair in prefix:
            seen_by[pair].append(key)


def groups_of(pairs: Iterable[Pair]) -> tuple[tuple[int, ...], ...]:
    """What hangs together by pairs; each group in rising order, the largest first."""
    leader: dict[int, int] = {}

    def root(key: int) -> int:
        while leader.setdefault(key, key) != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        leader[second] = first
    found: dict[int, list[int]] = defaultdict(list)
    for key in sorted(leader):
        found[root(key)].append(key)
    return tuple(map(tuple, sorted(found.values(), key=lambda group: (-len(group), group))))
