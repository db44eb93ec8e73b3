"""The one answer of several messages: who may judge it until when, and what an objection leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import (
    MAX_REOPENINGS,
    CaseAction,
    CaseFacts,
    CaseStatus,
    CommonAnswer,
    Judgement,
    Measure,
    RatingLevel,
    Situation,
    common_answer,
    contributions,
    is_content,
    judging_refusal,
    outlook_together,
)
from civic.cases.rules.counters import NOBODY
from civic.cases.rules.outlook import OBJECTING, OBJECTING_ALONE, TOGETHER
from tests.unit.cases.happenings import LEVELS, at, story

A = CaseAction
WATER, ROADS = 11, 12
OPEN = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": ROADS}), (A.ACCEPT, at(1)))
ANSWERED = (
    *OPEN,
    (A.DRAFT_REPLY, at(3), {"reply_id": 4, "account_id": 1}),
    (A.PUBLISH_REPLY, at(3), {"resolution": "explained", "account_id": 2}),
)
MERGED = ((A.SUBMIT, at()), (A.ROUTE, at(), {"department_id": WATER}), (A.MERGE, at(2), {"survivor_id": 9}))


def common_of(survivor: CaseFacts, merged: CaseFacts | None = None) -> CommonAnswer:
    found = common_answer(merged or story(*MERGED), survivor)
    assert found is not None
    return found


def judged(facts: CaseFacts, common: CommonAnswer, level: RatingLevel) -> CaseFacts:
    said = Judgement(common.case_id, common.round, ROADS, level, date(2026, 9, 12))
    return replace(facts, judgements=(*facts.judgements, said))


def test_the_answer_that_stands_is_the_common_one_and_closing_takes_nothing_away() -> None:
    merged, survivor = story(*MERGED), story(*ANSWERED)
    assert common_answer(merged, story(*OPEN)) is None
    common = common_of(survivor)
    assert (common.case_id, common.round, common.reply_id, common.department_id) == (9, 1, 4, ROADS)
    content = story(*ANSWERED, (A.RATE, at(4), {"level": "satisfied"}), (A.CLOSE, at(4)))
    assert common_of(content) == common
    again = story(*ANSWERED, (A.RATE, at(4), {"level": "dissatisfied"}), (A.REOPEN, at(4)))
    assert common_answer(merged, again) is None, "a new answer is owed"
    late = story(*MERGED[:2], (A.MERGE, at(15), {"survivor_id": 9, "judge_until": at(30).isoformat()}))
    assert common_of(survivor, late).until == at(30) > common.until


@given(
    hours=st.integers(-500, 500),
    level=st.sampled_from([None, *RatingLevel]),
    times=st.integers(0, MAX_REOPENINGS + 1),
)
def test_what_may_be_said_is_what_the_page_tells(hours: int, level: RatingLevel | None, times: int) -> None:
    common = common_of(story(*ANSWERED))
    facts = judged(story(*MERGED), common, level) if level else story(*MERGED)
    facts = judged(facts, replace(common, round=7), RatingLevel.SATISFIED)
    now: datetime = common.until + timedelta(hours=hours)
    may_rate = judging_refusal(facts, common, A.RATE, now) is None
    may_object = judging_refusal(facts, common, A.REOPEN, now) is None
    assert may_rate == (hours <= 0 and level is None)
    assert may_object == (hours <= 0 and level in (None, RatingLevel.DISSATISFIED))
    found = outlook_together(facts, common, now, LEVELS)
    words = found.sentences[0].msgid
    assert words == TOGETHER["answered" if may_rate else "disputed" if may_object else "finished"]
    assert (found.objection is not None) == may_object
    assert (found.situation is Situation.DISPUTED) == (may_object and not may_rate)
    assert judging_refusal(facts, None, A.RATE, now)


def test_an_objection_takes_the_message_out_to_whoever_answered_and_then_to_the_dispatcher() -> None:
    said = {"level": "dissatisfied", "answered_case_id": 9, "round": 1, "department_id": ROADS}
    out = {"department_id": ROADS, "reply_id": 4}
    merge = (A.MERGE, at(5), {"survivor_id": 9})
    steps = (*MERGED, (A.RATE, at(4), said), (A.REOPEN, at(4), out))
    alone = story(*steps)
    assert (alone.status, alone.department_id, alone.survivor_id) == (CaseStatus.IN_PROGRESS, ROADS, None)
    assert (alone.reply_id, alone.round.reopened_from, alone.reopenings) == (4, ROADS, 1)
    assert alone.rounds[0].department_id == WATER
    for _ in range(MAX_REOPENINGS):
        steps = (*steps, merge, (A.RATE, at(6), said), (A.REOPEN, at(6), out))
    third = story(*steps)
    assert (third.status, third.department_id) == (CaseStatus.TRIAGE, None)
    assert third.escalated_at == at(6)
    common = common_of(story(*ANSWERED))
    told = [
        outlook_together(story(*part), common, at(4), LEVELS).objection for part in (MERGED, (*steps, merge))
    ]
    assert [one.msgid for one in told if one] == [OBJECTING_ALONE, OBJECTING[-1]]


def test_who_was_content_with_the_common_answer_has_nothing_left_to_be_answered() -> None:
    common = common_of(story(*ANSWERED))
    merged = story(*MERGED)
    assert not is_content(merged)
    assert not is_content(judged(merged, common, RatingLevel.DISSATISFIED))
    assert is_content(judged(merged, common, RatingLevel.BASICALLY_SATISFIED))
    assert not is_content(judged(merged, replace(common, case_id=8), RatingLevel.SATISFIED))


def test_what_was_late_with_the_dispatcher_stays_there_when_it_goes_along_with_another_case() -> None:
    late = ((A.SUBMIT, at()), (A.MERGE, at(20), {"survivor_id": 9}))
    along = story(*late, (A.FOLLOW, at(21), {"department_id": ROADS}))
    for facts in (story(*late), along):
        [owed] = [key for key in contributions(facts) if key.measure is Measure.REPLY_DUE]
        assert owed.department_id == NOBODY
