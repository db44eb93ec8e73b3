"""Projects of the 专栏 boxes become items, one per name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Item, Project
from civic.plans.rules import ItemKind, ParsedBox, ParsedProject

AFTER_INDICATORS = 20_000


def save_projects(plan_id: int, boxes: tuple[ParsedBox, ...], diff: Any) -> None:
    """Write the projects of all boxes; those that are gone are withdrawn.

    A project keeps its code by its name, wherever in the box it stands now, so that feedback goes on
    pointing to what it meant; a corrected name keeps the code of its place.
    """
    known = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    rows = {p.item_id: p for p in db.session.scalars(select(Project))}
    before = {
        code: (rows[item.id].box, rows[item.id].category, item.title)
        for code, item in known.items()
        if item.kind == ItemKind.PROJECT.value and item.id in rows
    }
    codes = keep_codes(before, [project for box in boxes for project in box.projects])
    place = {(box.number, project.code): box for box in boxes for project in box.projects}
    for position, (code, parsed) in enumerate(codes, AFTER_INDICATORS + 1):
        item = known.get(code)
        if item is None:
            item = known[code] = Item(plan_id=plan_id, code=code, kind=ItemKind.PROJECT.value)
            db.session.add(item)
            diff.added.append(code)
        elif item.title != parsed.name or item.withdrawn:
            diff.changed.append(code)
        box = place[(parsed.box, parsed.code)]
        item.title, item.title_hant, item.position = parsed.name, traditional(parsed.name), position
        item.parent_id, item.withdrawn = known[box.section].id, False
        item.first_line = item.last_line = parsed.line
    db.session.flush()
    for code, parsed in codes:
        item, box = known[code], place[(parsed.box, parsed.code)]
        row = rows.get(item.id) or Project(item_id=item.id)
        row.box, row.box_title, row.action = parsed.box, box.title, parsed.action
        row.category, row.category_hant = parsed.category, traditional(parsed.category)
        db.session.add(row)
    listed = {code for code, _ in codes}
    for code in before:
        if code not in listed and not known[code].withdrawn:
            known[code].withdrawn = True
            diff.withdrawn.append(code)


def keep_codes(
    before: dict[str, tuple[int, str, str]], projects: list[ParsedProject]
) -> list[tuple[str, ParsedProject]]:
    """(code, project) in the order of the document. ``before``: {code: (box, category, name)} as it stands.

    First the same name in the same box and category; then the code of the place, if its old name
    is gone; otherwise a number of the box that nothing ever had.
    """
    free: dict[tuple[int, str, str], list[str]] = {}
    for code in sorted(before):
        free.setdefault(before[code], []).append(code)
    found: dict[int, str] = {}
    for index, project in enumerate(projects):
        if left := free.get((project.box, project.category, project.name)):
            found[index] = left.pop(0)
    taken = set(found.values())
    for index, project in enumerate(projects):
        if index in found:
            continue
        code = project.code if project.code not in taken else _next(project.box, {*before, *taken})
        found[index] = code
        taken.add(code)
    return [(found[index], project) for index, project in enumerate(projects)]


def _next(box: int, used: set[str]) -> str:
    numbers = [int(code.partition("-")[2]) for code in used if code.startswith(f"B{box}-")]
    return f"B{box}-{max(numbers, default=0) + 1:03d}"
