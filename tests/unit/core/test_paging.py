"""Cursors carry a sort key through a URL unharmed, and a forged one is refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.core.errors import Invalid
from civic.core.paging import decode_cursor, encode_cursor

keys = st.lists(st.one_of(st.none(), st.integers(), st.text()), min_size=1, max_size=4)


@given(keys)
def test_a_cursor_reads_back(key: list[object]) -> None:
    assert decode_cursor(encode_cursor(*key), len(key)) == tuple(key)


@given(st.text(min_size=1))
def test_a_forged_cursor_is_refused_and_never_crashes(text: str) -> None:
    try:
        key = decode_cursor(text, 2)
    except Invalid:
        return
    assert key is None or len(key) == 2


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, 2) is None
    assert decode_cursor("", 2) is None


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(Invalid):
        decode_cursor(encode_cursor(1, 2, 3), 2)
