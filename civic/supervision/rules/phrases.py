"""Which phrases many messages share, out of words that a cutter found: pure, and the same in whatever order they come.

A phrase is one to four words that stand next to each other. It has to be used in several messages, to hold together
(its words meet more often than chance lets them), to stand by itself often enough and not only within a longer phrase,
and not to be a word of any message at all. docs/supervision-topics.md says the same for readers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log2

from civic.cases.rules import likeness, near_pairs
from civic.supervision.rules.general_words import GENERAL_WORDS, VAGUE_WORDS

Word = tuple[str, str]
"""A word and its part of speech, in the letters of the PKU tag set."""
Run = Sequence[Word]
"""Words that stand next to each other without anything between them that can't be part of a phrase."""

NAMED_FROM = 5
"""Fewer messages than this aren't a topic."""
NAMED_FROM_FEW, MANY = 3, 1_000
"""Where a district has fewer than so many messages, three are enough."""
HIDDEN_FROM = 5
"""Private messages are only told of in fives: fewer could be made out one by one."""
LONGEST = 4
MOST_LETTERS = 12
COHESION = 0.25
"""Normalised pointwise mutual information of the weakest joint of a phrase; 0 is chance, 1 is never apart."""
BY_ITSELF = 0.2
"""The share of a phrase's messages in which it isn't part of one and the same longer phrase."""
COMMON, COMMON_FROM = 0.1, 20
"""A single word in more than a tenth of the messages (and more than 20) says nothing."""
REPEATED = 0.75
"""Residual IDF in bits: who writes about a thing repeats its word, what is said in passing isn't repeated.
Source: Church and Gale, Inverse Document Frequency (1995)."""
TOO_SHORT = 0.1
"""Where messages are too short to repeat anything, all words stand near the mean: so far below it still counts."""
SAME_MATTER = 0.5
"""Dice's coefficient of the messages of two phrases from which they are one topic."""

INSIDE = frozenset({"n", "nz", "nt", "vn", "v", "an", "a", "i", "l", "j", "s"})
"""Parts of speech of which phrases are made; names of persons and places aren't among them."""
AFTER_ANOTHER = frozenset({"q", "ng", "k"})
"""Parts of speech that only go on with what stands before them: 充电 and 桩, a measure word elsewhere."""
ALONE = frozenset({"n", "nz", "nt", "vn", "an", "i", "l", "j"})
"""Parts of speech that may be a phrase by themselves."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with the messages that use it."""

    text: str
    words: int
    keys: frozenset[int]

    @property
    def weight(self) -> float:
        """By which phrases come first: more messages, more words. Source: C-value, Frantzi and Ananiadou (1996)."""
        return len(self.keys) * log2(1 + self.words)


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """Phrases that mostly the same messages use, under the name of the one with most weight.

    ``named``: those of its messages that use the name itself.
    """

    name: str
    also: tuple[str, ...]
    keys: frozenset[int]
    named: frozenset[int]


def runs_of(words: Iterable[Word]) -> tuple[tuple[Word, ...], ...]:
    """The words of one message that can be part of a phrase, in runs."""
    found: list[tuple[Word, ...]] = []
    run: list[Word] = []
    for word in words:
        halved = bool(run) and run[-1][0] + word[0] in GENERAL_WORDS
        if halved:
            # The cutter makes two words of some that are general as one: 会 and 不会.
            run.pop()
        if _fits(word, run) and not halved:
            run.append(word)
        elif run:
            found.append(tuple(run))
            run = []
    if run:
        found.append(tuple(run))
    return tuple(found)


def _fits(word: Word, run: Run) -> bool:
    text, kind = word
    goes_on = kind in INSIDE or (kind in AFTER_ANOTHER and bool(run))
    return goes_on and text not in GENERAL_WORDS and all("一" <= letter <= "鿿" for letter in text)


def _may_stand(text: str, kind: str) -> bool:
    return kind in ALONE and len(text) > 1 and text not in VAGUE_WORDS


def topics_of(
    messages: Mapping[int, Sequence[Run]], names: Collection[str] = (), private: Collection[int] = frozenset()
) -> tuple[FoundTopic, ...]:
    """The topics of messages, those of most messages first. ``names`` of places are no topics.

    That there is a topic tells nothing of a few ``private`` messages: each of its phrases is used by a public one, and
    would be there without the private ones or is used by enough of them.
    """
    hidden, least = frozenset(private), _least(len(messages))
    return _joined([one for one in phrases_of(messages, names) if _may_be_told(one.keys, hidden, least)])


def _may_be_told(keys: frozenset[int], private: frozenset[int], least: int) -> bool:
    return may_be_shown(len(keys - private), len(keys & private), least)


def may_be_shown(public: int, private: int, least: int) -> bool:
    """Whether something is shown: by its public messages alone, or by enough private ones beside a public one."""
    return public > 0 and (public >= least or private >= HIDDEN_FROM)


def _least(messages: int) -> int:
    return NAMED_FROM if messages >= MANY else NAMED_FROM_FEW


def phrases_of(messages: Mapping[int, Sequence[Run]], names: Collection[str] = ()) -> tuple[Phrase, ...]:
    """The phrases that enough messages share, the weightiest first."""
    holders = _holders(messages)
    counts = {gram: len(keys) for gram, keys in holders.items()}
    longer: dict[tuple[str, ...], int] = defaultdict(int)
    for gram, n in counts.items():
        for part in (gram[1:], gram[:-1]):
            longer[part] = max(longer[part], n)
    worth = _Worth(messages, counts)
    found: dict[str, Phrase] = {}
    for gram, n in sorted(counts.items()):
        text = "".join(gram)
        by_itself = n - longer[gram] >= BY_ITSELF * n
        holds = worth(gram[0]) if len(gram) == 1 else cohesion(gram, counts, len(messages)) >= COHESION
        is_place = any(text in name or name in text for name in names)
        if by_itself and holds and 2 <= len(text) <= MOST_LETTERS and not is_place:
            # The same letters cut in two ways are one phrase.
            known = found[text].keys if text in found else frozenset()
            found[text] = Phrase(text, len(gram), holders[gram] | known)
    return tuple(sorted(found.values(), key=lambda phrase: (-phrase.weight, phrase.text)))


def _holders(messages: Mapping[int, Sequence[Run]]) -> dict[tuple[str, ...], frozenset[int]]:
    """Runs of words with the messages that use them. A longer one is only counted where both its parts are frequent,
    and who uses it is only kept of what enough do: there are too many to keep all."""
    least = _least(len(messages))
    frequent: dict[tuple[str, ...], frozenset[int]] = {}
    for length in range(1, LONGEST + 1):
        counts: Counter[tuple[str, ...]] = Counter()
        for runs in messages.values():
            counts.update({gram for gram in _grams(runs, length) if _may_be_frequent(gram, frequent)})
        seen: dict[tuple[str, ...], set[int]] = {gram: set() for gram, n in counts.items() if n >= least}
        for key, runs in messages.items():
            for gram in _grams(runs, length):
                if gram in seen:
                    seen[gram].add(key)
        frequent.update({gram: frozenset(keys) for gram, keys in seen.items()})
    return frequent


def _may_be_frequent(gram: tuple[str, ...], frequent: Collection[tuple[str, ...]]) -> bool:
    return len(gram) == 1 or (gram[1:] in frequent and gram[:-1] in frequent)


def _grams(runs: Sequence[Run], length: int) -> Iterator[tuple[str, ...]]:
    for run in runs:
        for start in range(len(run) - length + 1):
            yield tuple(text for text, _ in run[start : start + length])


def cohesion(gram: tuple[str, ...], counts: Mapping[tuple[str, ...], int], whole: int) -> float:
    """How firmly a phrase holds together at its weakest joint."""
    together = counts[gram] / whole
    if together == 1:
        return 1.0
    return min(
        log(together * whole * whole / (counts[gram[:at]] * counts[gram[at:]])) / -log(together)
        for at in range(1, len(gram))
    )


class _Worth:
    """Whether a single word says what a message is about."""

    def __init__(self, messages: Mapping[int, Sequence[Run]], counts: Mapping[tuple[str, ...], int]) -> None:
        self.whole = len(messages)
        uses: Counter[str] = Counter()
        self.may_stand: set[str] = set()
        for runs in messages.values():
            for run in runs:
                uses.update(text for text, _ in run)
                self.may_stand.update(text for text, kind in run if _may_stand(text, kind))
        self.counts = {
            gram[0]: n for gram, n in counts.items() if len(gram) == 1 and gram[0] in self.may_stand
        }
        self.repeats = {text: residual_idf(n, uses[text], self.whole) for text, n in self.counts.items()}
        mean = sum(sorted(self.repeats.values())) / len(self.repeats) if self.repeats else 0.0
        self.least = min(REPEATED, mean - TOO_SHORT)

    def __call__(self, text: str) -> bool:
        if text not in self.counts or self.counts[text] > max(COMMON * self.whole, COMMON_FROM):
            return False
        return self.repeats[text] >= self.least


def residual_idf(holding: int, uses: int, whole: int) -> float:
    """How much rarer the messages with a word are than if its uses were strewn at random, in bits."""
    return log2(1 - exp(-uses / whole)) - log2(holding / whole)


def _joined(phrases: Sequence[Phrase]) -> tuple[FoundTopic, ...]:
    """Each phrase joins the most alike of those before it that has a topic of its own, or begins one."""
    holders = [frozenset(str(key) for key in phrase.keys) for phrase in phrases]
    alike: dict[int, list[int]] = defaultdict(list)
    for one, other in near_pairs(dict(enumerate(holders)), SAME_MATTER):
        alike[other].append(one)
    members: dict[int, list[int]] = {}
    for at in range(len(phrases)):
        leaders = [one for one in alike[at] if one in members]
        if leaders:
            best = min(leaders, key=lambda one: (-likeness(holders[one], holders[at]), one))
            members[best].append(at)
        else:
            members[at] = [at]
    found = (
        FoundTopic(
            phrases[leader].text,
            tuple(phrases[at].text for at in joined[1:]),
            frozenset().union(*(phrases[at].keys for at in joined)),
            phrases[leader].keys,
        )
        for leader, joined in members.items()
    )
    return tuple(sorted(found, key=lambda topic: (-len(topic.keys), topic.name)))
