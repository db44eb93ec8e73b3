"""The public report of a plan's indicators: each status with the numbers it was made of, in a stable order.

The shape is documented in ``docs/progress.md``. Numbers are decimal strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from civic.plans.queries import IndicatorRow, ItemRef, item_refs
from civic.plans.rules import Printed
from civic.progress.queries.statuses import IndicatorStatus, indicator_statuses
from civic.progress.queries.tolerances import tolerances
from civic.progress.rules import (
    BASIS_TEXTS,
    AnnualTarget,
    AnnualVerdict,
    Line,
    Observation,
    SecondVerdict,
    distribution,
    judged_year,
)

SHARE_PLACES = Decimal("0.0001")


def status_report(plan_slug: str, today: date) -> dict[str, Any]:
    """All indicators of a published plan; raises :class:`~civic.core.errors.NotFound`."""
    statuses = indicator_statuses(plan_slug, today)
    cuts, codes = tolerances(), item_refs(one.row.continues_id for one in statuses if one.row.continues_id)
    counts = distribution((one.verdict.status, one.verdict.reason) for one in statuses)
    return {
        "plan": plan_slug,
        "year": judged_year(today),
        "counts": [
            {"status": label, "square": square.value, "count": n} for label, square, n in counts.parts
        ],
        "cut_offs": {one.name: f"{getattr(cuts, one.name):f}" for one in fields(cuts)},
        "indicators": [_indicator(one, codes) for one in statuses],
    }


def say_line(line: Line) -> str:
    """One sentence of a calculation in English."""
    return line.text % line.params


def _indicator(one: IndicatorStatus, codes: Mapping[int, ItemRef]) -> dict[str, Any]:
    facts, verdict = one.facts, one.verdict
    observed = None
    if verdict.year is not None:
        observed = {"year": verdict.year, "value": _plain(verdict.observed)}
    return {
        "code": one.row.ref.code,
        "name": one.row.ref.title,
        "unit": one.row.unit,
        "kind": facts.kind.value,
        "baseline": _printed(facts.baseline_year, facts.baseline),
        "target": _printed(facts.target_year, facts.target),
        "target_rate": facts.target_rate.text if facts.target_rate else None,
        "goal": _rounded(verdict.goal),
        "observations": [_observation(value, one) for value in one.observations],
        "observed": observed,
        "share": _rounded(verdict.achieved_share),
        "time_share": _rounded(verdict.time_share),
        "path": _rounded(verdict.path_value),
        "average_growth": _rounded(verdict.average_growth),
        "required_growth": _rounded(verdict.required_growth),
        "status": verdict.status.value,
        "reason": verdict.reason.value if verdict.reason else None,
        "explanation": [say_line(line) for line in verdict.calculation],
        "annual_target": _annual(verdict.annual),
        "annual_targets": [_asked(target) for target in facts.annual],
        "continues": _continues(one.row, codes),
        "other_verdicts": [_second(second) for second in verdict.seconds],
    }


def _asked(target: AnnualTarget) -> dict[str, Any]:
    return {
        "year": target.year,
        "text": target.printed.text,
        "as_rate": target.as_rate,
        "source": target.source.text,
        "source_number": target.source.document or None,
        "source_link": target.source.link or None,
    }


def _annual(annual: AnnualVerdict | None) -> dict[str, Any] | None:
    if annual is None:
        return None
    return {
        **_asked(annual.target),
        "goal": _rounded(annual.goal),
        "observed": _plain(annual.observed),
        "status": annual.status.value,
        "by_plan": annual.by_plan.value,
        "decides": annual.decides,
    }


def _continues(row: IndicatorRow, codes: Mapping[int, ItemRef]) -> dict[str, Any] | None:
    ref = codes.get(row.continues_id or 0)
    if ref is None:
        return None
    changed = row.series_break["zh"] if row.series_break else None
    return {"plan": ref.plan_slug, "code": ref.code, "changed": changed}


def _second(second: SecondVerdict) -> dict[str, Any]:
    return {
        "basis": second.basis.value,
        "text": BASIS_TEXTS[second.basis],
        "goal": _rounded(second.goal),
        "observed": _plain(second.observed),
        "status": second.status.value if second.status else None,
    }


def _observation(one: Observation, status: IndicatorStatus) -> dict[str, Any]:
    return {
        "year": one.year,
        "value": _plain(one.value),
        "unit": one.unit or status.facts.unit,
        "cumulative": one.cumulative,
        "provisional": one.year > status.judged_year,
        "rate": one.rate.text if one.rate else None,
        "source": one.source.text % one.source.params if one.source.params else one.source.text,
        "source_date": one.source.published_on or None,
        "source_link": one.source.link or None,
    }


def _printed(year: int, cell: Printed | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {"year": year, "value": _plain(cell.value), "text": cell.text, "qualifier": cell.qualifier or None}


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _rounded(value: Decimal | None) -> str | None:
    """Results to four places, without idle zeros."""
    if value is None:
        return None
    text = f"{value.quantize(SHARE_PLACES):f}"
    return text.rstrip("0").rstrip(".")
