"""A period is made of years, months and days so that each of its days counts once, and sums are their counters' sum."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.cases.rules import CounterKey, FeedbackKind, Measure
from civic.cases.rules.counters import DURATIONS
from civic.cases.rules.packing import PACKING, Cells, joined, packed, taken, unpacked, within
from civic.cases.rules.sums import (
    AREA,
    AXES,
    CHAPTER,
    CODES,
    COUNTED,
    COUNTS,
    LIST,
    LISTED,
    SUMMED_OVER,
    Grain,
    ItemGroups,
    Part,
    SumKey,
    add_years,
    axes_for,
    firsts,
    month_number,
    parts_of,
    sums_of,
)

GROUPS = ItemGroups(chapter={1: 1, 2: 1}, area={2: 2})


def value(key: CounterKey, name: str) -> object:
    """What a counter has in a column of sums: of the groups above, the first item."""
    if name == CHAPTER:
        return 1 if key.item_id in (1, 2) else 0
    if name == AREA:
        return 2 if key.item_id == 2 else 0
    return getattr(key, name)


def stands(key: SumKey, name: str) -> object:
    return getattr(key, "item_id" if name in (CHAPTER, AREA) else name)


def test_bytes_mean_what_the_number_of_the_packing_says() -> None:
    """Databases hold them: where this fails, PACKING has to be raised, and the sums are made anew at the next start."""
    narrow, wide = {0: [1, 0, 3], 7: [0, 0, 7]}, {0: [1, 0, 3], 7: [0, 0, 70_000]}
    assert (PACKING, packed(narrow).hex(), packed(wide).hex()) == (
        2,
        "02020000000200000700010003000100000004000700",
        "0402000000020000000007000000010000000300000001000000000000000400000070110100",
    )


DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


def holds(part: Part, day: date) -> bool:
    month = month_number(day)
    start, number = (month, day.day) if part.grain is Grain.MONTH else (month - month % 12, day.month)
    if start > part.last or (part.first is not None and start < part.first):
        return False
    return part.only is None or part.only[0] <= number <= part.only[1]


@settings(max_examples=60)
@given(st.none() | DAYS, DAYS, st.booleans())
def test_each_day_of_a_period_is_in_exactly_one_part_and_no_other_day_in_any(
    since: date | None, until: date, by_month: bool
) -> None:
    parts = parts_of(since, until, by_month=by_month)
    day = date(2022, 12, 1)
    while day < date(2028, 2, 1):
        inside = (since is None or since <= day) and day <= until
        assert sum(holds(part, day) for part in parts) == inside, (day, parts)
        day += timedelta(days=1)
    assert len(parts) <= 5


@pytest.mark.parametrize(
    ("since", "until", "parts"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), [Part(Grain.YEAR, 24300, 24300)]),
        (date(2025, 4, 1), date(2025, 6, 30), [Part(Grain.YEAR, 24300, 24300, (4, 6))]),
        (None, date(2025, 12, 31), [Part(Grain.YEAR, None, 24300)]),
        (date(2024, 2, 1), date(2024, 2, 29), [Part(Grain.MONTH, 24289, 24289)]),
        (date(2024, 2, 1), date(2024, 2, 28), [Part(Grain.MONTH, 24289, 24289, (1, 28))]),
        (date(2024, 2, 3), date(2024, 2, 29), [Part(Grain.MONTH, 24289, 24289, (3, 29))]),
    ],
)
def test_calendar_periods_are_one_part(since: date, until: date, parts: list[Part]) -> None:
    assert list(parts_of(since, until)) == parts


def test_the_smallest_sums_that_tell_the_columns_apart_are_read() -> None:
    assert axes_for([]) == "k"
    assert axes_for(["item_id"]) == "i"
    assert axes_for(["kind", "department_id"]) == "dk"
    assert axes_for([CHAPTER, "department_id"]) == "cd"
    assert axes_for([AREA, "kind", "department_id"]) is None, "read by item instead"
    assert axes_for(["kind", "item_id"]) == "dik"


def test_some_sums_tell_all_columns_of_a_counter_apart() -> None:
    assert axes_for(["department_id", "item_id", "street_id", "kind"]) is not None


def test_every_measure_has_its_place_in_a_sum() -> None:
    assert len(COUNTED) == len(set(COUNTED))
    assert set(COUNTED) | DURATIONS == set(Measure)
    assert not set(COUNTED) & DURATIONS


@given(
    st.lists(
        st.tuples(
            st.builds(
                CounterKey,
                st.sampled_from([Measure.RECEIVED, Measure.SOLVED, Measure.REPLY_DAYS]),
                DAYS,
                st.integers(0, 2),
                st.integers(0, 2),
                st.integers(0, 1),
                st.sampled_from(FeedbackKind),
                st.integers(0, 2),
            ),
            st.integers(-2, 3),
        ),
        max_size=12,
    )
)
def test_sums_are_what_their_counters_add_up_to(counters: list[tuple[CounterKey, int]]) -> None:
    rows = [
        (k.measure.value, k.day, k.department_id, k.item_id, k.street_id, k.kind.value, k.bucket, n)
        for k, n in counters
    ]
    months = sums_of(rows, GROUPS)
    years: dict[SumKey, Cells] = {}
    add_years(months, years)
    for axes, kept in AXES.items():
        whole: Counter[tuple[object, ...]] = Counter()
        for key, n in counters:
            place = tuple(value(key, name) for name in kept)
            whole[(key.day.year, *code_of(key), *place)] += n
        told = {
            (key.month // 12, key.measure, code, *(stands(key, name) for name in kept)): sum(cell)
            for key, cells in years.items()
            for code, cell in cells.items()
            if key.axes == axes
        }
        assert told == whole
    said: Counter[tuple[object, ...]] = Counter()
    for counter, n in counters:
        if counter.measure in LISTED:
            said[counter.day.year, counter.measure.value, counter.item_id] += n
    assert said == {
        (key.month // 12, key.measure, item_id): sum(cell)
        for key, cells in years.items()
        for item_id, cell in cells.items()
        if key.axes == LIST
    }
    for key, cells in months.items():
        for code, cell in cells.items():
            year = years[key._replace(grain="y", month=key.month - key.month % 12)]
            assert year[code][key.month % 12] == sum(cell)
        kept = AXES.get(key.axes, ())
        assert (key.item_id == SUMMED_OVER) == {"item_id", CHAPTER, AREA}.isdisjoint(kept)


def code_of(key: CounterKey) -> tuple[str, int]:
    return (key.measure.value, key.bucket) if key.measure in DURATIONS else (COUNTS, CODES[key.measure])


def cells_of(n: st.SearchStrategy[int]) -> st.SearchStrategy[Cells]:
    return st.dictionaries(st.integers(0, 90), st.lists(st.just(0) | n, min_size=31, max_size=31), max_size=4)


CELLS = cells_of(st.integers(0, 300)) | cells_of(st.integers(-3, 2**20))


@settings(max_examples=60)
@given(CELLS, CELLS, st.integers(1, 31), st.integers(0, 30), st.sets(st.integers(0, 90), min_size=1))
def test_packed_numbers_are_read_by_any_run_of_parts(
    one: Cells, other: Cells, first: int, more: int, others: set[int]
) -> None:
    cells, last = joined(one, other), min(31, first + more)
    held = packed(cells)
    assert unpacked(held, 31) == cells
    for code in cells:
        nothing = [0] * 31
        there, added = one.get(code, nothing), other.get(code, nothing)
        assert cells[code] == [a + b for a, b in zip(there, added, strict=True)]
    told = {code: sum(cell[first - 1 : last]) for code, cell in cells.items()}
    read = dict(zip(*within(held, first, last), strict=True))
    assert {code: n for code, n in read.items() if n} == {code: n for code, n in told.items() if n}
    for some in ({*list(cells)[:2], *others}, others, {*cells, *others}):
        wanted = tuple(sorted(some))
        numbers = [told.get(code, 0) for code in wanted]
        assert list(taken(held, first, last, wanted) or [0] * len(wanted)) == numbers


@pytest.mark.parametrize(("n", "size"), [(0xFFFF, 2), (0x10000, 4), (-1, 4)])
def test_numbers_take_two_bytes_until_one_of_them_does_not_fit(n: int, size: int) -> None:
    cells = {7: [n] + [0] * 11, 9: [0] * 11 + [1]}
    held = packed(cells)
    assert len(held) == 6 + (2 + 2 + 2 * 2) * size
    assert unpacked(held, 12) == cells
    assert within(held, 1, 12) == ((7, 9), (n, 1))
    assert within(held, 2, 12) == ((7, 9), (0, 1))
    assert taken(held, 1, 12, (7, 8)) == (n, 0)
    assert len(packed({0x10000: [1]})) == 6 + 3 * 4, "a code that takes more than two bytes"


def test_numbers_that_are_nothing_are_nothing() -> None:
    assert packed({3: [0] * 31}) == b""
    assert within(b"", 1, 31) == ((), ())
    assert taken(b"", 1, 31, (3,)) is None
    assert unpacked(b"", 31) == {}
    assert joined({1: [2] * 12}, {1: [-2] * 12}) == {}


@given(st.dictionaries(st.integers(1, 40), st.sampled_from("abc")))
def test_a_group_is_called_by_its_first_item(groups: dict[int, str]) -> None:
    found = firsts(groups)
    for item_id, first in found.items():
        assert first == min(other for other in groups if groups[other] == groups[item_id])
    assert found.keys() == groups.keys()
