"""The square of a status, and roll-ups: items counted by status, never one percentage out of unlike things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from civic.progress.rules.vocabulary import REASON_TEXTS, STATUS_TEXTS, Reason, Status


class Square(StrEnum):
    """The five looks of an item's square (DESIGN §6)."""

    DONE = "done"
    GOING = "going"
    LATE = "late"
    MISSED = "missed"
    EMPTY = "empty"


_SQUARES: Mapping[Status, Square] = {
    Status.ACHIEVED: Square.DONE,
    Status.ACHIEVED_EARLY: Square.DONE,
    Status.AHEAD: Square.GOING,
    Status.ON_TRACK: Square.GOING,
    Status.BEHIND: Square.LATE,
    Status.MISSED: Square.MISSED,
    Status.UNDETERMINED: Square.EMPTY,
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many items stand where: (msgid, square, count), in the order of the statuses; none with 0."""

    parts: tuple[tuple[str, Square, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, _, count in self.parts)


def square_of(status: Status) -> Square:
    """The look of a status."""
    return _SQUARES[status]


def label_of(status: Status, reason: Reason | None = None) -> str:
    """The words for a status, as a msgid; an undetermined one is named by its reason."""
    return REASON_TEXTS[reason] if reason is not None else STATUS_TEXTS[status]


def tally(looks: Iterable[tuple[str, Square]]) -> Distribution:
    """Count items by what is published of them, given as (msgid, square); in the order of the squares."""
    counts: dict[tuple[str, Square], int] = {}
    for look in looks:
        counts[look] = counts.get(look, 0) + 1
    order = {square: place for place, square in enumerate(Square)}
    ranked = sorted(counts.items(), key=lambda one: (order[one[0][1]], one[0][0]))
    return Distribution(tuple((label, square, n) for (label, square), n in ranked))


def distribution(verdicts: Iterable[tuple[Status, Reason | None]]) -> Distribution:
    """Count items by status; undetermined ones by their reason."""
    order = [
        *((status, None) for status in Status if status is not Status.UNDETERMINED),
        *((Status.UNDETERMINED, reason) for reason in (*Reason, None)),
    ]
    counts = dict.fromkeys(order, 0)
    for status, reason in verdicts:
        counts[status, reason if status is Status.UNDETERMINED else None] += 1
    return Distribution(tuple((label_of(*key), square_of(key[0]), n) for key, n in counts.items() if n))
