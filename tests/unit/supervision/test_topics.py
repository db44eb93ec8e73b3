"""Topics, groups, heat and marks by their rules: adding up, whatever the order, and never more than was said."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.supervision.forms import read_topic_choice
from civic.supervision.rules import Period
from civic.supervision.rules.phrases import NAMED_FROM_FEW, may_be_shown, phrases_of, runs_of, topics_of
from civic.supervision.rules.tally import (
    Voice,
    group_of_voice,
    newest_of,
    seen_of,
    shown_tallies,
    talk_of,
    topics_of_voice,
)
from civic.supervision.rules.topics import (
    Mark,
    Seen,
    alike_groups,
    chance_of,
    evenness,
    heat,
    mark,
    told_of,
    weeks,
)

DAY = date(2026, 9, 30)
WORDS = [
    ("消防", "n"),
    ("通道", "n"),
    ("夜宵", "n"),
    ("油烟", "n"),
    ("停车", "v"),
    ("难", "a"),
    ("希望", "v"),
    ("的", "uj"),
]
MESSAGES = st.dictionaries(
    st.integers(1, 60), st.lists(st.sampled_from(WORDS), max_size=12), min_size=1, max_size=40
)


def read(messages: dict[int, list[tuple[str, str]]]) -> dict[int, tuple[tuple[tuple[str, str], ...], ...]]:
    return {key: runs_of(words) for key, words in messages.items()}


def test_words_of_any_message_names_and_numbers_end_a_run() -> None:
    words = [
        ("希望", "v"),
        ("消防", "n"),
        ("通道", "n"),
        ("，", "x"),
        ("王明", "nr"),
        ("油烟", "n"),
        ("A3", "n"),
    ]
    assert runs_of(words) == ((("消防", "n"), ("通道", "n")), (("油烟", "n"),))
    halved = [("操场", "n"), ("会", "v"), ("不会", "v"), ("开放", "v")]
    assert runs_of(halved) == ((("操场", "n"),), (("开放", "v"),)), "the cutter makes two words of 会不会"


def test_a_phrase_is_what_stands_together_and_the_longer_one_swallows_its_parts() -> None:
    talked = {
        n: [("堵塞", "v"), ("消防", "n"), ("通道", "n"), ("了", "ul"), (f"其他{'一二三四五六七'[n]}", "n")]
        for n in range(7)
    }
    other = {n: [("路灯", "n"), ("不亮", "a")] for n in range(10, 12)}
    found = topics_of(read(talked | other))
    assert [(topic.name, topic.keys) for topic in found] == [("堵塞消防通道", frozenset(range(7)))]
    assert topics_of(read(talked | other), names=["堵塞消防通道街道"]) == (), "a place's name is no topic"


def test_a_vague_word_needs_another_beside_it() -> None:
    said = {n: [("房屋", "n"), ("漏水", "n")] for n in range(5)} | {n: [("房屋", "n")] for n in range(5, 11)}
    said |= {n: [("路灯", "n")] for n in range(11, 13)} | {13: [], 14: []}
    assert [topic.name for topic in topics_of(read(said))] == ["房屋漏水"]


@settings(max_examples=30)
@given(MESSAGES, st.randoms(use_true_random=False))
def test_topics_are_counted_right_in_whatever_order(
    messages: dict[int, list[tuple[str, str]]], dice: random.Random
) -> None:
    items = list(messages.items())
    dice.shuffle(items)
    found = topics_of(read(messages))
    assert found == topics_of(read(dict(items)))
    joined = {key: ["".join(text for text, _ in run) for run in runs] for key, runs in read(messages).items()}
    for phrase in phrases_of(read(messages)):
        holding = {key for key, runs in joined.items() if any(phrase.text in run for run in runs)}
        assert len(phrase.keys) >= NAMED_FROM_FEW
        assert phrase.keys <= holding
    names = Counter(name for topic in found for name in (topic.name, *topic.also))
    assert not names or max(names.values()) == 1, "no phrase is in two topics"


@settings(max_examples=30)
@given(
    st.dictionaries(st.integers(1, 99), st.text("停车难路灯坏积水，", max_size=30), max_size=25), st.randoms()
)
def test_every_message_is_in_one_group_at_most(texts: dict[int, str], dice: random.Random) -> None:
    items = list(texts.items())
    dice.shuffle(items)
    found = alike_groups(texts)
    assert found == alike_groups(dict(items))
    sizes = Counter(found.values())
    assert set(found) <= set(texts)
    assert all(n > 1 for n in sizes.values())
    assert all(first == min(key for key, group in found.items() if group == first) for first in sizes)


def test_messages_with_a_word_changed_are_alike_and_others_are_not() -> None:
    text = "洋中路路口的红绿灯坏了三天，上下班车流大，孩子上学过马路很危险，请尽快修好。"
    assert alike_groups(
        {3: text, 7: text.replace("三天", "四天"), 9: "五一路的公厕晚上十点就关门，希望能延长开放时间。"}
    ) == {3: 3, 7: 3}


def test_a_private_text_joins_a_group_but_makes_none() -> None:
    half, other, third = (
        "洋中路路口的红绿灯坏了三天",
        "上下班车流大孩子上学危险",
        "请有关部门尽快派人来修好它",
    )
    texts = {2: half + other, 3: half + other + third, 4: other + third}
    assert alike_groups(texts) == {2: 2, 3: 2, 4: 2}
    assert alike_groups(texts, [3]) == {2: 2, 3: 2}, "2 and 4 would be apart without 3"
    assert alike_groups(texts, [2]) == {3: 3, 4: 3, 2: 3}
    assert alike_groups(texts, [2, 3, 4]) == {}


@pytest.mark.parametrize(
    ("public", "private", "shown"),
    [(0, 0, False), (2, 0, False), (2, 4, False), (3, 0, True), (3, 4, True), (1, 5, True), (0, 90, False)],
)
def test_a_few_private_messages_neither_bring_something_out_nor_hide_it(
    public: int, private: int, shown: bool
) -> None:
    assert may_be_shown(public, private, NAMED_FROM_FEW) is shown


@given(st.integers(0, 99))
def test_of_private_messages_is_told_in_fives_and_of_fewer_nothing(n: int) -> None:
    assert told_of(n) % 5 == 0
    assert n - 5 < told_of(n) <= n


@pytest.mark.parametrize(("private", "named"), [(0, True), (4, True), (5, True), (6, True), (7, False)])
def test_a_phrase_is_named_if_the_public_uses_it(private: int, named: bool) -> None:
    said = {n: [("路灯", "n"), ("不亮", "a")] for n in range(20, 23)}
    said |= {n: [("房屋", "n"), ("漏水", "n")] for n in range(7)}
    found = topics_of(read(said), private=range(private))
    assert ("房屋漏水" in {topic.name for topic in found}) is named
    few = topics_of(read({n: said[n] for n in (0, 1, 2, 20, 21, 22)}), private=[0])
    assert [topic.name for topic in few] == ["路灯不亮"], "two public ones and a private one would tell of it"


def test_heat_halves_in_two_weeks_and_doubles_over_many_streets() -> None:
    assert heat({DAY: 3}, [3], DAY) == 3.0
    assert heat({DAY - timedelta(days=14): 4}, [], DAY) == 2.0
    assert heat({DAY: 4}, [2, 2], DAY) == 6.0
    assert heat({DAY: 10}, [1] * 10, DAY) == 19.0


@given(
    st.lists(st.integers(0, 50), max_size=12),
    st.dictionaries(st.integers(0, 400), st.integers(1, 9), max_size=20),
)
def test_heat_lies_between_nothing_and_twice_the_writers(streets: list[int], ages: dict[int, int]) -> None:
    assert 0 <= evenness(streets) < 1
    by_day = {DAY - timedelta(days=age): n for age, n in ages.items()}
    assert 0 <= heat(by_day, streets, DAY) <= 2 * sum(ages.values()) + 0.05


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(4, 0, 0, 100, 100, 1000), None),
        (Seen(6, 0, 0, 100, 100, 1000), Mark.NEW),
        (Seen(5, 0, 0, 100, 90, 100), None),
        (Seen(6, 0, 2, 100, 100, 1000), None),
        (Seen(30, 10, 40, 100, 100, 1000), Mark.RISING),
        (Seen(8, 6, 9, 100, 100, 1000), None),
        (Seen(30, 10, 40, 300, 100, 1000), None),
        (Seen(300, 240, 900, 9000, 9000, 90000), None),
        (Seen(9, 0, 0, 100, 0, 0), None),
    ],
    ids=[
        "too few",
        "new",
        "new by chance",
        "came back",
        "rising",
        "by chance",
        "all grew",
        "grew little",
        "not covered",
    ],
)
def test_new_and_rising_are_more_than_chance(seen: Seen, expected: Mark | None) -> None:
    assert mark(seen) is expected


def test_the_chance_is_that_of_the_binomial() -> None:
    assert chance_of(5, 5, 1, 1) == pytest.approx(1 / 32)
    assert chance_of(1, 2, 1, 3) == pytest.approx(7 / 16)
    assert chance_of(0, 9, 5, 5) == pytest.approx(1)


@given(st.dictionaries(st.integers(0, 100), st.integers(1, 9), max_size=30), st.integers(0, 100))
def test_weeks_add_up_and_begin_on_mondays(ages: dict[int, int], length: int) -> None:
    period = Period(DAY - timedelta(days=length), DAY)
    days = {DAY - timedelta(days=age): n for age, n in ages.items() if age <= length}
    found = weeks(days, period)
    assert sum(n for _, n in found) == sum(days.values())
    assert all(monday.weekday() == 0 for monday, _ in found)


VOICES = st.lists(
    st.builds(
        Voice,
        case_id=st.integers(1, 10**6),
        day=st.integers(0, 60).map(lambda age: DAY - timedelta(days=age)),
        street_id=st.sampled_from([None, 1, 2, 3]),
        writer=st.integers(1, 12),
        alike=st.sampled_from([None, 1, 2]),
        topics=st.lists(st.integers(0, 4), unique=True, max_size=3),
    ),
    max_size=60,
    unique_by=lambda voice: voice.case_id,
)


@settings(max_examples=30)
@given(
    VOICES,
    st.dictionaries(st.integers(0, 4), st.integers(0, 9)),
    st.integers(0, 40),
    st.randoms(use_true_random=False),
)
def test_counts_add_up_whatever_is_private(
    voices: list[Voice], private: dict[int, int], length: int, dice: random.Random
) -> None:
    talk = talk_of(voices, Period(DAY - timedelta(days=length), DAY))
    assert len(talk.now) + len(talk.earlier) == len(voices)
    assert all(voice in talk.earlier for voice in talk.before)
    found = shown_tallies(talk.now, private, topics_of_voice, 3)
    in_fives = {key: told_of(n) for key, n in private.items()}
    assert found == shown_tallies(talk.now, in_fives, topics_of_voice, 3), "no more is told than in fives"
    shuffled = dice.sample(talk.now, len(talk.now))
    assert {key: (one.n, one.heat(DAY)) for key, one in found.items()} == {
        key: (one.n, one.heat(DAY))
        for key, one in shown_tallies(shuffled, private, topics_of_voice, 3).items()
    }
    for key, one in found.items():
        own = [voice for voice in talk.now if key in voice.topics]
        assert one.n == len(own) == one.days.total() == one.streets.total() > 0
        assert len(own) >= 3 or private[key] >= 5
        assert set(one.newest) == {voice.writer for voice in own}
    groups = shown_tallies(talk.now, {}, group_of_voice, 2)
    assert sum(one.n for one in groups.values()) <= len(talk.now), "each message is in one group at most"
    for key, case_ids in newest_of(talk.now, topics_of_voice, found, 3).items():
        by_case = {voice.case_id: voice for voice in talk.now}
        assert all(key in by_case[case_id].topics for case_id in case_ids)
        assert len({by_case[case_id].writer for case_id in case_ids}) == len(case_ids) <= 3


def test_voice_by_voice_a_topic_is_seen_in_each_time() -> None:
    days = (0, 1, 8, 9, 30)
    voices = [Voice(n, DAY - timedelta(days=age), 1, n, None, [7]) for n, age in enumerate(days)]
    talk = talk_of(voices, Period(DAY - timedelta(days=6), DAY))
    assert seen_of(talk, {7, 8}) == {7: Seen(2, 2, 3, 2, 2, 3), 8: Seen(0, 0, 0, 2, 2, 3)}


def test_a_period_that_runs_ends_today_so_that_heat_fades_by_days_that_have_come() -> None:
    today = date(2026, 11, 20)
    ends = {
        text: read_topic_choice({"period": text}, today).period.until
        for text in ("2026-10", "2026-11", "2027")
    }
    assert ends == {"2026-10": date(2026, 10, 31), "2026-11": today, "2027": date(2027, 12, 31)}
