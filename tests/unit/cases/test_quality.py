"""What is pointed out about replies: each rule by an example that fires and one that doesn't, and for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import Earlier, HintCode, Resolution, Written, hints
from civic.cases.rules.courtesy import without_courtesy
from civic.cases.rules.quality import likeness, questions, shingles, unsigned

C, R = HintCode, Resolution
WORDS = "河边步道晚上太暗，请增设路灯。"
GOOD = "经现场查看，河边步道确有照明盲区。我局已安排增设十二盏路灯，将于9月30日前安装完毕。"


def codes(
    text: str, words: str = WORDS, resolution: Resolution | None = R.PLANNED, **more: object
) -> set[HintCode]:
    return {hint.code for hint in hints(Written(text, words, resolution, **more))}  # type: ignore[arg-type]


def test_a_reply_that_says_what_and_when_needs_no_hint() -> None:
    assert codes(GOOD) == set()
    assert codes("") == set()


@pytest.mark.parametrize(
    ("text", "words", "resolution", "expected", "unexpected"),
    [
        # Questions: of time, amount, reason, and of a matter that the reply doesn't touch.
        ("路灯由我局负责安装，已列入计划并完成采购。", "路灯什么时候装好？", R.PLANNED, C.UNANSWERED, None),
        ("路灯将于9月30日前安装完毕。", "路灯什么时候装好？", R.PLANNED, None, C.UNANSWERED),
        ("停车费由物业公司收取，已督促其公示。", "停车费每月多少钱？", R.EXPLAINED, C.UNANSWERED, None),
        ("停车费每月120元，2026年起执行。", "停车费每月多少钱？", R.EXPLAINED, None, C.UNANSWERED),
        ("该路段已于今年3月封闭。", "为什么封闭这条路段？", R.EXPLAINED, C.UNANSWERED, None),
        ("因地铁施工，该路段已于今年3月封闭。", "为什么封闭这条路段？", R.EXPLAINED, None, C.UNANSWERED),
        (GOOD, "垃圾分类站是否收取大件家具和旧家电？", R.PLANNED, C.UNANSWERED, None),
        (GOOD, "难道老人就活该摔跤吗？", R.PLANNED, None, C.UNANSWERED),
        # Measures and dates: the day below a letter is none.
        ("该问题我们了解了相关情况，属于历史遗留问题。2026年9月1日", WORDS, R.EXPLAINED, C.NO_MEASURE, None),
        ("下一步将增设路灯并改造步道。", WORDS, R.PLANNED, C.NO_DATE, C.NO_MEASURE),
        ("下一步将增设路灯并改造步道。\n区水务局\n2026年9月1日", WORDS, R.PLANNED, C.NO_DATE, None),
        ("将在15个工作日内增设路灯。", WORDS, R.PLANNED, None, C.NO_DATE),
        # Refusals rest on something.
        ("该处为绿地，不能增设停车位。9月已现场查看。", WORDS, R.EXPLAINED, C.NO_BASIS, None),
        ("9月已加装路灯；该处为绿地，不能增设停车位。", WORDS, R.PARTLY_ADOPTED, C.NO_BASIS, None),
        ("根据城市绿化条例，该处为绿地，不能增设停车位。", WORDS, R.EXPLAINED, None, C.NO_BASIS),
        ("依据《城市绿化条例》第十九条，不予采纳。", WORDS, R.NOT_ADOPTED, None, C.NO_BASIS),
        ("经9月现场查看，建议暂时维持原状。", WORDS, R.NOT_ADOPTED, C.NO_BASIS, None),
        ("不符合规划的部分已于9月拆除。", WORDS, R.RESOLVED, None, C.NO_BASIS),
        # Courtesy alone.
        ("您好！您反映的问题已收悉，我局高度重视。感谢您的关注与支持！", WORDS, R.EXPLAINED, C.COURTESY, None),
        ("您好！" + GOOD + "感谢您的支持！", WORDS, R.PLANNED, None, C.COURTESY),
        ("您好！已安排十二盏路灯，九月底前装好。", WORDS, R.PLANNED, None, C.COURTESY),
        # Placeholders and blanks; other brackets are left alone.
        (GOOD + "【经办人】", WORDS, R.PLANNED, C.UNFILLED, None),
        (GOOD + "【填写：完工日期】", WORDS, R.PLANNED, C.UNFILLED, None),
        (GOOD + "【2026】3号", WORDS, R.PLANNED, None, C.UNFILLED),
        # Personal data; an office's own number is none.
        ("已电话联系张女士，" + GOOD, WORDS, R.PLANNED, C.EXPOSES, None),
        ("已致电13812345678，" + GOOD, WORDS, R.PLANNED, C.EXPOSES, None),
        (GOOD + "咨询电话0591-83123456，邮箱a@fuzhou.gov.cn。", WORDS, R.PLANNED, None, C.EXPOSES),
    ],
)  # fmt: skip
def test_each_rule(
    text: str, words: str, resolution: Resolution, expected: HintCode | None, unexpected: HintCode | None
) -> None:
    found = codes(text, words, resolution)
    assert expected is None or expected in found
    assert unexpected not in found


def test_what_nobody_else_reads_may_name_a_person() -> None:
    assert C.EXPOSES not in codes("已致电13812345678，" + GOOD, open_to_all=False)


def test_a_text_used_before_is_named_with_its_case() -> None:
    earlier = (Earlier("TJ-2026-AAAAAA", GOOD), Earlier("TJ-2026-BBBBBB", "另一件事，已于8月完成清理。" * 3))
    again = hints(Written(GOOD.replace("十二", "十"), WORDS, R.PLANNED, earlier=earlier))
    assert [(hint.code, hint.excerpts) for hint in again] == [(C.REPEATED, ("TJ-2026-AAAAAA",))]
    assert (
        codes("车站路口的排水管已于8月疏通完毕，积水点纳入巡查，雨后由专人查看。", earlier=earlier) == set()
    )


def test_a_question_is_quoted_without_the_story_before_it() -> None:
    assert questions("我住河边，去年起路灯坏了，反映多次，请问什么时候修？谢谢。") == (
        "反映多次，请问什么时候修？",
    )


def test_the_day_below_a_letter_is_cut_off() -> None:
    assert unsigned("已完成清理。区水务局 2026年9月1日") == "已完成清理。"


TEXTS = st.text(
    alphabet="您好感谢支持已将于年月日9根据《条例》第不予能【编号】填写：路灯？吗多少13800000000，。\n张女士",
    max_size=120,
)


@given(TEXTS, TEXTS, st.sampled_from([None, *Resolution]))
def test_any_text_gets_each_hint_once_and_passages_of_its_own(
    text: str, words: str, resolution: Resolution | None
) -> None:
    found = hints(Written(text, words, resolution))
    assert [hint.code for hint in found] == [code for code in HintCode if code in {h.code for h in found}]
    for hint in found:
        assert hint.sentence
        assert hint.why
        assert len(set(hint.excerpts)) == len(hint.excerpts) <= 3


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_whole_only_for_the_same(one: str, other: str) -> None:
    a, b = shingles(one), shingles(other)
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1
    assert likeness(a, a) == (1 if a else 0)


@given(TEXTS)
def test_leaving_out_courtesy_adds_nothing(text: str) -> None:
    rest = iter(text)
    assert all(character in rest for character in without_courtesy(text))
