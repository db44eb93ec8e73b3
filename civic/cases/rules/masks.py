"""What a masked copy covers: the difference to the original, and of what kind each covered place is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from civic.cases.rules.exposing import Exposes, Exposure, exposures


class Change(StrEnum):
    """What happened to a piece of text between two versions."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters and what happened to it."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A run of the masked copy: readable, or ``covered``; ``kinds`` of what, empty if it has no known form."""

    text: str
    covered: bool = False
    kinds: tuple[Exposes, ...] = ()


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """How ``after`` came out of ``before``, character by character, in reading order.

    Texts of equal length are compared place by place, as a mask leaves them. Concatenating the
    pieces that are not new gives ``before``; those that are not gone give ``after``.
    """
    pieces: list[Piece] = []
    for same, was, now in changes(before, after):
        if same:
            pieces.append(Piece(Change.SAME, was))
            continue
        if was:
            pieces.append(Piece(Change.GONE, was))
        if now:
            pieces.append(Piece(Change.NEW, now))
    return tuple(pieces)


def masked_places(original: str, masked: str) -> tuple[Shown, ...]:
    """The masked copy in runs, each readable or covered; joined, their texts give the masked copy.

    A covered run is of the kinds that the original shows at that place by its form.
    """
    known = exposures(original)
    runs: list[Shown] = []
    at = 0
    for same, was, now in changes(original, masked):
        kinds = () if same else _kinds_within(known, at, at + len(was))
        runs.append(Shown(now, not same, kinds))
        at += len(was)
    return tuple(runs)


def changes(before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    """Runs of both texts in step: whether they are the same, what it was, what it is."""
    return _in_place(before, after) if len(before) == len(after) else _aligned(before, after)


def _kinds_within(known: tuple[Exposure, ...], start: int, end: int) -> tuple[Exposes, ...]:
    found = (place.what for place in known if place.start < end and start < place.end)
    return tuple(dict.fromkeys(found))


def _in_place(before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    for same, run in groupby(zip(before, after, strict=True), key=lambda pair: pair[0] == pair[1]):
        pairs = list(run)
        yield same, "".join(was for was, _ in pairs), "".join(now for _, now in pairs)


def _aligned(before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield tag == "equal", before[i1:i2], after[j1:j2]
