"""The rows of a summary: which departments, chapters, areas or streets there are, and what falls into each."""

from __future__ import annotations

from dataclasses import dataclass

from civic.core.errors import N_
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision.rules import Scope

NOBODY_KEY = "none"
"""Key of the row for what belongs to no department, item or street."""


@dataclass(frozen=True, slots=True)
class Name:
    """A row's name in the languages it has; ``msgid`` instead for rows that the platform itself names."""

    hans: str = ""
    hant: str | None = None
    english: str | None = None
    msgid: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Which column of the counters tells the rows apart, what row each of its values falls into, and their names
    in order. Values that are in no row fall into :data:`NOBODY_KEY`."""

    column: str
    key_of: dict[int, str]
    names: dict[str, Name]

    def members(self, key: str) -> tuple[frozenset[int], bool]:
        """The values of ``column`` that fall into a row, and whether it is the others that do (row of 'none')."""
        if key == NOBODY_KEY:
            return frozenset(self.key_of), True
        return frozenset(value for value, row in self.key_of.items() if row == key), False


def rows_of(scope: Scope) -> Rows:
    """The rows of a scope, in the order in which a reader expects them."""
    build = {
        Scope.DEPARTMENT: _departments,
        Scope.STREET: _streets,
        Scope.CHAPTER: _chapters,
        Scope.LIVELIHOOD: _livelihood,
    }
    return build[scope]()


def _departments() -> Rows:
    found = departments.departments()
    names = {d.key: Name(d.name, d.name_hant, d.name_en) for d in found}
    nobody = Name(msgid=N_("No department yet"))
    return Rows("department_id", {d.id: d.key for d in found}, {**names, NOBODY_KEY: nobody})


def _streets() -> Rows:
    found = departments.streets()
    names = {s.code: Name(s.name, s.name_hant, s.name_en) for s in found}
    nobody = Name(msgid=N_("No street given"))
    return Rows("street_id", {s.id: s.code for s in found}, {**names, NOBODY_KEY: nobody})


def _chapters() -> Rows:
    names: dict[str, Name] = {}
    key_of: dict[int, str] = {}
    for place in plans.item_places():
        key = f"{place.plan_slug}:{place.chapter_code}"
        names.setdefault(key, Name(place.chapter_title, place.chapter_title_hant))
        key_of[place.item_id] = key
    return Rows("item_id", key_of, {**names, NOBODY_KEY: Name(msgid=N_("Not about an item of the plan"))})


def _livelihood() -> Rows:
    names = {area.key: Name(area.name, area.name_hant, area.name_en) for area in departments.areas()}
    key_of = {place.item_id: place.area for place in plans.item_places() if place.area in names}
    return Rows("item_id", key_of, {**names, NOBODY_KEY: Name(msgid=N_("In no livelihood area"))})
