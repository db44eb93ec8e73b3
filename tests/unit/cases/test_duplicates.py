"""Near duplicates: exactly the pairs that comparing each with each finds, and the groups that they make."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import groups_of, likeness, near_pairs
from civic.core.text import bigrams

TEXTS = st.dictionaries(
    st.integers(1, 40), st.frozensets(st.sampled_from([f"g{n}" for n in range(12)]), max_size=9), max_size=14
)


@given(TEXTS, st.sampled_from((0.3, 0.5, 0.8, 1.0)))
def test_it_finds_what_comparing_each_with_each_finds(
    texts: dict[int, frozenset[str]], threshold: float
) -> None:
    wanted = {
        (one, other)
        for one, other in combinations(sorted(texts), 2)
        if texts[one] and texts[other] and likeness(texts[one], texts[other]) >= threshold
    }
    assert set(near_pairs(texts, threshold)) == wanted


@given(st.lists(st.tuples(st.integers(1, 15), st.integers(1, 15)).filter(lambda pair: pair[0] < pair[1])))
def test_a_group_is_all_that_hangs_together(pairs: list[tuple[int, int]]) -> None:
    groups = groups_of(pairs)
    member = {key: at for at, group in enumerate(groups) for key in group}
    assert sorted(member) == sorted({key for pair in pairs for key in pair}), "each once"
    assert all(member[one] == member[other] for one, other in pairs)
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)


def test_the_same_matter_in_other_words_and_another_matter() -> None:
    texts = (
        "广达路口的路灯坏了三天，晚上很黑",
        "广达路口路灯坏了，晚上很黑看不见",
        "广达路的公交车站太远了，老人走不动",
    )
    grams = {key: frozenset(bigrams(text)) for key, text in enumerate(texts)}
    assert list(near_pairs(grams)) == [(0, 1)]
