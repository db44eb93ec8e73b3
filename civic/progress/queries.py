"""Reads: what is published about the progress of items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Square(StrEnum):
    """The five looks of an item's square (DESIGN §6)."""

    DONE = "done"
    GOING = "going"
    LATE = "late"
    MISSED = "missed"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class ItemProgress:
    """What is published about one item. ``label`` is a msgid; ``on`` the day it was published."""

    square: Square
    label: str
    on: date | None = None
    adjusted: bool = False


def item_progress(item_ids: Iterable[int]) -> dict[int, ItemProgress]:
    """Published progress by item id; an item about which nothing is published is not in it."""
    return {}
