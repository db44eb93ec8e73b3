"""Why an item answers a query, in words a person would say: what was mentioned, and what the plan calls it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from civic.core.scripts import traditional
from civic.core.text import bigrams, normalise, runs
from civic.search.rules.wording import folded

MOST = 3
COMMON = 0.45
"""A word that is less telling than this share of the most telling one is no reason."""
EDGES = "的了是在和与及或有没不很太都也还就要想能会可请把被给让对从到向为我您你他她它们这那个些过着吗呢吧啊"
"""Characters that hang on a word without belonging to it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A word of the query as it was written; ``means`` is what the plan calls it, '' where it says the same."""

    word: str
    means: str = ""

    @property
    def means_hant(self) -> str:
        """What the plan calls it, in Traditional characters."""
        return traditional(self.means)


def reasons(
    query: str, found: Collection[str], meant: Mapping[str, str], rarity: Callable[[str], float]
) -> tuple[Reason, ...]:
    """The most telling words of the query for which an item was found, in the order of the query.

    ``found``: pairs of the query, or single characters; ``meant``: what the item says, by the word of the query.
    """
    plain = folded(query)
    called = {word: means for word, means in meant.items() if means not in plain}
    said = [(rarity(means), Reason(word, means)) for word, means in called.items()]
    said += [
        (max(map(rarity, bigrams(word))), Reason(word))
        for word in _words(plain, found)
        if not any(word in other for other in called)
    ]
    least = COMMON * max((telling for telling, _ in said), default=0.0)
    best = sorted(said, key=lambda pair: (-pair[0], plain.find(pair[1].word)))[:MOST]
    kept = (reason for telling, reason in best if telling >= least)
    ordered = dict.fromkeys(sorted(kept, key=lambda reason: (plain.find(reason.word), reason.means)))
    return tuple(Reason(_as_written(reason.word, query), reason.means) for reason in ordered)


def _as_written(word: str, query: str) -> str:
    """A word of the folded query in the characters that were typed, where these are as many."""
    typed, plain = normalise(query), folded(query)
    at = plain.find(word)
    return typed[at : at + len(word)] if len(typed) == len(plain) else word


def _words(plain: str, found: Collection[str]) -> Iterable[str]:
    """Stretches of the query in which every pair was found, or each character where no pair was."""
    if all(len(term) == 1 for term in found):
        yield from dict.fromkeys(character for character in plain if character in found)
        return
    for run in runs(plain):
        start = 0
        for at in range(len(run)):
            if run[at : at + 2] not in found or at == len(run) - 1:
                word = run[start : at + 1].strip(EDGES)
                if len(word) > 1:
                    yield word
                start = at + 1
