"""Projects of the 专栏 boxes become items, one per name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Item, Project
from civic.plans.rules import ItemKind, ParsedBox

AFTER_INDICATORS = 20_000


def save_projects(plan_id: int, boxes: tuple[ParsedBox, ...], diff: Any) -> None:
    """Write the projects of all boxes; a name that moved in its box keeps its item, matched by code."""
    known = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    rows = {p.item_id: p for p in db.session.scalars(select(Project))}
    position = AFTER_INDICATORS
    for box in boxes:
        for parsed in box.projects:
            item = known.get(parsed.code)
            if item is None:
                item = Item(plan_id=plan_id, code=parsed.code, kind=ItemKind.PROJECT.value)
                db.session.add(item)
                diff.added.append(parsed.code)
            elif item.title != parsed.name:
                diff.changed.append(parsed.code)
            position += 1
            item.title, item.title_hant, item.position = parsed.name, traditional(parsed.name), position
            item.parent_id, item.withdrawn = known[box.section].id, False
            item.first_line = item.last_line = parsed.line
            db.session.flush()
            row = rows.get(item.id) or Project(item_id=item.id)
            row.box, row.box_title, row.action = parsed.box, box.title, parsed.action
            row.category, row.category_hant = parsed.category, traditional(parsed.category)
            db.session.add(row)
