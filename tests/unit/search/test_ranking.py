"""The pure ranking: what is found, in which order, and what never is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.search.rules import Document, Index

PARKING = Document(
    1, ("停车设施", "停車設施"), ("新建公共停车场，方便居民停车。", "新建公共停車場，方便居民停車。")
)
CLINICS = Document(2, ("社区卫生",), ("家庭医生签约服务，方便居民看病。",))
MEALS = Document(3, ("养老服务",), ("发展社区助餐，方便老年人。",))
PROMISE = Document(4, ("停车更方便",), ("新建公共停车场",), part=True)
INDEX = Index((PARKING, CLINICS, MEALS, PROMISE), {"食堂": ["助餐"]})


def found(query: str, index: Index = INDEX) -> list[int]:
    return [hit.key for hit in index.search(query, 10)]


def test_a_pair_of_characters_is_enough() -> None:
    assert found("停车") == [1, 4]
    assert found("停車") == [1]
    assert found("车停") == []
    assert found("") == []


def test_a_promise_stands_behind_its_clause_unless_its_own_title_is_asked_for() -> None:
    assert found("公共停车场") == [1, 4]
    assert found("停车更方便")[0] == 4


def test_synonyms_bring_in_what_residents_do_not_call_by_its_name() -> None:
    assert found("食堂") == [3]
    assert found("食堂", Index((PARKING, CLINICS, MEALS), {})) == []


def test_a_wrong_character_in_a_longer_word_is_forgiven_and_chance_is_not() -> None:
    assert found("家庭医声签约") == [2]
    assert found("方便面牛肉味") == []


documents = st.lists(st.text(alphabet="停车看病吃饭", min_size=2, max_size=12), min_size=1, max_size=6)


@given(documents, st.text(alphabet="停车看病吃饭", min_size=2, max_size=6))
def test_every_hit_shares_a_pair_and_the_order_is_by_score(texts: list[str], query: str) -> None:
    index = Index([Document(i, (text[:2],), (text,)) for i, text in enumerate(texts)], {})
    hits = index.search(query, 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.found
        assert all(pair in texts[hit.key] and pair in query for pair in hit.found)
    assert index.search(query, 10) == hits
