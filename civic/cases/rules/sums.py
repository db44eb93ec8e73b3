"""Sums of the counters by month and year: a summary reads some thousand rows, however many cases there are.

A sum keeps some columns of the counters (its *axes*) and adds up over the others. The sum of a month keeps each of
its days and that of a year each of its months, so any period reads its years once and the months at its two ends.
Items are also summed up by the chapter and by the livelihood area they are in, each named by its first item.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from hashlib import md5
from typing import NamedTuple

from civic.cases.rules.counters import DURATIONS, NOBODY, Measure
from civic.cases.rules.packing import PACKING, Cells

DAYS, MONTHS = 31, 12
ONE_DAY = timedelta(days=1)
CHAPTER, AREA = "chapter", "area"
"""What items are grouped by."""

AXES: Mapping[str, tuple[str, ...]] = {
    "k": ("kind",),
    "a": (AREA,),
    "s": ("street_id",),
    "c": (CHAPTER,),
    "d": ("department_id",),
    "ak": (AREA, "kind"),
    "sk": ("street_id", "kind"),
    "ck": (CHAPTER, "kind"),
    "as": (AREA, "street_id"),
    "cs": (CHAPTER, "street_id"),
    "ad": (AREA, "department_id"),
    "cd": (CHAPTER, "department_id"),
    "dk": ("department_id", "kind"),
    "ds": ("department_id", "street_id"),
    "ask": (AREA, "street_id", "kind"),
    "csk": (CHAPTER, "street_id", "kind"),
    "i": ("item_id",),
    "di": ("department_id", "item_id"),
    "dsk": ("department_id", "street_id", "kind"),
    "dik": ("department_id", "item_id", "kind"),
    "dis": ("department_id", "item_id", "street_id"),
    "disk": ("department_id", "item_id", "street_id", "kind"),
}
"""Which columns are kept together, by a short name; those with the fewest sums first, at the end one with them all.
A chapter or an area stands in the column of items, as its first item."""

LIST = "l"
"""The axes of sums that tell nothing apart but list all items: the codes of each are items, not measures. So how much
was said about every item stands in one row a month, while sums by item have one for each."""
LISTED = frozenset({Measure.RECEIVED, Measure.PUBLIC})
"""Of what there are lists."""
ALL_AXES = (*AXES, LIST)


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


COUNTS = ""
"""In a sum's key: the measures that are no durations, all in one piece; each duration has a sum of its own."""

COUNTED = (
    Measure.RECEIVED, Measure.PUBLIC, Measure.OPENED, Measure.LEFT, Measure.ACCEPT_DUE, Measure.ACCEPT_ON_TIME,
    Measure.REPLY_DUE, Measure.REPLY_ON_TIME, Measure.AGAIN_DUE, Measure.AGAIN_ON_TIME, Measure.OWN_DUE,
    Measure.OWN_ON_TIME, Measure.BECAME_OVERDUE, Measure.CAME_OVERDUE, Measure.LEFT_OVERDUE, Measure.SOLVED,
    Measure.NOT_SOLVED, Measure.RATED_SATISFIED, Measure.RATED_BASICALLY, Measure.RATED_DISSATISFIED,
    Measure.REOPENED, Measure.RETURNED, Measure.EXTENDED, Measure.ESCALATED, Measure.DECLINED, Measure.WITHDRAWN,
    Measure.MERGED, Measure.SINGLE_SIGNATURE,
)  # fmt: skip
"""What their places stand for in a sum that is kept: a new measure goes to the end."""
CODES = {measure: code for code, measure in enumerate(COUNTED)}


class SumKey(NamedTuple):
    """Of what a sum is. ``month`` counts months from the year 0; a year has that of its January.

    Its numbers stand by code: by place in :data:`COUNTED`, or of a duration by whole working days.
    """

    axes: str
    grain: str
    month: int
    street_id: int
    kind: str
    department_id: int
    item_id: int
    measure: str


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
    """The smallest sums that tell these columns apart; None if none do: of chapters or areas beside items, say."""
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


Counted = tuple[str, date, int, int, int, str, int, int]
"""A counter as its row has it: measure, day, department, item, street, kind, bucket, and how often."""


def taken_away(counter: Counted) -> Counted:
    """What takes a counter out of a sum again."""
    measure, day, department_id, item_id, street_id, kind, bucket, n = counter
    return measure, day, department_id, item_id, street_id, kind, bucket, -n


def sums_of(
    counters: Iterable[Counted], groups: ItemGroups, among: Collection[str] = ALL_AXES
) -> dict[SumKey, Cells]:
    """The sums of months that counters add up to, with each of their days; ``among`` are the axes wanted."""
    months: dict[SumKey, Cells] = {}
    into: dict[tuple[int, int, int, int, str, str], list[Cells]] = {}
    kept = [one for one in _KEPT if one[0] in among]
    listed = {measure.value for measure in LISTED} if LIST in among else set()
    for measure, day, department_id, item_id, street_id, kind, bucket, n in counters:
        code = _CODE_OF.get(measure)
        held, code = (measure, bucket) if code is None else (COUNTS, code)
        place = (month_number(day), department_id, item_id, street_id, kind, held)
        cells_of_all = into.get(place)
        if cells_of_all is None:
            keys = _keys(kept, groups, *place)
            cells_of_all = into[place] = [months.setdefault(key, {}) for key in keys]
        part = day.day - 1
        for cells in cells_of_all:
            cell = cells.get(code)
            if cell is None:
                cell = cells[code] = [0] * DAYS
            cell[part] += n
        if measure in listed:
            items = months.setdefault(_list_of(measure, place[0]), {})
            items.setdefault(item_id, [0] * DAYS)[part] += n
    return months


def _list_of(measure: str, month: int) -> SumKey:
    return SumKey(LIST, Grain.MONTH.value, month, SUMMED_OVER, "", SUMMED_OVER, SUMMED_OVER, measure)


def _keys(
    kept: Iterable[_Kept],
    groups: ItemGroups,
    month: int,
    department_id: int,
    item_id: int,
    street_id: int,
    kind: str,
    measure: str,
) -> Iterator[SumKey]:
    """The sums that a counter is added to."""
    items = {
        None: SUMMED_OVER,
        "item_id": item_id,
        CHAPTER: groups.chapter.get(item_id, NOBODY),
        AREA: groups.area.get(item_id, NOBODY),
    }
    for axes, by_street, by_kind, by_department, by_item in kept:
        yield SumKey(
            axes,
            Grain.MONTH.value,
            month,
            street_id if by_street else SUMMED_OVER,
            kind if by_kind else "",
            department_id if by_department else SUMMED_OVER,
            items[by_item],
            measure,
        )


def add_years(months: Mapping[SumKey, Cells], years: dict[SumKey, Cells]) -> None:
    """Add the sums of months to those of their years, with each of their months."""
    for key, cells in months.items():
        part = key.month % MONTHS
        place = key._replace(grain=Grain.YEAR.value, month=key.month - part)
        year = years.setdefault(place, {})
        for code, cell in cells.items():
            year.setdefault(code, [0] * MONTHS)[part] += sum(cell)


_CODE_OF = {measure.value: code for measure, code in CODES.items()}
_Kept = tuple[str, bool, bool, bool, str | None]
_KEPT: tuple[_Kept, ...] = tuple(
    (
        name,
        "street_id" in kept,
        "kind" in kept,
        "department_id" in kept,
        next((one for one in ("item_id", CHAPTER, AREA) if one in kept), None),
    )
    for name, kept in AXES.items()
)

_LAYOUT = (PACKING, DAYS, MONTHS, LIST, dict(AXES), COUNTED, sorted(LISTED), sorted(DURATIONS))
LAYOUT = md5(repr(_LAYOUT).encode(), usedforsecurity=False).hexdigest()[:16]
"""What all sums of a database have to be laid out by to be read right; it changes with any of these."""
LAYOUT_KEY = SumKey("", "", 0, SUMMED_OVER, "", SUMMED_OVER, SUMMED_OVER, "")
"""Under which it is kept among the sums: it comes and goes with them, in the same transaction."""

GROUPED = frozenset(name for name, kept in AXES.items() if CHAPTER in kept or AREA in kept)
"""Axes whose sums change where items come into another chapter or area."""
