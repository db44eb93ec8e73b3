"""What a voice is found by: whole words, either script, one wrong character in a longer one, and nothing by chance."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.search.rules import held_terms, marked, ways, window

TEXT = "我们小区没有地方停车，老旧小区改造什么时候轮到西洋路？"


def answers(query: str, text: str = TEXT) -> bool:
    """As a database would say it."""
    held = held_terms([text])
    return any(terms <= held for terms in ways(query))


def test_two_characters_are_enough_and_all_words_must_be_there() -> None:
    assert answers("停车")
    assert answers("停车 西洋路")
    assert not answers("停车 地铁")
    assert not answers("车停")
    assert not answers("")
    assert not answers("？！")


def test_one_character_is_found_wherever_it_stands() -> None:
    assert answers("车")
    assert answers("路")
    assert answers("我")
    assert not answers("桥")


def test_either_script_finds_the_other() -> None:
    assert answers("老舊小區改造")
    assert answers("停車")
    assert answers("改造", "舊城改造與長期護理")
    assert answers("长期护理", "舊城改造與長期護理")


def test_one_wrong_character_in_a_longer_word_is_forgiven_two_are_not() -> None:
    for wrong in ("老久小区改造", "老旧小区改照", "佬旧小区改造"):
        assert answers(wrong), wrong
    assert not answers("老久小曲改照")
    assert not answers("老久小区"), "in a short word a wrong character makes another word"
    assert not answers("地铁 老久小区改造"), "another word of the query isn't forgiven"


words = st.text(alphabet="停车看病吃饭老旧小区", min_size=1, max_size=8)


@given(words, words, words)
def test_what_stands_in_a_text_is_always_found_in_it(before: str, word: str, after: str) -> None:
    assert answers(word, before + word + after)
    assert answers(word, f"{before}，{word}。{after}")


@given(st.text(max_size=60), st.sets(st.text(min_size=1, max_size=2), max_size=6))
def test_marking_loses_and_invents_nothing(text: str, terms: set[str]) -> None:
    assert "".join(piece for piece, _ in marked(text, terms)) == text
    assert window(text, terms, 200) == text


def test_marks_follow_the_reader_s_script_and_the_window_holds_the_first() -> None:
    terms = held_terms(["停车"])
    assert marked("哪裡停車？", terms) == (("哪裡", False), ("停車", True), ("？", False))
    long = "。" * 300 + "停车" + "，" * 300
    cut = window(long, terms, 80)
    assert "停车" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert len(cut) == 82
