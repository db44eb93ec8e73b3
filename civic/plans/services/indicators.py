"""Indicators of a printed table become items with every cell as printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Indicator, Item
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.rules import ItemKind, ParsedIndicator, ParsedTable, Printed, TargetKind, target_kind
from civic.plans.services.diffs import Diff
from civic.plans.services.gate import Gate, differing
from civic.plans.services.items import NEW, retitle, withdraw

AFTER_TEXT = 10_000
"""Positions: indicators stand after the text, projects after them, commitments last."""


def save_indicators(gate: Gate, table: ParsedTable, hints: dict[str, dict[str, Any]], diff: Diff) -> None:
    """Write the rows of one table as the indicators of a plan; a row that is gone is withdrawn.

    A published target changes only where the gate allows it, and then carries the adjustment's id.
    """
    plan_id = gate.plan.id
    known = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    parent = known.get(table.section)
    for parsed in table.indicators:
        item = known.get(parsed.code)
        new = item is None
        if item is None:
            item = Item(plan_id=plan_id, code=parsed.code, kind=ItemKind.INDICATOR.value)
            item.title, item.number, item.withdrawn = parsed.name, str(parsed.number), False
            db.session.add(item)
            diff.added.append(parsed.code)
        else:
            retitle(gate, item, parsed.name, str(parsed.number), diff)
        item.title_hant = traditional(item.title)
        item.position = AFTER_TEXT + table.number * 100 + parsed.number
        item.first_line = item.last_line = parsed.line
        item.parent_id = parent.id if parent else None
        db.session.flush()
        if new:
            gate.allow(item.id, item.code, Subject.ITEM, *NEW)
        _save(gate, item, parsed, table.notes, hints.get(parsed.code, {}), diff)
    listed = {parsed.code for parsed in table.indicators}
    for item in known.values():
        if item.kind == ItemKind.INDICATOR.value and item.code not in listed:
            withdraw(gate, item, diff)


CELLS = ("baseline", "target", "target_rate", "result", "result_rate")
PLAIN = ("target_kind", "lower_is_better", "baseline_year", "target_year", "unit")


def _save(
    gate: Gate, item: Item, parsed: ParsedIndicator, notes: tuple[str, ...], hint: dict[str, Any], diff: Diff
) -> None:
    row = db.session.get(Indicator, item.id)
    given: dict[str, Any] = {role: printed_as_json(getattr(parsed, role)) for role in CELLS}
    given |= {
        "target_kind": TargetKind(hint.get("target_kind") or target_kind(parsed)).value,
        "lower_is_better": bool(hint.get("lower_is_better", False)),
        "baseline_year": parsed.baseline_year,
        "target_year": parsed.target_year,
        "unit": parsed.unit,
    }
    if row is None:
        row = Indicator(item_id=item.id, number=parsed.number)
        _write(row, given)
    else:
        stands = {
            **{role: row.printed.get(role) for role in CELLS},
            **{name: getattr(row, name) for name in PLAIN},
        }
        said = {name: gate.standing(item.id, name, value, stands[name]) for name, value in given.items()}
        old, new = differing(stands, said)
        if new:
            diff.note(item.code)
            allowed = gate.allow(item.id, item.code, Subject.TARGET, old, new)
            if allowed:
                row.adjustment_id = allowed.adjustment_id or row.adjustment_id
                _write(row, said)
    row.number, row.category, row.category_hant = parsed.number, parsed.category, traditional(parsed.category)
    row.nature = parsed.nature.value if parsed.nature else None
    row.notes = list(notes)
    row.hant = in_traditional(row)
    db.session.add(row)


def in_traditional(row: Indicator) -> dict[str, str]:
    """Every text of the row by its Simplified form."""
    cells = [cell["text"] for cell in row.printed.values() if cell]
    return {text: traditional(text) for text in [row.unit, *row.notes, *cells] if text}


def _write(row: Indicator, said: dict[str, Any]) -> None:
    row.printed = {role: said[role] for role in CELLS}
    for name in PLAIN:
        setattr(row, name, said[name])


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
