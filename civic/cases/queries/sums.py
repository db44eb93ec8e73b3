"""Sums of counters over periods, read from years, months and days instead of from every counter."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any, TypeVar

from civic.cases.queries.sum_rows import By, NarrowingLike, Read, WindowLike, codes_of, lists_of, rows_of
from civic.cases.rules import Measure
from civic.cases.rules.counters import DURATIONS, Totals
from civic.cases.rules.packing import taken, within
from civic.cases.rules.sums import CODES, COUNTED, COUNTS, DAYS, MONTHS, Grain, Part, parts_of

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class _Use:
    """What one window takes of a sum: ``codes`` of those that aren't durations, and from which part to which."""

    codes: tuple[int, ...]
    first: int
    last: int


@dataclass(slots=True)
class _Adding:
    """``numbers`` stand in the order of the codes that a window takes."""

    numbers: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    days: dict[str, dict[int, int]] = field(default_factory=dict)

    def counts(self, wanted: tuple[int, ...], more: tuple[int, ...]) -> None:
        so_far = self.numbers.get(wanted)
        self.numbers[wanted] = more if so_far is None else tuple(map(add, so_far, more))

    def lasted(self, measure: str, buckets: Iterable[int], numbers: Iterable[int]) -> None:
        found = self.days.get(measure)
        if found is None:
            self.days[measure] = dict(zip(buckets, numbers, strict=True))
            return
        so_far = found.get
        for bucket, n in zip(buckets, numbers, strict=True):
            if n:
                found[bucket] = so_far(bucket, 0) + n

    def totals(self) -> Totals | None:
        """The same with names; None if all of it is nothing."""
        numbers: dict[Measure, int] = {}
        for wanted, found in self.numbers.items():
            for code, n in zip(wanted, found, strict=True):
                if n:
                    measure = COUNTED[code]
                    numbers[measure] = numbers.get(measure, 0) + n
        days = {
            _MEASURES[name]: lasted
            for name, found in self.days.items()
            if (lasted := _without_nothing(found))
        }
        return Totals(numbers, days) if numbers or days else None


def _without_nothing(found: dict[int, int]) -> dict[int, int]:
    return {bucket: n for bucket, n in found.items() if n} if 0 in found.values() else found


_MEASURES = {measure.value: measure for measure in Measure}


def added_up(
    windows: Iterable[WindowLike],
    by: By,
    where: Sequence[NarrowingLike],
    named: Callable[[Any, int], Name],
    *,
    by_month: bool = False,
) -> dict[Name, Totals]:
    """What the counters of all windows add up to under each name, which is made of the key and, if asked for, the
    month; each measure is in one window only.

    ``by_month``: read from months only, so that names can tell them apart. All is read in one statement, so that
    nothing is missed or read twice while somebody adds up.
    """
    found = [(w, parts_of(w.since, w.until, by_month=by_month)) for w in windows]
    uses: dict[tuple[str, int, str], list[_Use]] = {}
    adding: dict[Name, _Adding] = {}
    for key, measure, grain, month, packed, bucket, n in rows_of(found, by, where):
        name = named(key, month)
        sums = adding.get(name)
        if sums is None:
            sums = adding[name] = _Adding()
        if packed is None:
            _add_posted(sums, measure, bucket, n)
            continue
        place = (grain, month, measure)
        if place not in uses:
            uses[place] = list(_uses(found, *place))
        for use in uses[place]:
            if measure != COUNTS:
                sums.lasted(measure, *within(packed, use.first, use.last))
            elif (counted := taken(packed, use.first, use.last, use.codes)) is not None:
                sums.counts(use.codes, counted)
    totals = {name: sums.totals() for name, sums in adding.items()}
    return {name: one for name, one in totals.items() if one is not None}


def added_up_by_item(windows: Iterable[WindowLike]) -> dict[int | str, Totals]:
    """The same by item, of what is :data:`~civic.cases.rules.sums.LISTED`: from one row a part for all items."""
    found = [(w, parts_of(w.since, w.until)) for w in windows]
    listed = _Adding()
    for item_id, measure, grain, month, packed, _, n in lists_of(found):
        if packed is None:
            listed.lasted(measure, (item_id,), (n,))
            continue
        for use in _uses(found, grain, month, measure):
            listed.lasted(measure, *within(packed, use.first, use.last))
    items: dict[int, dict[Measure, int]] = {}
    for measure, counted in listed.days.items():
        for item_id, n in counted.items():
            if n:
                items.setdefault(item_id, {})[_MEASURES[measure]] = n
    return {item_id: Totals(numbers) for item_id, numbers in items.items()}


def _add_posted(sums: _Adding, measure: str, bucket: int, n: int) -> None:
    """What isn't added to the sums yet."""
    one = _MEASURES[measure]
    if one in DURATIONS:
        sums.lasted(measure, (bucket,), (n,))
    else:
        sums.counts((CODES[one],), (n,))


def _uses(read: Read, grain: str, month: int, measure: str) -> Iterator[_Use]:
    for window, parts in read:
        codes = codes_of(window.measures) if measure == COUNTS else ()
        if codes or measure in window.measures:
            yield from (_Use(codes, first, last) for first, last in _runs(parts, grain, month))


def _runs(parts: Sequence[Part], grain: str, month: int) -> Iterator[tuple[int, int]]:
    """From which day to which, or from which month to which, a sum is read."""
    for part in parts:
        if part.grain == grain and (part.first is None or part.first <= month) and month <= part.last:
            yield part.only or (1, MONTHS if part.grain is Grain.YEAR else DAYS)
