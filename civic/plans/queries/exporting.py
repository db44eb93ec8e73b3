"""The public export of a plan: every item with its text, every figure with its typed values, in a stable order.

The shape is documented in ``docs/data-format.md`` and doesn't change without a new version.
Numbers are decimal strings, exactly as printed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans.models import Item, Plan
from civic.plans.queries.reading import (
    TEXT_KINDS,
    commitments,
    indicators,
    items_of,
    paragraphs,
    plan_by_slug,
    plans,
    projects,
    responsibilities,
)
from civic.plans.queries.rows import CommitmentRow, IndicatorRow, ItemRef, PlanRow, ProjectRow
from civic.plans.rules import Coverage, ItemKind


def register_export_part(app: Flask, name: str, read: Callable[[str], Any]) -> None:
    """Let a feature above add a key to the export: ``read`` gets the plan's slug, what it gives is JSON-ready."""
    app.extensions.setdefault("civic.export", {})[name] = read


def register_export_values(app: Flask, read: Callable[[str], dict[str, dict[str, Any]]]) -> None:
    """Let a feature above add to indicators and projects of the export: {code: {key: JSON-ready value}} of a plan.

    A list is appended to the list that stands there already.
    """
    app.extensions.setdefault("civic.export_values", []).append(read)


def _with_values(rows: list[dict[str, Any]], found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        for key, value in found.get(row["code"], {}).items():
            row[key] = [*row[key], *value] if isinstance(row.get(key), list) else value
    return rows


def export(slug: str) -> dict[str, Any]:
    """A whole plan as one JSON-ready document; raises :class:`~civic.core.errors.NotFound`."""
    plan = plan_by_slug(slug, drafts=True)
    refs = items_of(slug)
    ids = [ref.id for ref in refs]
    duties = _duties(ids)
    codes = {ref.id: ref.code for ref in refs}
    texts: dict[int, list[str]] = {}
    for paragraph in paragraphs(ids):
        texts.setdefault(paragraph.item_id, []).append(paragraph.text)
    lines = _lines(slug)
    items = [
        {
            "code": ref.code,
            "kind": ref.kind.value,
            "number": ref.number,
            "title": ref.title,
            "parent": codes.get(ref.parent_id) if ref.parent_id else None,
            "paragraphs": texts.get(ref.id, []),
            "departments": duties.get(ref.id, []),
            "source_lines": lines[ref.id],
        }
        for ref in refs
        if ref.kind in TEXT_KINDS
    ]
    measured = [_indicator(row, duties) | _place(row.ref, codes, lines) for row in indicators(slug)]
    built = [_project(row, duties) | _place(row.ref, codes, lines) for row in projects(slug)]
    for read in current_app.extensions.get("civic.export_values", ()):
        found = read(slug)
        measured, built = _with_values(measured, found), _with_values(built, found)
    return {
        "plan": _plan(plan),
        "items": items,
        "indicators": measured,
        "projects": built,
        "commitments": [_commitment(row, duties) for row in commitments(slug, drafts=True)],
        **{name: read(slug) for name, read in current_app.extensions.get("civic.export", {}).items()},
    }


def texts_by_code(slug: str) -> dict[str, list[str]]:
    """What each item of a plan says, line by line, for showing what an import changes; {} for no such plan."""
    if not any(plan.slug == slug for plan in plans(drafts=True)):
        return {}
    refs = items_of(slug)
    found = {ref.code: [ref.title] for ref in refs}
    codes = {ref.id: ref.code for ref in refs}
    for paragraph in paragraphs(list(codes)):
        found[codes[paragraph.item_id]].append(paragraph.text)
    for row in indicators(slug):
        cells = (f"{role}: {cell['text']}" for role, cell in row.printed.items() if cell)
        found[row.ref.code] += [f"{row.unit}", *cells]
    return found


def report(slug: str) -> dict[str, Any]:
    """What the import that stands found: counts by kind, characters, gaps, warnings, errata."""
    plan = plan_by_slug(slug, drafts=True)
    counts = dict.fromkeys((kind.value for kind in ItemKind), 0)
    for ref in items_of(slug):
        counts[ref.kind.value] += 1
    kept = db.session.scalar(select(Plan.report).where(Plan.slug == slug)) or {}
    characters = kept.get("characters", {"in": 0, "placed": 0})
    coverage = Coverage(characters["in"], characters["placed"])
    return {
        "plan": slug,
        "status": plan.status,
        "counts": counts,
        "characters": {
            **characters,
            "unplaced": coverage.total - coverage.placed,
            "coverage": coverage.percent,
        },
        "unplaced": kept.get("unplaced", []),
        "warnings": kept.get("warnings", []),
        "errata": kept.get("errata", []),
    }


def _lines(slug: str) -> dict[int, list[int]]:
    query = select(Item.id, Item.first_line, Item.last_line).join(Plan, Plan.id == Item.plan_id)
    return {
        row.id: [row.first_line, row.last_line] for row in db.session.execute(query.where(Plan.slug == slug))
    }


def _place(ref: ItemRef, codes: dict[int, str], lines: dict[int, list[int]]) -> dict[str, Any]:
    parent = codes.get(ref.parent_id) if ref.parent_id else None
    return {"parent": parent, "source_lines": lines[ref.id]}


def _duties(ids: list[int]) -> dict[int, list[dict[str, str]]]:
    rows = responsibilities(ids)
    names = departments.department_names({row.department_id for found in rows.values() for row in found})
    return {
        item_id: [{"key": names[row.department_id].key, "role": row.role} for row in found]
        for item_id, found in rows.items()
    }


def _plan(plan: PlanRow) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "status": plan.status,
        "title": plan.title,
        "document_number": plan.document_number,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "issued_by": plan.issued_by,
        "approved_on": plan.approved_on.isoformat() if plan.approved_on else None,
        "approved_by": plan.approved_by,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
    }


def _value(year: int, cell: dict[str, Any] | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    shown = {"year": year, "value": cell["value"], "text": cell["text"]}
    return {**shown, "qualifier": cell["qualifier"]} if cell["qualifier"] else shown


def _indicator(row: IndicatorRow, duties: dict[int, list[dict[str, str]]]) -> dict[str, Any]:
    printed = row.printed
    rate, result = printed.get("target_rate"), printed.get("result")
    return {
        "code": row.ref.code,
        "number": row.number,
        "name": row.ref.title,
        "unit": row.unit,
        "category": row.category,
        "nature": row.nature,
        "baseline": _value(row.baseline_year, printed.get("baseline")),
        "target": _value(row.target_year, printed.get("target")),
        "growth": rate["value"] if rate and not rate["cumulative"] else None,
        "cumulative": _cumulative(printed),
        "target_rate_text": rate["text"] if rate else None,
        "target_kind": row.target_kind,
        "lower_is_better": row.lower_is_better,
        "observations": _observations(row, result),
        "notes": list(row.notes),
        "departments": duties.get(row.ref.id, []),
    }


def _cumulative(printed: dict[str, Any]) -> str | None:
    """The five-year sum or increment printed in [ ], from the target's cell or the one beside it."""
    for role in ("target", "target_rate"):
        cell = printed.get(role)
        if cell and cell["cumulative"]:
            return str(cell["value"])
    return None


def _observations(row: IndicatorRow, result: dict[str, Any] | None) -> list[dict[str, Any]]:
    found = [_value(row.baseline_year, row.printed.get("baseline"))]
    if result is not None:
        shown = _value(row.target_year, result)
        assert shown is not None
        rate = row.printed.get("result_rate")
        found.append(
            {**shown, "unit": result["unit"] or row.unit, "cumulative": result["cumulative"],
             "rate_text": rate["text"] if rate else None}
        )  # fmt: skip
    return [value for value in found if value is not None]


def _project(row: ProjectRow, duties: dict[int, list[dict[str, str]]]) -> dict[str, Any]:
    return {
        "code": row.ref.code,
        "box": row.box,
        "category": row.category,
        "name": row.ref.title,
        "action": row.action or None,
        "departments": duties.get(row.ref.id, []),
    }


def _commitment(row: CommitmentRow, duties: dict[int, list[dict[str, str]]]) -> dict[str, Any]:
    return {
        "code": row.ref.code,
        "clause": row.clause.code,
        "area": row.area,
        "title": row.ref.title,
        "quote": row.quote,
        "measure": row.measure,
        "deadline": row.deadline.isoformat() if row.deadline else None,
        "departments": duties.get(row.ref.id, []),
    }
