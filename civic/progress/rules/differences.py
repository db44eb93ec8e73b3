"""What one report changes against another: the text word by word, the rest field by field. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from civic.core.errors import N_
from civic.progress.rules.updates import Evidence, Milestone, Report, UpdateStatus

_WORDS = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:[.,:/-]\d+)*%?|\s+|.", re.DOTALL)
"""A number, a Latin word, white space, or one Chinese character or mark: nothing of it is cut in two."""
SMALL_ISLAND = 1
"""So few unchanged characters between two changes are shown as changed: single ones make a text unreadable."""
FIELD_LABELS: Mapping[str, str] = {
    "status": N_("How far it is"),
    "percent": N_("Percentage"),
    "as_of": N_("As of"),
    "expected_on": N_("Expected to be done by"),
}
ALIKE = 0.5
"""Texts with less in common (from 0 to 1) are shown one after the other: a patchwork of both reads like neither."""


class Turn(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, went or came."""

    turn: Turn
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs; None where it wasn't given. ``name`` is the report's."""

    name: str
    old: UpdateStatus | int | date | None
    new: UpdateStatus | int | date | None


@dataclass(frozen=True, slots=True)
class MilestoneChange:
    """A milestone that came (``old`` None), went (``new`` None) or changed."""

    old: Milestone | None
    new: Milestone | None


@dataclass(frozen=True, slots=True)
class Differences:
    """From one report to another."""

    fields: tuple[FieldChange, ...]
    pieces: tuple[Piece, ...]
    milestones: tuple[MilestoneChange, ...]
    evidence_gone: tuple[Evidence, ...]
    evidence_new: tuple[Evidence, ...]

    @property
    def text_changed(self) -> bool:
        return any(piece.turn is not Turn.SAME for piece in self.pieces)

    @property
    def any(self) -> bool:
        """Whether anything differs at all."""
        return bool(
            self.fields or self.text_changed or self.milestones or self.evidence_gone or self.evidence_new
        )


def differences(old: Report, new: Report) -> Differences:
    """Everything in which ``new`` differs from ``old``."""
    return Differences(
        tuple(
            FieldChange(name, getattr(old, name), getattr(new, name))
            for name in ("status", "percent", "as_of", "expected_on")
            if getattr(old, name) != getattr(new, name)
        ),
        text_pieces(old.text, new.text),
        tuple(_milestones(old.milestones, new.milestones)),
        tuple(one for one in old.evidence if one not in new.evidence),
        tuple(one for one in new.evidence if one not in old.evidence),
    )


def text_pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one, cut at words: all that stayed and went is the old, all that stayed and came the new."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    gone: list[str] = []
    came: list[str] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        _flush(pieces, before, after)
        return tuple(pieces)
    codes = matcher.get_opcodes()
    for n, (tag, i1, i2, j1, j2) in enumerate(codes):
        same = "".join(before[i1:i2])
        island = 0 < n < len(codes) - 1 and len(same) <= SMALL_ISLAND and not same.isspace()
        if tag == "equal" and not island:
            _flush(pieces, gone, came)
            pieces.append(Piece(Turn.SAME, same))
        else:
            gone.extend(before[i1:i2])
            came.extend(after[j1:j2])
    _flush(pieces, gone, came)
    return tuple(pieces)


def _flush(pieces: list[Piece], gone: list[str], came: list[str]) -> None:
    for turn, words in ((Turn.GONE, gone), (Turn.NEW, came)):
        if words:
            pieces.append(Piece(turn, "".join(words)))
            words.clear()


def _milestones(old: Sequence[Milestone], new: Iterable[Milestone]) -> Iterator[MilestoneChange]:
    before = {one.key: one for one in old}
    for one in new:
        known = before.pop(one.key, None)
        if known != one:
            yield MilestoneChange(known, one)
    for one in before.values():
        yield MilestoneChange(one, None)
