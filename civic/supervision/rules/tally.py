"""Counting public messages by topic or group: what each has in a period, and which may be shown. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from civic.supervision.rules.periods import Period
from civic.supervision.rules.phrases import may_be_shown
from civic.supervision.rules.topics import Seen, heat

TOLD_FROM = 3
"""Writers whose public words hold the name of a topic before a sealed period or a report tells it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One public message with what it counts by."""

    case_id: int
    day: date
    street_id: int | None
    writer: int
    alike: int | None
    topics: Sequence[int]
    named: Sequence[int] = ()
    """Those of its topics whose very name it uses."""


def topics_of_voice(voice: Voice) -> Sequence[int]:
    """The topics of a message."""
    return voice.topics


def group_of_voice(voice: Voice) -> Sequence[int]:
    """The group of messages that say nearly the same as this one, if there is one."""
    return () if voice.alike is None else (voice.alike,)


KeysOf = Callable[[Voice], Iterable[int]]


@dataclass(slots=True)
class Tally:
    """The messages of one topic or group. ``newest`` is the last day on which each writer wrote."""

    n: int = 0
    days: Counter[date] = field(default_factory=Counter)
    streets: Counter[int | None] = field(default_factory=Counter)
    newest: dict[int, date] = field(default_factory=dict)

    def add(self, voice: Voice) -> None:
        """Count one more message."""
        self.n += 1
        self.days[voice.day] += 1
        self.streets[voice.street_id] += 1
        last = self.newest.get(voice.writer)
        if last is None or last < voice.day:
            self.newest[voice.writer] = voice.day

    def heat(self, until: date) -> float:
        """The heat at the end of a period; messages without a street say nothing of the spread."""
        named = (n for street, n in self.streets.items() if street is not None)
        return heat(Counter(self.newest.values()), named, until)


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages of a period, of as many days before it, and all that were read before it."""

    now: tuple[Voice, ...]
    before: tuple[Voice, ...]
    earlier: tuple[Voice, ...]


def talk_of(voices: Iterable[Voice], period: Period) -> Talk:
    """Messages sorted by when they were written; those after the period are left out."""
    now, before, earlier, since = [], [], [], period.before.since
    for voice in voices:
        if voice.day < period.since:
            earlier.append(voice)
            if voice.day >= since:
                before.append(voice)
        elif voice.day <= period.until:
            now.append(voice)
    return Talk(tuple(now), tuple(before), tuple(earlier))


def shown_tallies(
    voices: Collection[Voice],
    private: Mapping[int, int],
    keys_of: KeysOf,
    least: int,
    only: Collection[int] | None = None,
) -> dict[int, Tally]:
    """The topics or groups that may be shown. ``private`` counts the private messages of each in all that was read,
    whatever the choice: what changes with the choice is public."""
    counts = Counter(key for voice in voices for key in keys_of(voice))
    found = {
        key: Tally()
        for key, n in counts.items()
        if may_be_shown(n, private.get(key, 0), least) and (only is None or key in only)
    }
    for voice in voices:
        for key in keys_of(voice):
            if key in found:
                found[key].add(voice)
    return found


def told_tallies(voices: Collection[Voice]) -> dict[int, Tally]:
    """The topics that may be told where it can't be taken back: of enough writers, whose public words hold the very
    name. Private messages have no part in it."""
    writers: dict[int, set[int]] = defaultdict(set)
    for voice in voices:
        for key in voice.named:
            writers[key].add(voice.writer)
    enough = {key for key, found in writers.items() if len(found) >= TOLD_FROM}
    return shown_tallies(voices, {}, topics_of_voice, TOLD_FROM, enough)


def hottest(tallies: Mapping[int, Tally], until: date, most: int) -> list[int]:
    """The topics with most heat at the end of a period, in order."""
    heats = {key: one.heat(until) for key, one in tallies.items()}
    return sorted(tallies, key=lambda key: (-heats[key], -tallies[key].n, key))[:most]


def seen_of(talk: Talk, keys: Collection[int]) -> dict[int, Seen]:
    """How often each topic came up in the period, right before it and ever before."""
    now, before, earlier = (
        Counter(key for voice in part for key in voice.topics if key in keys)
        for part in (talk.now, talk.before, talk.earlier)
    )
    wholes = (len(talk.now), len(talk.before), len(talk.earlier))
    return {key: Seen(now[key], before[key], earlier[key], *wholes) for key in keys}


def newest_of(
    voices: Iterable[Voice], keys_of: KeysOf, keys: Collection[int], most: int
) -> dict[int, tuple[int, ...]]:
    """The newest cases of each topic or group, no two of one writer."""
    picked: dict[int, dict[int, int]] = {key: {} for key in keys}
    for voice in sorted(voices, key=lambda voice: (voice.day, voice.case_id), reverse=True):
        for key in keys_of(voice):
            if key in picked and len(picked[key]) < most:
                picked[key].setdefault(voice.writer, voice.case_id)
    return {key: tuple(by_writer.values()) for key, by_writer in picked.items()}
