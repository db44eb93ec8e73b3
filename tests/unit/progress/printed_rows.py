"""The rows of both printed tables of the real plan, as facts and observations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from civic.plans.errata import read_errata
from civic.plans.importer import parse_plan
from civic.plans.rules import ParsedIndicator, target_kind
from civic.progress.rules import Facts, Observation

DATA = Path(__file__).resolve().parents[3] / "civic" / "data" / "taijiang"


@cache
def printed_rows() -> dict[str, ParsedIndicator]:
    """All 36 rows by code."""
    document = DATA / "taijiang-14fyp.md"
    plan = parse_plan(document.name, document.read_bytes(), read_errata(DATA / "errata.yaml"))
    return {row.code: row for table in plan.tables for row in table.indicators}


def facts_of(row: ParsedIndicator) -> Facts:
    """What the row asks."""
    return Facts(
        target_kind(row),
        row.baseline_year,
        row.target_year,
        row.unit,
        row.baseline,
        row.target,
        row.target_rate,
    )


def result_of(row: ParsedIndicator) -> list[Observation]:
    """The printed result, if there is one."""
    result = row.result
    if result is None or result.value is None:
        return []
    return [Observation(row.target_year, result.value, result.unit, result.cumulative, row.result_rate)]
