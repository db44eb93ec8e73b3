"""Worked cases of the arithmetic, computed independently of this code."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from civic.plans.rules import Printed, TargetKind, read_printed
from civic.progress.rules import Facts, Observation, Reason, Reference, Source, Status, assess

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "status_vectors.json").read_text())["vectors"]
KINDS = {
    "growth": TargetKind.GROWTH,
    "level_increment": TargetKind.LEVEL,
    "cumulative": TargetKind.CUMULATIVE,
    "external_threshold_max": TargetKind.EXTERNAL,
    "external_assigned": TargetKind.EXTERNAL,
    "maintain_floor": TargetKind.MAINTAIN,
}
STATUSES = {
    "未达标": {Status.BEHIND},
    "达标": {Status.ON_TRACK, Status.ACHIEVED},
    "无法判定": {Status.UNDETERMINED},
}


def printed(value: object) -> Printed | None:
    return None if value is None else read_printed(str(value))


def facts_of(vector: dict[str, Any]) -> Facts:
    given = vector["inputs"]
    reference = given.get("reference", given.get("assigned"))
    floor = given.get("floor")
    return Facts(
        KINDS[vector["type"]],
        2020,
        2025,
        baseline=printed(given.get("base", floor)),
        target=printed(given.get("target", floor)),
        target_rate=printed(f"{Decimal(str(given['annual'])) * 100}%") if "annual" in given else None,
        lower_is_better=vector["type"] == "external_threshold_max",
        references=()
        if reference is None
        else (Reference(given["year"], Decimal(str(reference)), Source("")),),
    )


def observations_of(given: dict[str, Any]) -> list[Observation]:
    if "yearly" not in given:
        return [Observation(given.get("year", 2023), Decimal(str(given["actual"])))]
    first = 2021
    return [
        Observation(first + n, Decimal(str(value)))
        for n, value in enumerate(given["yearly"])
        if value is not None
    ]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['type']}-{v['indicator']}")
def test_vector(vector: dict[str, Any]) -> None:
    given, expect = vector["inputs"], vector["expect"]
    verdict = assess(facts_of(vector), observations_of(given), given.get("year", 2025))

    if "status" in expect:
        assert verdict.status in STATUSES[expect["status"]]
        return
    shares = {
        "path_value": verdict.path_value,
        "progress_log": verdict.achieved_share,
        "progress": verdict.achieved_share,
        "time_progress": verdict.time_share,
        "cumulative": verdict.observed,
    }
    for name, got in shares.items():
        if name in expect:
            assert got is not None
            assert abs(got - Decimal(str(expect[name]))) <= Decimal("0.00006"), name
    if "achieved_avg_growth_pct" in expect:
        assert verdict.average_growth is not None
        assert round(float(verdict.average_growth) * 100, 4) == expect["achieved_avg_growth_pct"]
        needed = verdict.required_growth
        got = None if needed is None else round(float(needed) * 100, 4)
        assert got == expect["required_remaining_growth_pct"]
    assert verdict.on_path is expect["on_path"]
    if "achieved" in expect:
        assert (verdict.status is Status.ACHIEVED) is expect["achieved"]


def test_a_sum_with_a_hole_says_which_year_is_missing() -> None:
    facts = Facts(TargetKind.CUMULATIVE, 2020, 2025, target=printed("[3.5]"))
    verdict = assess(facts, [Observation(2021, Decimal("0.9")), Observation(2023, Decimal("0.7"))], 2023)

    assert verdict.reason is Reason.INCOMPLETE
    assert verdict.observed is None
    assert verdict.calculation[0].params == {"years": "2022"}
