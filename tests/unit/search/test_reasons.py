"""Why an item was found, in words: what was said, and what the plan calls it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.core.text import normalise
from civic.search.rules import Document, Index, Reason, folded, reasons

SYNONYMS = {"吃饭": ["助餐"], "食堂": ["助餐"], "积水": ["内涝", "排水"]}
PLAN = (
    Document(1, "老旧小区停车", "增加小区停车泊位，完善社区配套。"),
    Document(2, "长者助餐", "建设社区助餐点，老年人就近用餐。"),
    Document(3, "防洪排涝", "整治易涝点，完善排水管网。"),
)
INDEX = Index(PLAN, SYNONYMS)


def why(query: str) -> tuple[Reason, ...]:
    """Of the best item."""
    hit = INDEX.search(query, 1)[0]
    return reasons(query, hit.found, hit.meant, INDEX.rarity)


def test_words_are_whole_and_in_the_order_of_the_query() -> None:
    assert why("我们小区的停车太难") == (Reason("小区"), Reason("停车"))
    assert why("小区停车") == (Reason("小区停车"),)


def test_what_the_plan_calls_otherwise_is_said() -> None:
    assert why("老人吃饭没有地方") == (Reason("吃饭", "助餐"),)
    assert why("路上积水") == (Reason("积水", "排水"),)


def test_what_was_misspelt_is_said_as_the_plan_has_it() -> None:
    assert Reason("排水管往", "排水管网") in why("排水管往")


def test_a_reason_is_said_in_the_script_of_the_query() -> None:
    assert why("路上積水") == (Reason("積水", "排水"),)
    assert why("小區停車") == (Reason("小區停車"),)
    assert Reason("吃饭", "养老").means_hant == "養老"


def test_a_word_that_is_everywhere_is_no_reason_beside_a_telling_one() -> None:
    assert why("完善助餐") == (Reason("助餐"),)


def test_one_character_is_its_own_reason() -> None:
    assert why("涝") == (Reason("涝"),)


@given(st.text(alphabet="我们小区的停车太难吃饭食堂积水助餐，。 ab", max_size=30))
def test_reasons_are_few_and_stand_in_the_query(query: str) -> None:
    for hit in INDEX.search(query, 3):
        found = reasons(query, hit.found, hit.meant, INDEX.rarity)
        assert len(found) <= 3
        for reason in found:
            assert reason.word in normalise(query)
            if reason.means:
                assert hit.meant[folded(reason.word)] == reason.means
                assert reason.means in "".join((PLAN[hit.key - 1].title, PLAN[hit.key - 1].text))
