"""Rows of a summary: which departments, chapters, areas, streets, kinds and items there are, and what each holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from civic.cases.queries import Narrowing, StatKey
from civic.cases.rules import KIND_LABELS
from civic.cases.rules.sums import AREA, CHAPTER
from civic.core.errors import N_, NotFound
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.plans.queries import ItemPlace
from civic.supervision.rules import Choice, Scope

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
    in order. Values that are in no row fall into :data:`NOBODY_KEY`.

    ``whole``: rows are the chapters or areas by which the counters of items are summed up.
    """

    column: str
    key_of: Mapping[StatKey, str]
    names: Mapping[str, Name]
    whole: str | None = None

    def narrowing(self, key: str) -> Narrowing:
        """What falls into a row; raises :class:`NotFound` if there is no such row."""
        if key not in self.names:
            raise NotFound(N_("There is nothing of this name to narrow the figures to."))
        others = key == NOBODY_KEY
        values = frozenset(v for v, row in self.key_of.items() if others or row == key)
        whole = Narrowing(self.whole, values, others) if self.whole else None
        return Narrowing(self.column, values, others, whole)


class EveryRow(Mapping[Scope, Rows]):
    """The rows of each scope, in the order in which a reader expects them; each is read when it is first asked for."""

    def __init__(self) -> None:
        self._known: dict[Scope, Rows] = {}

    def __getitem__(self, scope: Scope) -> Rows:
        if scope not in self._known:
            self._known[scope] = self._read(scope)
        return self._known[scope]

    def __iter__(self) -> Iterator[Scope]:
        return iter(Scope)

    def __len__(self) -> int:
        return len(Scope)

    @cached_property
    def _places(self) -> tuple[ItemPlace, ...]:
        return plans.item_places()

    def _read(self, scope: Scope) -> Rows:
        match scope:
            case Scope.DEPARTMENT:
                return _departments()
            case Scope.STREET:
                return _streets()
            case Scope.KIND:
                return _kinds()
            case Scope.CHAPTER:
                return _chapters(self._places)
            case Scope.LIVELIHOOD:
                return _livelihood(self._places)
            case Scope.ITEM:
                return _items(self._places)


def narrowings(choice: Choice, rows: Mapping[Scope, Rows]) -> tuple[Narrowing, ...]:
    """What a choice is narrowed to; raises :class:`NotFound` for a row that there isn't."""
    return tuple(rows[scope].narrowing(key) for scope, key in choice.narrowed)


def _departments() -> Rows:
    found = departments.departments(include_inactive=True)
    names = {d.key: Name(d.name, d.name_hant, d.name_en) for d in found}
    nobody = Name(msgid=N_("No department yet"))
    return Rows("department_id", {d.id: d.key for d in found}, {**names, NOBODY_KEY: nobody})


def _streets() -> Rows:
    found = departments.streets(include_inactive=True)
    names = {s.code: Name(s.name, s.name_hant, s.name_en) for s in found}
    nobody = Name(msgid=N_("No street given"))
    return Rows("street_id", {s.id: s.code for s in found}, {**names, NOBODY_KEY: nobody})


def _kinds() -> Rows:
    names = {kind.value: Name(msgid=label) for kind, label in KIND_LABELS.items()}
    return Rows("kind", {key: key for key in names}, names)


def _chapters(places: Sequence[ItemPlace]) -> Rows:
    names: dict[str, Name] = {}
    key_of: dict[StatKey, str] = {}
    for place in places:
        key = f"{place.plan_slug}:{place.chapter_code}"
        names.setdefault(key, Name(place.chapter_title, place.chapter_title_hant))
        key_of[place.item_id] = key
    return Rows(
        "item_id", key_of, {**names, NOBODY_KEY: Name(msgid=N_("Not about an item of the plan"))}, CHAPTER
    )


def _livelihood(places: Sequence[ItemPlace]) -> Rows:
    names = {area.key: Name(area.name, area.name_hant, area.name_en) for area in departments.areas()}
    key_of: dict[StatKey, str] = {p.item_id: p.area for p in places if p.area is not None and p.area in names}
    return Rows("item_id", key_of, {**names, NOBODY_KEY: Name(msgid=N_("In no livelihood area"))}, AREA)


def _items(places: Sequence[ItemPlace]) -> Rows:
    names: dict[str, Name] = {}
    key_of: dict[StatKey, str] = {}
    for place in places:
        key = f"{place.plan_slug}:{place.code}"
        names[key] = Name(f"{place.code} {place.title}", f"{place.code} {place.title_hant}")
        key_of[place.item_id] = key
    return Rows("item_id", key_of, {**names, NOBODY_KEY: Name(msgid=N_("Not about an item of the plan"))})
