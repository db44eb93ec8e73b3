"""Why an item answers a query, in words a person would say: what was mentioned, and what the plan calls it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from civic.core.text import bigrams, normalise, runs

MOST = 3
COMMON = 0.45
"""A word that is less telling than this share of the most telling one is no reason."""
EDGES = "的了是在和与及或有没不很太都也还就要想能会可请把被给让对从到向为我您你他她它们这那个些过着吗呢吧啊"
"""Characters that hang on a word without belonging to it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A word of the query; ``means`` is what the plan calls it, '' where it says the same."""

    word: str
    means: str = ""


def reasons(
    query: str,
    found: Collection[str],
    synonyms: Mapping[str, Sequence[str]],
    rarity: Callable[[str], float],
) -> tuple[Reason, ...]:
    """The most telling words of the query among the pairs that were found, in the order of the query."""
    plain = normalise(query)
    if len(plain) == 1:
        return (Reason(plain),)
    said = [(max(map(rarity, bigrams(word))), Reason(word)) for word in _words(plain, found)]
    said += [
        (max(map(rarity, bigrams(means))), Reason(word, means))
        for word, means in _translated(plain, found, synonyms)
    ]
    least = COMMON * max((telling for telling, _ in said), default=0.0)
    best = sorted(said, key=lambda pair: (-pair[0], plain.find(pair[1].word)))[:MOST]
    kept = (reason for telling, reason in best if telling >= least)
    return tuple(dict.fromkeys(sorted(kept, key=lambda reason: (plain.find(reason.word), reason.means))))


def _words(plain: str, found: Collection[str]) -> Iterable[str]:
    """Stretches of the query in which every pair was found."""
    for run in runs(plain):
        start = 0
        for at in range(len(run)):
            if run[at : at + 2] not in found or at == len(run) - 1:
                word = run[start : at + 1].strip(EDGES)
                if len(word) > 1:
                    yield word
                start = at + 1


def _translated(
    plain: str, found: Collection[str], synonyms: Mapping[str, Sequence[str]]
) -> Iterable[tuple[str, str]]:
    """Words of the query with what was found in their stead."""
    for word, others in synonyms.items():
        if normalise(word) in plain:
            means = next((one for one in others if one not in plain and set(bigrams(one)) <= set(found)), "")
            if means:
                yield normalise(word), means
