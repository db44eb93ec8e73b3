"""Every example of ``docs/progress.md`` is what the arithmetic says."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from civic.departments.rules.district import CUT_OFFS
from civic.plans.rules import read_printed
from civic.progress.rules import AnnualTarget, Observation, Status, Tolerances, Verdict, assess
from tests.unit.progress.printed_rows import facts_of, printed_rows, result_of

DOC = (Path(__file__).parents[3] / "docs" / "progress.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```text (.+)\n((?:.+\n)*?)```$", DOC, re.MULTILINE)


def judge(head: str) -> Verdict:
    """``T2-01 2023=746.4 2023:750`` is a value and the target set for its year; ``%`` is growth."""
    code, *given = head.split()
    row = printed_rows()[code]
    values = [Observation(int(one[:4]), Decimal(one[5:])) for one in given if one[4] == "="]
    facts = replace(facts_of(row), annual=tuple(target_of(one) for one in given if one[4] == ":"))
    return assess(facts, values or result_of(row), row.target_year)


def target_of(text: str) -> AnnualTarget:
    cell = read_printed(text[5:])
    assert cell is not None
    return AnnualTarget(int(text[:4]), cell, "%" in text)


@pytest.mark.parametrize(("head", "body"), EXAMPLES, ids=[head for head, _ in EXAMPLES])
def test_example(head: str, body: str) -> None:
    verdict = judge(head)
    outcome = f"→ {verdict.status.value} {verdict.reason.value if verdict.reason else ''}".strip()
    said = [line.text % line.params for line in verdict.calculation]
    annual = verdict.annual
    by_plan = [f"= By the plan’s own way: {annual.by_plan.value}"] if annual else []
    seconds = [f"= {one.basis_text}: {one.status.value if one.status else ''}" for one in verdict.seconds]
    assert set(body.strip().splitlines()) <= {*said, outcome, *seconds, *by_plan}


def test_every_status_and_cut_off_is_explained() -> None:
    assert len(EXAMPLES) > 12
    for status in Status:
        assert f"`{status.value}`" in DOC
    defaults = Tolerances()
    assert {name: Decimal(share) for name, share in CUT_OFFS.items()} == {
        "ahead_by": defaults.ahead_by, "behind_by": defaults.behind_by, "around_by": defaults.around_by,
    }  # fmt: skip
    for name, share in CUT_OFFS.items():
        assert f"`{name}`" in DOC
        assert f"{Decimal(share):.0%}".replace("%", " %") in DOC
