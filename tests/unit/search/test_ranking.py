"""The pure ranking: what is found, in which order, and what never is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.search.rules import Document, Index, reasons
from civic.search.rules.wording import misspelt

PARKING = Document(1, "停车设施", "新建公共停车场，方便居民停车。", "多出车位")
CLINICS = Document(2, "社区卫生", "家庭医生签约服务，方便居民看病。免费筛查宫颈癌。")
MEALS = Document(3, "养老服务", "发展社区助餐，方便老年人。")
PROMISE = Document(4, "停车更方便", "新建公共停车场", part=True)
INDEX = Index((PARKING, CLINICS, MEALS, PROMISE), {"食堂": ["助餐"], "老": ["老年人"], "老房子": ["改造"]})


def found(query: str, index: Index = INDEX) -> list[int]:
    return [hit.key for hit in index.search(query, 10)]


def test_a_pair_of_characters_is_enough_in_either_script() -> None:
    for query in ("停车", "停車", "ＸＹ停车"):
        assert found(query) == [1, 4], query
    assert found("") == found("？！") == found("xyz") == []


def test_a_promise_stands_behind_its_clause_unless_its_own_title_is_asked_for() -> None:
    assert found("公共停车场") == [1, 4]
    assert found("停车更方便")[0] == 4


def test_a_clause_is_found_by_what_its_promises_say_in_plain_words() -> None:
    assert found("多出车位") == [1]


def test_a_heading_stands_behind_what_it_heads() -> None:
    heading = Document(1, "停车设施", "停车设施", heading=True)
    assert found("停车设施", Index((heading, Document(2, "停车设施", "停车设施")), {})) == [2, 1]


def test_synonyms_bring_in_what_residents_do_not_call_by_its_name() -> None:
    assert found("食堂") == [3]
    assert found("社区什么时候有食堂？")[0] == 3
    assert found("食堂", Index((PARKING, CLINICS, MEALS), {})) == []


def test_of_synonyms_in_one_another_the_longest_counts() -> None:
    assert 3 in found("老")
    assert 3 not in found("老房子")


def test_a_wrong_character_in_a_longer_word_is_forgiven_and_chance_is_not() -> None:
    assert found("家庭医声签约")[0] == 2
    sponge = Index(
        (Document(1, "海绵城市", "海绵城市"), *(Document(n, "城市", "城市") for n in range(2, 9))), {}
    )
    for wrong in ("海棉城市", "海绵成市", "孩绵城市", "海绵城是"):
        assert found(wrong, sponge)[0] == 1, wrong
    assert found("方便面牛肉味") == []


def test_where_no_pair_is_found_most_characters_are_enough() -> None:
    assert found("癌宫筛") == [2]
    assert found("癌症") == []


def test_words_that_only_hold_a_sentence_together_find_nothing_by_themselves() -> None:
    index = Index((Document(1, "最多跑一趟", "什么时候都能办。"), MEALS), {})
    assert found("社区助餐什么时候有？", index) == [3]
    assert found("什么时候", index) == [1], "unless nothing else is asked"


documents = st.lists(st.text(alphabet="停车看病吃饭", min_size=2, max_size=12), min_size=1, max_size=6)


@given(documents, st.text(alphabet="停车看病吃饭", min_size=2, max_size=6))
def test_every_hit_shares_something_and_the_order_is_by_score(texts: list[str], query: str) -> None:
    index = Index([Document(i, text[:2], text) for i, text in enumerate(texts)], {})
    hits = index.search(query, 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.found or hit.meant
        assert all(term in texts[hit.key] and term in query for term in hit.found)
        assert all(word in query and misspelt(word, texts[hit.key]) for word in hit.meant)
    assert index.search(query, 10) == hits


@given(st.text(max_size=200))
def test_no_query_is_too_odd(query: str) -> None:
    for hit in INDEX.search(query, 10):
        assert hit.found or hit.meant
        assert reasons(query, hit.found, hit.meant, INDEX.rarity)


@given(st.text(alphabet="停车看病吃饭", min_size=4, max_size=8), st.data())
def test_what_differs_by_one_character_is_found_and_nothing_else(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    wrong = word[:at] + "错" + word[at + 1 :]
    assert misspelt(wrong, f"，{word}。") == {word}
    assert misspelt(word, word) == frozenset()
