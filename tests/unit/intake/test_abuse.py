"""What becomes of a message: the milder outcome for a block of flats, and never milder for more suspicion."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.rules import HeldBecause
from civic.core.windows import Tally, slot_of
from civic.intake.rules import Limits, Outcome, Proof, Signs, decide, is_advertising

NOW = datetime(2026, 9, 7, 9, 33, 20, tzinfo=UTC)
LIMITS = Limits(address_hold=20, address_refuse=300, browser_hold=5, browser_refuse=20)
SLOT = slot_of(NOW)


def just_now(n: int) -> Tally:
    return Tally(((SLOT, n),))


def tallies(most: int) -> st.SearchStrategy[dict[datetime, int]]:
    slots = st.integers(0, 300).map(lambda n: SLOT - timedelta(minutes=5 * n))
    return st.dictionaries(slots, st.integers(1, most), max_size=8)


def as_tally(slots: dict[datetime, int]) -> Tally:
    return Tally(tuple(sorted(slots.items())))


signs = st.builds(
    Signs,
    proof=st.sampled_from(Proof),
    trap=st.booleans(),
    quick=st.booleans(),
    advertising=st.booleans(),
    same_text=st.integers(0, 6),
    address=tallies(400).map(as_tally),
    browser=tallies(30).map(as_tally),
)
limits = st.builds(
    Limits,
    address_hold=st.integers(1, 50),
    address_refuse=st.integers(1, 400),
    browser_hold=st.integers(1, 30),
    browser_refuse=st.integers(1, 60),
)


def more(one: Signs, other: Signs) -> Signs:
    """Signs that are at least as suspicious as both."""

    def added(a: Tally, b: Tally) -> Tally:
        slots = dict(a.slots)
        for at, n in b.slots:
            slots[at] = slots.get(at, 0) + n
        return as_tally(slots)

    return Signs(
        proof=max(one.proof, other.proof),
        trap=one.trap or other.trap,
        quick=one.quick or other.quick,
        advertising=one.advertising or other.advertising,
        same_text=max(one.same_text, other.same_text),
        address=added(one.address, other.address),
        browser=added(one.browser, other.browser),
    )


@given(signs, signs, limits)
def test_more_suspicion_never_leads_to_a_milder_outcome(one: Signs, other: Signs, given: Limits) -> None:
    mild, strict = decide(one, given, NOW), decide(more(one, other), given, NOW)
    assert strict.outcome >= mild.outcome
    assert set(mild.because) <= set(strict.because)
    assert (strict.again_at or NOW) >= (mild.again_at or NOW)


@given(signs, limits)
def test_a_decision_always_says_why_and_until_when(one: Signs, given: Limits) -> None:
    decision = decide(one, given, NOW)
    assert (decision.outcome is Outcome.REFUSE) == (decision.again_at is not None)
    assert decision.outcome is not Outcome.HOLD or decision.because
    assert decision.outcome is not Outcome.TAKE or not decision.because


@given(signs, limits)
def test_whoever_waits_as_told_is_let_in(one: Signs, given: Limits) -> None:
    decision = decide(one, given, NOW)
    if decision.again_at:
        assert decide(one, given, decision.again_at).outcome is not Outcome.REFUSE


def test_a_plain_message_with_its_proof_is_taken() -> None:
    assert decide(Signs(), LIMITS, NOW).outcome is Outcome.TAKE


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        ({"proof": Proof.ABSENT}, HeldBecause.NO_PROOF),
        ({"proof": Proof.BAD}, HeldBecause.BAD_PROOF),
        ({"trap": True}, HeldBecause.TRAP),
        ({"quick": True}, HeldBecause.QUICK),
        ({"advertising": True}, HeldBecause.ADVERTISING),
        ({"same_text": 3}, HeldBecause.SAME_TEXT),
        ({"address": just_now(20)}, HeldBecause.ADDRESS),
        ({"browser": just_now(5)}, HeldBecause.BROWSER),
    ],
)
def test_one_sign_holds_a_message_and_refuses_none(sign: dict[str, object], reason: HeldBecause) -> None:
    decision = decide(replace(Signs(), **sign), LIMITS, NOW)  # type: ignore[arg-type]
    assert decision.outcome is Outcome.HOLD
    assert reason in decision.because


@pytest.mark.parametrize(
    ("signs", "outcome"),
    [
        (Signs(address=just_now(19), browser=just_now(4)), Outcome.TAKE),
        (Signs(address=just_now(299)), Outcome.HOLD),
        (Signs(address=just_now(300)), Outcome.REFUSE),
        (Signs(browser=just_now(19)), Outcome.HOLD),
        (Signs(browser=just_now(20)), Outcome.REFUSE),
        (Signs(proof=Proof.ABSENT, address=just_now(74)), Outcome.HOLD),
        (Signs(proof=Proof.ABSENT, address=just_now(75)), Outcome.REFUSE),
        (Signs(proof=Proof.ABSENT, browser=just_now(5)), Outcome.REFUSE),
    ],
)
def test_an_address_is_refused_only_at_an_absurd_rate(signs: Signs, outcome: Outcome) -> None:
    assert decide(signs, LIMITS, NOW).outcome is outcome


@pytest.mark.parametrize(
    "text",
    [
        "专业代开发票，低税点，加微信 fp88888 联系",
        "无抵押贷款当天放款 +V信 daikuan2026",
        "高额返利！https://spam.example/a 快来",
        "看看 https://a.example/1 https://b.example/2 www.c.example/3",
    ],
)
def test_what_sells_is_taken_for_advertising(text: str) -> None:
    assert is_advertising(text)


@pytest.mark.parametrize(
    "text",
    [
        "小区门口有人发无抵押贷款的小广告，请清理。",
        "楼道里贴满代开发票的电话，城管能不能管一管？",
        "规划全文见 https://www.fuzhou.gov.cn/a https://www.taijiang.gov.cn/b http://gov.cn/c，第三章写得不清楚。",
        "我加了社区微信群，可是没有人回复。",
        "视频在 https://video.example/abc ，请看路面积水。",
    ],
)
def test_complaining_about_advertising_or_sending_one_link_is_not(text: str) -> None:
    assert not is_advertising(text)
