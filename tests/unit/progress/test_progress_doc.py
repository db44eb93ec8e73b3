"""Every example of ``docs/progress.md`` is what the arithmetic says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from civic.progress.rules import Observation, Status, Tolerances, Verdict, assess
from tests.unit.progress.printed_rows import facts_of, printed_rows, result_of

DOC = (Path(__file__).parents[3] / "docs" / "progress.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```text (.+)\n((?:.+\n)*?)```$", DOC, re.MULTILINE)


def judge(head: str) -> Verdict:
    code, *given = head.split()
    row = printed_rows()[code]
    known = [Observation(int(one[:4]), Decimal(one[5:])) for one in given] or result_of(row)
    return assess(facts_of(row), known, row.target_year)


@pytest.mark.parametrize(("head", "body"), EXAMPLES, ids=[head for head, _ in EXAMPLES])
def test_example(head: str, body: str) -> None:
    verdict = judge(head)
    outcome = f"→ {verdict.status.value} {verdict.reason.value if verdict.reason else ''}".strip()
    said = [line.text % line.params for line in verdict.calculation]
    seconds = [f"= {one.basis_text}: {one.status.value if one.status else ''}" for one in verdict.seconds]
    assert set(body.strip().splitlines()) <= {*said, outcome, *seconds}


def test_every_status_and_cut_off_is_explained() -> None:
    assert len(EXAMPLES) > 12
    for status in Status:
        assert f"`{status.value}`" in DOC
    assert Tolerances().ahead_by == Tolerances().behind_by == Decimal("0.05")
