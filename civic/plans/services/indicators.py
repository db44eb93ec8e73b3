"""Indicators of a printed table become items with every cell as printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Indicator, Item
from civic.plans.rules import ItemKind, ParsedIndicator, ParsedTable, Printed, TargetKind, target_kind

AFTER_TEXT = 10_000
"""Positions: indicators stand after the text, projects after them, commitments last."""


def save_indicators(plan_id: int, table: ParsedTable, hints: dict[str, dict[str, Any]], diff: Any) -> None:
    """Write the rows of one table as the indicators of a plan; a row that is gone is withdrawn."""
    known = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    parent = known.get(table.section)
    for parsed in table.indicators:
        item = known.get(parsed.code)
        if item is None:
            item = Item(plan_id=plan_id, code=parsed.code, kind=ItemKind.INDICATOR.value)
            db.session.add(item)
            diff.added.append(parsed.code)
        elif (item.title, item.number) != (parsed.name, str(parsed.number)) or item.withdrawn:
            diff.changed.append(parsed.code)
        item.title, item.title_hant, item.number = parsed.name, traditional(parsed.name), str(parsed.number)
        item.position, item.withdrawn = AFTER_TEXT + table.number * 100 + parsed.number, False
        item.first_line = item.last_line = parsed.line
        item.parent_id = parent.id if parent else None
        db.session.flush()
        rewritten = _save(item.id, parsed, table.notes, hints.get(parsed.code, {}))
        if rewritten and parsed.code not in (*diff.added, *diff.changed):
            diff.changed.append(parsed.code)
    listed = {parsed.code for parsed in table.indicators}
    for item in known.values():
        if item.kind == ItemKind.INDICATOR.value and item.code not in listed and not item.withdrawn:
            item.withdrawn = True
            diff.withdrawn.append(item.code)


def _save(item_id: int, parsed: ParsedIndicator, notes: tuple[str, ...], hint: dict[str, Any]) -> bool:
    row = db.session.get(Indicator, item_id) or Indicator(item_id=item_id)
    printed = {
        role: printed_as_json(getattr(parsed, role))
        for role in ("baseline", "target", "target_rate", "result", "result_rate")
    }
    kind = TargetKind(hint.get("target_kind") or target_kind(parsed))
    changed = (row.printed, row.target_kind, row.unit) != (printed, kind.value, parsed.unit)
    row.number, row.unit, row.category = parsed.number, parsed.unit, parsed.category
    row.category_hant = traditional(parsed.category)
    row.nature = parsed.nature.value if parsed.nature else None
    row.target_kind, row.lower_is_better = kind.value, bool(hint.get("lower_is_better", False))
    row.baseline_year, row.target_year = parsed.baseline_year, parsed.target_year
    row.printed, row.notes = printed, list(notes)
    db.session.add(row)
    return changed


def printed_as_json(printed: Printed | None) -> dict[str, Any] | None:
    """A printed cell for the database: the number as a decimal string, exactly as it stands."""
    if printed is None:
        return None
    return {
        "text": printed.text,
        "value": None if printed.value is None else str(printed.value),
        "qualifier": printed.qualifier,
        "cumulative": printed.cumulative,
        "unit": printed.unit,
    }


def cell_of(stored: dict[str, Any] | None) -> Printed | None:
    """A printed cell as the database holds it, read back."""
    if stored is None:
        return None
    value = None if stored["value"] is None else Decimal(stored["value"])
    return Printed(stored["text"], value, stored["qualifier"], stored["cumulative"], stored["unit"])
