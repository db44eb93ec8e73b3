"""Text functions: pairs of characters, tidying without loss, excerpts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.core.text import bigrams, excerpt, tidy


def test_pairs_do_not_cross_punctuation() -> None:
    assert bigrams("停车，难") == ["停车", "难"]
    assert bigrams("ＷｉＦｉ 5G") == ["wi", "if", "fi", "5g"]


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(alphabet="停车难，。 \n\tab"))
def test_tidying_keeps_every_visible_character(text: str) -> None:
    assert [c for c in tidy(text) if not c.isspace()] == [c for c in text if not c.isspace()]


@given(st.text(), st.integers(1, 60))
def test_an_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(excerpt(text, length)) <= length
