"""No count that a public table leaves out can be worked out from what it shows."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from civic.supervision.rules.suppressing import Published, published

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
    """Other tables, near by, that would have been published alike; a reader knows that what is hidden isn't nought."""
    size = len(counts[0])
    found = []
    for change in product((-1, 0, 1), repeat=len(counts) * size):
        moved = [[n + change[i * size + j] for j, n in enumerate(row)] for i, row in enumerate(counts)]
        full = with_sums(moved)
        pairs = [
            (n, s) for row, seen in zip(full, shown, strict=True) for n, s in zip(row, seen, strict=True)
        ]
        if all(n == s if s is not None else n > 0 for n, s in pairs):
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
