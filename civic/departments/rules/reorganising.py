"""Departments that merge and split: what passes from one to another, and who stands for whom afterwards. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ReorganisationKind(StrEnum):
    """All of a department goes into another one, or a part of its tasks passes to another one."""

    MERGE = "merge"
    SPLIT = "split"


KIND_NAMES = ("people", "cases", "streets", "items", "rules", "templates")
"""What a department has, in the order in which it passes on: whoever comes along is there before the cases."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that a department has. ``key`` names it in a choice (``item:12``); ``detail`` is a msgid."""

    key: str
    name: str
    name_hant: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """What passes from one department to another, from which day (``on``), by which document.

    ``keys``: of a split, what passes; of a merge (``whole``), the people who don't come along.
    """

    source_id: int
    target_id: int
    whole: bool
    keys: frozenset[str]
    on: date
    at: datetime
    title: str
    number: str

    def takes(self, key: str) -> bool:
        """Whether this passes on."""
        return (key in self.keys) != self.whole

    def chosen(self, kind: str) -> frozenset[str]:
        """What of one kind was named: ``item`` gives the ids behind ``item:``."""
        return frozenset(key.partition(":")[2] for key in self.keys if key.startswith(f"{kind}:"))


@dataclass(frozen=True, slots=True)
class ReorganisationRow:
    """One merger or split, planned, done or withdrawn, with the document that orders it."""

    id: int
    kind: ReorganisationKind
    source_id: int
    target_id: int
    effective_on: date
    title: str
    number: str
    dated: date
    recorded_by: int | None
    recorded_at: datetime
    applied: bool
    withdrawn: bool

    @property
    def waits(self) -> bool:
        return not (self.applied or self.withdrawn)


def last_heirs(merged: Mapping[int, int]) -> dict[int, int]:
    """{department that is gone: the one that stands for it today}, also where its successor was merged in turn."""
    found = {}
    for source in merged:
        heir, seen = source, {source}
        while heir in merged and merged[heir] not in seen:
            heir = merged[heir]
            seen.add(heir)
        found[source] = heir
    return found
