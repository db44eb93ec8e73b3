"""No count that a public table leaves out can be worked out from what it shows."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.cases.rules.counters import Count, Measure
from civic.supervision.rules import Period, Rate, Spread, figures
from civic.supervision.rules.editions import PUBLIC, Steps, allowed, due_editions, public_row, public_steps
from civic.supervision.rules.suppressing import Published, published, published_beside, told

COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 30])
TABLES = st.sampled_from([(2, 3), (3, 2), (2, 2), (1, 4)]).flatmap(
    lambda size: st.lists(
        st.lists(COUNTS, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def with_sums(counts: list[list[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def others(counts: list[list[int]], shown: Published) -> list[list[list[int]]]:
    """Other tables, near by, that would have been published alike; a reader knows that what is hidden isn't nought,
    unless it is hidden for another reason."""
    size, true = len(counts[0]), with_sums(counts)
    found = []
    for change in product((-1, 0, 1), repeat=len(counts) * size):
        moved = [[n + change[i * size + j] for j, n in enumerate(row)] for i, row in enumerate(counts)]
        full = with_sums(moved)
        cells = [cell for rows in zip(full, shown, true, strict=True) for cell in zip(*rows, strict=True)]
        if all(n == s if s is not None else n > 0 or n == was for n, s, was in cells):
            found.append(full)
    return found


@given(TABLES)
def test_what_is_hidden_could_be_another_number(counts: list[list[int]]) -> None:
    shown, true = published(counts), with_sums(counts)
    flat = [(i, j) for i, row in enumerate(shown) for j, _ in enumerate(row)]
    assert all(shown[i][j] in (None, true[i][j]) for i, j in flat)
    assert all(shown[i][j] is None for i, j in flat if 0 < true[i][j] < 5)
    hidden = [(i, j) for i, j in flat if shown[i][j] is None]
    if len(hidden) == len(flat):
        return
    possible = others(counts, shown)
    for i, j in hidden:
        assert any(table[i][j] != true[i][j] for table in possible), (i, j, shown)


@given(TABLES)
def test_a_table_without_small_counts_is_published_whole(counts: list[list[int]]) -> None:
    large = [[n * 5 for n in row] for row in counts]
    assert [list(row) for row in published(large)] == with_sums(large)


def test_a_sum_is_hidden_only_where_nothing_else_helps() -> None:
    assert published([[2, 20, 30], [40, 10, 60], [70, 80, 90]]) == (
        (None, None, 30, 52),
        (None, None, 60, 110),
        (70, 80, 90, 240),
        (112, 110, 180, 402),
    )
    assert published([[1, 20]]) == ((None, None, 21),) * 2
    assert published([[1]]) == ((None, None),) * 2, "whatever was shown would tell"


def parts_of(counts: list[list[int]]) -> st.SearchStrategy[list[list[int]]]:
    """What of each count somebody can read case by case; often all but a few."""
    return st.tuples(
        *(
            st.tuples(*(st.integers(0, n) | st.integers(max(0, n - 4), n) for n in row)).map(list)
            for row in counts
        )
    ).map(list)


def less(counts: list[list[int]], part: list[list[int]]) -> list[list[int]]:
    return [[n - k for n, k in zip(*rows, strict=True)] for rows in zip(counts, part, strict=True)]


Known = list[list[int]]


def ordered(parts: tuple[Known, ...]) -> tuple[Known, ...]:
    """The same parts place by place in order: who knows the first, the second and the last of them."""
    places = [
        [sorted(ns) for ns in zip(*rows, strict=True)] for rows in zip(*parts, strict=True)
    ]  # fmt: skip
    return tuple([[ns[at] for ns in row] for row in places] for at in range(len(parts)))


@settings(max_examples=30)
@given(
    TABLES.flatmap(
        lambda counts: st.tuples(
            st.just(counts), st.tuples(parts_of(counts), parts_of(counts), parts_of(counts)).map(ordered)
        )
    )
)
def test_whoever_reads_more_later_cannot_tell_how_few_the_rest_are(
    given_tables: tuple[Known, tuple[Known, ...]],
) -> None:
    """The attacker holds the published table and exact counts of all that can be read: now, some time later, and when
    everything is published that may be. Of no other 1 to 4 is the attacker ever sure."""
    counts, known = given_tables
    shown, true = published_beside(counts, [(known[0], known[-1])]), with_sums(counts)
    for row, seen in zip(true, shown, strict=True):
        assert all(s in (None, n) for n, s in zip(row, seen, strict=True))
    for part in known:
        rest = less(counts, part)
        left = [
            [None if s is None else n for n, s in zip(*rows, strict=True)]
            for rows in zip(with_sums(rest), shown, strict=True)
        ]
        few = [(i, j) for i, row in enumerate(with_sums(rest)) for j, n in enumerate(row) if 0 < n < 5]
        assert all(left[i][j] is None for i, j in few), "taken straight from the table"
        if all(s is None for row in left for s in row):
            continue
        possible = others(rest, left)
        for i, j in few:
            assert any(table[i][j] != with_sums(rest)[i][j] for table in possible), (i, j, left)


def test_a_column_is_told_with_its_sum() -> None:
    def by(counts: list[int], now: list[int], most: list[int] | None = None) -> tuple[bool, ...]:
        return told(counts, now, most or now)

    assert by([3, 40, 7, 30, 0], [0] * 5) == (False, True, False, True, True, True), "80 less 77 would tell"
    assert by([20, 40, 30], [20, 38, 30]) == (True, False, True, False), "two are not readable"
    assert by([20, 40, 30], [17, 33, 30], [20, 38, 30]) == (False, False, True, False)
    assert by([20, 40, 9], [12, 35, 0], [12, 35, 5]) == (True, False, False, True), "nine now, four later"
    assert by([20, 40, 9], [12, 35, 0], [12, 35, 4]) == (True, True, True, True), "five stay in any case"
    assert by([3, 40], [3, 40]) == (True, True, True), "all of them can be read"
    assert by([], []) == (True,)


FIGURES = figures([Count(0, Measure.RECEIVED, 0, 6), Count(0, Measure.SOLVED, 0, 4)])


def test_a_rate_of_few_is_not_stated_though_its_count_may_be_told() -> None:
    known = {name: ([6 if name == "received" else 4 if name == "solved" else 0],) * 2 for name in PUBLIC}
    names, in_all = allowed([FIGURES], known)
    row = public_row(FIGURES, names)
    assert (row.received, row.solved, row.few, row.satisfied) == (6, None, {"solved"}, Rate(0, 0))
    assert in_all == names
    hidden, _ = allowed([FIGURES], {**known, "received": ([4], [4])})
    assert "received" not in hidden


def test_quarters_are_due_from_the_first_that_was_published() -> None:
    july = Period(date(2026, 7, 1), date(2026, 9, 30))
    assert due_editions(date(2026, 10, 1), date(2026, 9, 30), None) == (july,)
    assert due_editions(date(2026, 12, 31), date(2025, 1, 1), None) == (july,), (
        "the archive begins with the last"
    )
    assert due_editions(date(2026, 9, 30), date(2026, 7, 1), None) == ()
    assert due_editions(date(2026, 10, 1), None, None) == ()
    assert due_editions(date(2026, 12, 31), date(2025, 1, 1), july.until) == (), "once"
    skipped = due_editions(date(2026, 12, 31), date(2025, 1, 1), date(2025, 12, 31))
    assert [one.until for one in skipped] == [date(2026, 3, 31), date(2026, 6, 30), july.until]


def test_medians_of_few_answers_are_not_stated() -> None:
    five, two = Spread(5, 1.5, 4), Spread(2, 1.0, 1)
    assert public_steps(five, five) == Steps(1.5, 1.5, 5)
    assert public_steps(two, five) == public_steps(None, five) == Steps(None, 1.5, 5)
    assert public_steps(five, two) == public_steps(five, None) == Steps()
