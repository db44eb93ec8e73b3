"""Both printed tables of the real plan: 18 results judged against their targets, 18 targets without data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from civic.plans.rules import ParsedIndicator
from civic.progress.rules import Basis, Observation, Reason, Status, Verdict, assess
from tests.unit.progress.printed_rows import facts_of, printed_rows, result_of

DONE, MISSED, OPEN = Status.ACHIEVED, Status.MISSED, Status.UNDETERMINED

TABLE_1 = {
    "T1-01": ("地区生产总值", DONE, None),
    "T1-02": ("人均地区生产总值", DONE, None),
    "T1-03": ("一般公共预算总收入", MISSED, None),
    "T1-04": ("地方一般公共预算收入", MISSED, None),
    "T1-05": ("固定资产投资", MISSED, None),
    "T1-06": ("社会消费品零售总额", MISSED, None),
    "T1-07": ("外贸出口额", DONE, None),
    "T1-08": ("实际利用外资", OPEN, Reason.BASIS_CHANGED),
    "T1-09": ("服务业增加值比重", DONE, None),
    "T1-10": ("研究与试验发展(R&D)经费投入强度", DONE, None),
    "T1-11": ("新认定高新技术企业", DONE, None),
    "T1-12": ("众创空间数量", DONE, None),
    "T1-13": ("居民人均可支配收入", MISSED, None),
    "T1-14": ("财政性教育经费支出占财政一般性预算支出比重", DONE, None),
    "T1-15": ("城镇新增就业人数", DONE, None),
    "T1-16": ("城市优良空气天数比例", OPEN, Reason.REFERENCE_MISSING),
    "T1-17": ("城市细颗粒物(PM2.5)年均浓度", DONE, None),
    "T1-18": ("内河水质达标率", DONE, None),
}


@pytest.fixture(scope="module")
def rows() -> dict[str, ParsedIndicator]:
    return printed_rows()


def judge(row: ParsedIndicator) -> Verdict:
    return assess(facts_of(row), result_of(row), row.target_year)


@pytest.mark.parametrize("code", TABLE_1)
def test_results_of_the_finished_plan(code: str, rows: dict[str, ParsedIndicator]) -> None:
    name, status, reason = TABLE_1[code]
    verdict = judge(rows[code])
    assert (rows[code].name, verdict.status, verdict.reason) == (name, status, reason)
    assert verdict.calculation


@pytest.mark.parametrize("code", [f"T2-{number:02}" for number in range(1, 19)])
def test_targets_of_the_running_plan_have_no_status_yet(code: str, rows: dict[str, ParsedIndicator]) -> None:
    row = rows[code]
    verdict = assess(facts_of(row), result_of(row), 2024)
    assert (verdict.status, verdict.reason) == (OPEN, Reason.NO_DATA)
    assert verdict.observed is None
    assert verdict.time_share == Decimal("0.8")


def test_where_the_print_disagrees_with_itself_both_answers_are_given(
    rows: dict[str, ParsedIndicator],
) -> None:
    seconds = {
        code: [(second.basis, second.status) for second in judge(row).seconds]
        for code, row in rows.items()
        if judge(row).seconds
    }
    rate, level = Basis.PRINTED_RATE, Basis.IMPLIED_TARGET
    assert seconds == {
        "T1-01": [(rate, MISSED)],
        "T1-02": [(level, DONE), (rate, MISSED)],
        "T1-04": [(rate, MISSED)],
        "T1-06": [(rate, MISSED)],
        "T1-07": [(rate, DONE)],
        "T1-13": [(rate, MISSED)],
        "T2-06": [(level, None)],
    }


def test_patents_lead_to_another_level_than_is_printed(rows: dict[str, ParsedIndicator]) -> None:
    second = judge(rows["T2-06"]).second
    assert second is not None
    assert round(second.goal, 2) == Decimal("12.76")
    assert judge(rows["T2-06"]).goal == 13
    between = assess(facts_of(rows["T2-06"]), [Observation(2025, Decimal("12.8"))], 2025)
    assert between.status is MISSED
    assert [one.status for one in between.seconds] == [DONE]


def test_a_target_of_a_rate_alone_is_computed(rows: dict[str, ParsedIndicator]) -> None:
    verdict = judge(rows["T1-07"])
    assert verdict.goal is not None
    assert round(verdict.goal, 2) == Decimal("72.53")
