"""Roll-ups count by look, in the order of the squares; nothing is averaged."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.progress.queries.moving import months_before
from civic.progress.rules import Square, tally

LOOKS = st.lists(
    st.tuples(st.sampled_from(["Done", "Under way", "Past its date", "None"]), st.sampled_from(Square))
)


@given(LOOKS)
def test_every_item_is_counted_once(looks: list[tuple[str, Square]]) -> None:
    found = tally(looks)
    assert found.total == len(looks)
    assert all(n == looks.count((label, square)) for label, square, n in found.parts)
    order = [list(Square).index(square) for _, square, _ in found.parts]
    assert order == sorted(order)


@given(LOOKS, st.randoms())
def test_the_order_of_items_changes_nothing(looks: list[tuple[str, Square]], random: object) -> None:
    mixed = list(looks)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert tally(mixed) == tally(looks)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 23), 6, date(2026, 5, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
