"""Sums of the counters by month and year: a summary reads some thousand rows, however many cases there are.

A sum keeps some columns of the counters (its *axes*) and adds up over the others. The sum of a month also keeps each
of its days and that of a year each of its months, so any period reads its years once and the months at its two ends.
Items are also summed up by the chapter and by the livelihood area they are in, each named by its first item.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, chain
from struct import Struct, pack, unpack_from
from typing import Any, NamedTuple

from civic.cases.rules.counters import NOBODY, CounterKey

DAYS = 31
ONE_DAY = timedelta(days=1)
CHAPTER, AREA = "chapter", "area"
"""What items are grouped by."""

AXES: Mapping[str, tuple[str, ...]] = {
    "k": ("kind",),
    "a": (AREA,),
    "s": ("street_id",),
    "c": (CHAPTER,),
    "d": ("department_id",),
    "dk": ("department_id", "kind"),
    "sk": ("street_id", "kind"),
    "ck": (CHAPTER, "kind"),
    "cd": (CHAPTER, "department_id"),
    "cs": (CHAPTER, "street_id"),
    "i": ("item_id",),
    "ds": ("department_id", "street_id"),
    "di": ("department_id", "item_id"),
}
"""Which columns are kept together, by a short name; those with the fewest sums first. A chapter or an area stands in
the column of items, as its first item."""


@dataclass(frozen=True, slots=True)
class ItemGroups:
    """The first item of the chapter, and of the livelihood area, that each item is in; an item may be in none."""

    chapter: Mapping[int, int] = field(default_factory=dict)
    area: Mapping[int, int] = field(default_factory=dict)


def firsts(groups: Mapping[int, Hashable]) -> dict[int, int]:
    """For each item the one with the least id of its group: what the group is called in a sum."""
    least: dict[Hashable, int] = {}
    for item_id in sorted(groups):
        least.setdefault(groups[item_id], item_id)
    return {item_id: least[group] for item_id, group in groups.items()}


SUMMED_OVER = -1
"""In a sum's key: all departments, items or streets together; for kinds it is ''."""


class Grain(StrEnum):
    """How long the span of a sum is."""

    MONTH = "m"
    YEAR = "y"


class SumKey(NamedTuple):
    """Of what a sum is. ``month`` counts months from the year 0; a year has that of its January."""

    axes: str
    grain: str
    month: int
    street_id: int
    kind: str
    department_id: int
    item_id: int
    measure: str


Cells = dict[int, list[int]]
"""By bucket: the whole of a sum, and then each of its parts. Of what is no duration there is only bucket 0."""


@dataclass(frozen=True, slots=True)
class Part:
    """Sums of one grain whose months lie from ``first`` (None: from the beginning) to ``last``.

    With ``only``, not the whole of them: some days of a month, or some months of a year, both ends included.
    """

    grain: Grain
    first: int | None
    last: int
    only: tuple[int, int] | None = None


def month_number(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def axes_for(columns: Iterable[str]) -> str | None:
    """The smallest sums that tell these columns apart; None if none do."""
    wanted = set(columns)
    return next((name for name, kept in AXES.items() if wanted <= set(kept)), None)


def parts_of(since: date | None, until: date, *, by_month: bool = False) -> tuple[Part, ...]:
    """What a period is made of; each of its days lies in exactly one part. ``since`` None: from the beginning.

    ``by_month``: of months only, for what is to be told apart by them.
    """
    if since is not None and since > until:
        return ()
    found: list[Part] = []
    first, last = None if since is None else month_number(since), month_number(until)
    ends_whole = month_number(until + ONE_DAY) > last
    if since is not None and first == last and not (since.day == 1 and ends_whole):
        return (Part(Grain.MONTH, last, last, (since.day, until.day)),)
    if not ends_whole:
        found.append(Part(Grain.MONTH, last, last, (1, until.day)))
        last -= 1
    if since is not None and first is not None and since.day > 1:
        found.append(Part(Grain.MONTH, first, first, (since.day, DAYS)))
        first += 1
    if by_month:
        return (*found, *([Part(Grain.MONTH, first, last)] if first is None or first <= last else []))
    return (*found, *_whole(first, last))


def _whole(first: int | None, last: int) -> Iterator[Part]:
    """Whole months: one alone, or as years of which some months or all count."""
    if first is not None and first >= last:
        if first == last:
            yield Part(Grain.MONTH, first, last)
        return
    year, this = (None if first is None else _january(first)), _january(last)
    if first is not None and year == this:
        yield Part(Grain.YEAR, this, this, _of_year(first, last))
        return
    if first is not None and year is not None and first > year:
        yield Part(Grain.YEAR, year, year, _of_year(first, year + 11))
        year += 12
    if last < this + 11:
        yield Part(Grain.YEAR, this, this, _of_year(this, last))
        this -= 12
    if year is None or year <= this:
        yield Part(Grain.YEAR, year, this)


def _january(month: int) -> int:
    return month - month % 12


def _of_year(first: int, last: int) -> tuple[int, int] | None:
    """Which months of their year these are; None for all twelve."""
    return None if last - first == 11 else (first % 12 + 1, last % 12 + 1)


def sums_of(
    counters: Iterable[tuple[CounterKey, int]], groups: ItemGroups, among: Collection[str] = tuple(AXES)
) -> dict[SumKey, Cells]:
    """The sums that counters add up to: the whole, and then each day of a month or month of a year.

    ``among`` are the axes wanted.
    """
    kept = [one for one in _KEPT if one[0] in among]
    months: dict[tuple[Any, ...], Cells] = {}
    for key, n in counters:
        month, day, kind, measure = month_number(key.day), key.day.day, key.kind.value, key.measure.value
        items = {
            None: SUMMED_OVER,
            "item_id": key.item_id,
            CHAPTER: groups.chapter.get(key.item_id, NOBODY),
            AREA: groups.area.get(key.item_id, NOBODY),
        }
        for axes, by_street, by_kind, by_department, by_item in kept:
            place = (
                axes,
                month,
                key.street_id if by_street else SUMMED_OVER,
                kind if by_kind else "",
                key.department_id if by_department else SUMMED_OVER,
                items[by_item],
                measure,
            )
            cells = months.get(place)
            if cells is None:
                cells = months[place] = {}
            cell = cells.get(key.bucket)
            if cell is None:
                cell = cells[key.bucket] = [0] * (DAYS + 1)
            cell[0] += n
            cell[day] += n
    return _with_years(months)


def _with_years(months: Mapping[tuple[Any, ...], Cells]) -> dict[SumKey, Cells]:
    found: dict[SumKey, Cells] = {}
    for (axes, month, *place), cells in months.items():
        found[SumKey(axes, "m", month, *place)] = cells
        years = found.setdefault(SumKey(axes, "y", _january(month), *place), {})
        for bucket, cell in cells.items():
            year = years.setdefault(bucket, [0] * (DAYS + 1))
            year[0] += cell[0]
            year[month % 12 + 1] += cell[0]
    return found


def add_up(cells: Cells) -> list[int]:
    """All buckets together: the whole, and each part."""
    return [sum(numbers) for numbers in zip(*cells.values(), strict=True)] if cells else [0] * (DAYS + 1)


def joined(cells: Cells, more: Cells) -> Cells:
    """Both added; buckets that fall to nothing go."""
    found = {
        bucket: [a + b for a, b in zip(cells.get(bucket, _NOTHING), more.get(bucket, _NOTHING), strict=True)]
        for bucket in cells.keys() | more.keys()
    }
    return {bucket: found[bucket] for bucket in sorted(found) if any(found[bucket])}


_NOTHING = [0] * (DAYS + 1)
MONTHS = 12


def packed(cells: Cells, parts: int = DAYS) -> bytes:
    """The buckets of a duration in one piece: how many there are, which, and for each part how many up to its end.

    So any run of parts is read from two places, however many buckets there are. Whole numbers of four bytes, the
    least significant first.
    """
    buckets = sorted(bucket for bucket, cell in cells.items() if any(cell))
    if not buckets:
        return b""
    columns = [accumulate(cells[bucket][1 : parts + 1]) for bucket in buckets]
    numbers = [len(buckets), *buckets, *chain.from_iterable(zip(*columns, strict=True))]
    return pack(f"<{len(numbers)}i", *numbers)


def within(days: bytes, first: int, last: int) -> Iterator[tuple[int, int]]:
    """(bucket, how many) of the parts from the first to the last, out of what was :func:`packed`."""
    if not days:
        return
    (width,) = unpack_from("<i", days)
    row = Struct(f"<{width}i")

    def up_to(part: int) -> tuple[int, ...]:
        return row.unpack_from(days, 4 + part * row.size) if part else (0,) * width

    for bucket, before, after in zip(row.unpack_from(days, 4), up_to(first - 1), up_to(last), strict=True):
        if after != before:
            yield bucket, after - before


def unpacked(days: bytes) -> Cells:
    """The cells that were :func:`packed`."""
    found: Cells = {}
    parts = (len(days) // 4 - 1) // unpack_from("<i", days)[0] - 1 if days else 0
    for part in range(1, parts + 1):
        for bucket, n in within(days, part, part):
            cell = found.setdefault(bucket, [0] * (DAYS + 1))
            cell[0] += n
            cell[part] = n
    return found


_KEPT = tuple(
    (
        name,
        "street_id" in kept,
        "kind" in kept,
        "department_id" in kept,
        next((one for one in ("item_id", CHAPTER, AREA) if one in kept), None),
    )
    for name, kept in AXES.items()
)

GROUPED = frozenset(name for name, kept in AXES.items() if CHAPTER in kept or AREA in kept)
"""Axes whose sums change where items come into another chapter or area."""
