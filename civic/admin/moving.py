"""What a change moves, as the administrators' pages show it before it is made and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.cases.services import MovedDeadline

SHOWN = 200
"""Moved deadlines that a preview names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Moves:
    """``shown`` are the first of ``count``; ``certain`` keep their day and only become certain or provisional."""

    shown: tuple[MovedDeadline, ...]
    count: int
    certain: int
    overdue: int
    in_time: int


def summed(moved: Sequence[MovedDeadline]) -> Moves:
    """What a preview says of these."""
    changed = [one for one in moved if one.clocks]
    return Moves(
        shown=tuple(changed[:SHOWN]),
        count=len(changed),
        certain=len(moved) - len(changed),
        overdue=sum(one.becomes_overdue for one in changed),
        in_time=sum(one.no_longer_overdue for one in changed),
    )


def say_moved(count: int) -> str:
    """How many open cases moved, in a sentence."""
    if not count:
        return _("No open deadline moved.")
    return ngettext(
        "The deadline of %(num)s open case moved.", "The deadlines of %(num)s open cases moved.", count
    )
