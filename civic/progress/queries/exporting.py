"""What was published since a plan was printed, for its export: values, annual targets, money (docs/data-format.md)."""

from __future__ import annotations

from typing import Any

from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.plans.queries import IndicatorRow
from civic.progress.models import ObservationRow
from civic.progress.queries.budgets import Budget, Money, budgets
from civic.progress.queries.observations import current_rows
from civic.progress.queries.targets import TargetShown, annual_targets
from civic.progress.rules import Source


def exported_values(slug: str) -> dict[str, dict[str, Any]]:
    """{code: {observations, annual_targets} of an indicator, {budget} of a project}; three queries for a plan."""
    rows = plans.indicators(slug)
    published: dict[int, list[ObservationRow]] = {}
    for one in current_rows([row.ref.id for row in rows]):
        published.setdefault(one.item_id, []).append(one)
    targets, money = annual_targets(), budgets()
    codes = plans.item_refs(row.continues_id for row in rows if row.continues_id)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        before = codes.get(row.continues_id or 0)
        found[row.ref.code] = {
            "observations": [_observation(one, row) for one in published.get(row.ref.id, ())],
            "annual_targets": [_target(one) for one in targets.get(row.ref.id, ())],
            "continues": {"plan": before.plan_slug, "code": before.code} if before else None,
        }
    for project in plans.projects(slug):
        found[project.ref.code] = {"budget": _budget(money.get(project.ref.id))}
    return found


def _observation(one: ObservationRow, row: IndicatorRow) -> dict[str, Any]:
    return {
        "year": one.year,
        "value": one.value,
        "text": one.value,
        "unit": one.unit or row.unit,
        "cumulative": one.cumulative,
        "about": one.about,
        "published_on": local_day(one.published_at).isoformat() if one.published_at else None,
        "source": {
            "title": one.source_title,
            "link": one.source_link or None,
            "document": one.source_document or None,
            "date": one.source_date.isoformat() if one.source_date else None,
            "note": one.note or None,
        },
    }


def _target(one: TargetShown) -> dict[str, Any]:
    value = one.target.printed.value
    return {
        "year": one.target.year,
        "value": None if value is None else f"{value:f}",
        "text": one.target.printed.text,
        "as_rate": one.target.as_rate,
        "source": _source(one.target.source),
    }


def _budget(money: Budget | None) -> list[dict[str, Any]]:
    return [
        {"year": year.year, "kind": kind, "amount": f"{one.amount:f}", "source": _source(one.source)}
        for year in (money.years if money else ())
        for kind, one in _amounts(year.planned, year.spent)
    ]


def _amounts(planned: Money | None, spent: Money | None) -> list[tuple[str, Money]]:
    return [(kind, one) for kind, one in (("planned", planned), ("spent", spent)) if one is not None]


def _source(source: Source) -> dict[str, Any]:
    return {
        "title": source.text,
        "link": source.link or None,
        "document": source.document or None,
        "date": source.published_on or None,
        "note": source.note or None,
    }
