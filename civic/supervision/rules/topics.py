"""What is said of a topic: its heat, whether it is new or rising, how many private messages it has. Pure;
docs/supervision-topics.md explains every rule to readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import exp, lgamma, log, log1p
from zlib import crc32

from civic.cases.rules import groups_of, near_pairs
from civic.core.errors import N_
from civic.core.text import runs
from civic.supervision.rules.periods import Period
from civic.supervision.rules.phrases import HIDDEN_FROM, NAMED_FROM

REACH_DAYS = 400
"""How far back a sweep reads: a year and the weeks before it."""
DEFAULT_DAYS = 28
HALF_LIFE_DAYS = 14
"""After so many days a writer counts half."""
SHINGLE = 4
"""Characters that make one piece of a text when texts are compared."""
MOST_PIECES = 64
NEARLY_ALIKE = 0.6
"""Dice's coefficient of their pieces from which two messages say nearly the same."""
BY_CHANCE = 0.01
"""A growth that chance brings about more often than this isn't marked."""
GROWTH = 1.5
"""The least factor by which a topic's share has to grow to be called rising."""


class Mark(StrEnum):
    """What changed about a topic."""

    NEW = "new"
    RISING = "rising"


MARK_LABELS: Mapping[Mark, str] = {Mark.NEW: N_("New"), Mark.RISING: N_("Rising")}


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """Whose messages a reader asks about: a period, and if wanted one chapter and one street."""

    period: Period
    chapter: str | None = None
    street: str | None = None

    @property
    def args(self) -> dict[str, str]:
        """The same choice as parameters of an address."""
        days = {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()}
        return {
            **days,
            **({"chapter": self.chapter} if self.chapter else {}),
            **({"street": self.street} if self.street else {}),
        }


@dataclass(frozen=True, slots=True)
class Within:
    """Which messages of a topic are listed: those of one street and of one week. What the topic counts is the same."""

    place: str | None = None
    week: date | None = None

    @property
    def args(self) -> dict[str, str]:
        """The same as parameters of an address."""
        return {
            **({"place": self.place} if self.place else {}),
            **({"week": self.week.isoformat()} if self.week else {}),
        }


ALL = Within()


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def pieces(text: str) -> frozenset[str]:
    """A text as the set of its runs of four characters, punctuation left out. Of a long text those with the smallest
    checksums, which are the same of the same piece in any text: they stand for all. Source: Broder, On the resemblance
    and containment of documents (1997)."""
    every = {
        run[start : start + SHINGLE] for run in runs(text) for start in range(max(len(run) - SHINGLE + 1, 1))
    }
    return frozenset(sorted(every, key=_checksum)[:MOST_PIECES] if len(every) > MOST_PIECES else every)


def _checksum(piece: str) -> tuple[int, str]:
    return crc32(piece.encode()), piece


def alike_groups(texts: Mapping[int, str], private: Collection[int] = frozenset()) -> dict[int, int]:
    """For each text that says nearly the same as another, the smallest public key of its group.

    A private text joins a public one that it is alike to, the one with the smallest key. It makes no group of two that
    would be apart without it: that would tell what it says.
    """
    pairs = near_pairs({key: pieces(text) for key, text in texts.items()}, NEARLY_ALIKE)
    open_pairs, half_open = [], []
    for one, other in sorted(pairs):
        hidden = (one in private) + (other in private)
        if not hidden:
            open_pairs.append((one, other))
        elif hidden == 1:
            half_open.append((other, one) if one in private else (one, other))
    found = {key: group[0] for group in groups_of(open_pairs) for key in group}
    for public, hidden_key in sorted(half_open):
        if hidden_key not in found:
            found[hidden_key] = found.setdefault(public, public)
    return found


def told_of(private: int) -> int:
    """What is said of a number of private messages: in fives, rounded down, so that one more is hardly ever seen."""
    return private - private % HIDDEN_FROM


def heat(writers_by_day: Mapping[date, int], by_street: Iterable[int], until: date) -> float:
    """How much a topic is talked about at the end of a period.

    Each writer counts once, by the newest message, 2^(-days / 14); the sum is raised by up to twice according to how
    evenly the messages are spread over streets (Simpson's 1 - Σp², 0 if all come from one).
    """
    weight = sum(n * 2 ** (-(until - day).days / HALF_LIFE_DAYS) for day, n in sorted(writers_by_day.items()))
    return round(weight * (1 + evenness(by_street)), 1)


def evenness(counts: Iterable[int]) -> float:
    """The chance that two messages picked at random come from different streets."""
    known = sorted(n for n in counts if n > 0)
    whole = sum(known)
    return 1 - sum((n / whole) ** 2 for n in known) if whole else 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Messages of a topic and all messages: in the period, in as many days before it, and in all that was read
    before it."""

    now: int
    before: int
    earlier: int
    all_now: int
    all_before: int
    all_earlier: int


def mark(seen: Seen) -> Mark | None:
    """New if it never came up before, rising if its share grew, in either case by more than chance explains."""
    if seen.now < NAMED_FROM or not seen.all_before or not seen.all_now:
        return None
    if not seen.earlier:
        surprising = chance_of(seen.now, seen.now, seen.all_now, seen.all_earlier) <= BY_CHANCE
        return Mark.NEW if surprising else None
    grew = seen.now * seen.all_before >= GROWTH * seen.before * seen.all_now
    if grew and chance_of(seen.now, seen.now + seen.before, seen.all_now, seen.all_before) <= BY_CHANCE:
        return Mark.RISING
    return None


def chance_of(now: int, both: int, all_now: int, all_before: int) -> float:
    """How often at least ``now`` of ``both`` messages fall into the period if the topic's share stayed the same."""
    share = all_now / (all_now + all_before)
    if share >= 1:
        return 1.0
    return min(1.0, sum(exp(_log_binomial(k, both, share)) for k in range(now, both + 1)))


def _log_binomial(k: int, n: int, p: float) -> float:
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return ways + k * log(p) + (n - k) * log1p(-p)


def weeks(days: Mapping[date, int], period: Period) -> tuple[tuple[date, int], ...]:
    """Counts per week of a period by its Monday, empty weeks too."""
    monday = monday_of(period.since)
    found: dict[date, int] = {}
    while monday <= period.until:
        found[monday] = 0
        monday += timedelta(days=7)
    for day, n in days.items():
        found[monday_of(day)] += n
    return tuple(found.items())
