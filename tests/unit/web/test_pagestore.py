"""Kept pages: what was asked for last stays, and never more than the agreed number of bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.web.pagestore import KeptPage, PageStore


def page(size: int) -> KeptPage:
    return KeptPage(b"x" * size, "text/html")


def test_the_page_asked_for_longest_ago_makes_room() -> None:
    store = PageStore(30)
    for name in "abc":
        store.put(name, page(10))
    assert store.get("a")
    store.put("d", page(10))
    assert store.get("b") is None
    assert store.get("a")
    assert store.get("d")


def test_a_page_larger_than_the_store_is_not_kept() -> None:
    store = PageStore(30)
    store.put("a", page(31))
    assert store.get("a") is None


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40))))
def test_it_never_holds_more_than_agreed(puts: list[tuple[str, int]]) -> None:
    store, held = PageStore(60), dict[str, int]()
    for name, size in puts:
        store.put(name, page(size))
        held[name] = size
        kept = {one: found for one in "abcdefgh" if (found := store.get(one))}
        assert sum(len(found.body) for found in kept.values()) <= 60
        assert len(kept) == len(store)
        assert all(len(found.body) == held[one] for one, found in kept.items())
