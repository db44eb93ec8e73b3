"""Projects of the 专栏 boxes become items, one per name."""

from __future__ import annotations

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Item, Project
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.rules import ItemKind, ParsedBox, ParsedProject
from civic.plans.services.diffs import Diff
from civic.plans.services.gate import Gate
from civic.plans.services.items import NEW, retitle, withdraw

AFTER_INDICATORS = 20_000


def save_projects(
    gate: Gate, boxes: tuple[ParsedBox, ...], diff: Diff, unmended: tuple[ParsedBox, ...] = ()
) -> None:
    """Write the projects of all boxes; those that are gone are withdrawn.

    A project keeps its code by its name, wherever in the box it stands now, so that feedback goes on
    pointing to what it meant; a corrected name keeps the code of its place.
    """
    plan_id = gate.plan.id
    known = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    rows = {p.item_id: p for p in db.session.scalars(select(Project))}
    before = {
        code: (rows[item.id].box, rows[item.id].category, item.title)
        for code, item in known.items()
        if item.kind == ItemKind.PROJECT.value and item.id in rows
    }
    codes = keep_codes(before, [project for box in boxes for project in box.projects])
    without = {project.code: project.name for box in unmended for project in box.projects}
    added: list[Item] = []
    place = {(box.number, project.code): box for box in boxes for project in box.projects}
    for position, (code, parsed) in enumerate(codes, AFTER_INDICATORS + 1):
        item = known.get(code)
        if item is None:
            item = known[code] = Item(plan_id=plan_id, code=code, kind=ItemKind.PROJECT.value)
            item.title, item.position = parsed.name, position
            db.session.add(item)
            diff.added.append(code)
            added.append(item)
        else:
            mended = without.get(parsed.code) == item.title
            retitle(gate, item, parsed.name, item.number, diff, free=mended)
        box = place[(parsed.box, parsed.code)]
        item.title_hant, item.position = traditional(item.title), position
        item.parent_id, item.withdrawn = known[box.section].id, False
        item.first_line = item.last_line = parsed.line
    db.session.flush()
    for item in added:
        gate.allow(item.id, item.code, Subject.ITEM, *NEW)
    for code, parsed in codes:
        item, box = known[code], place[(parsed.box, parsed.code)]
        row = rows.get(item.id) or Project(item_id=item.id)
        row.box, row.box_title, row.action = parsed.box, box.title, parsed.action
        row.box_title_hant = traditional(box.title)
        row.category, row.category_hant = parsed.category, traditional(parsed.category)
        db.session.add(row)
    listed = {code for code, _ in codes}
    for code in before:
        if code not in listed:
            withdraw(gate, known[code], diff)


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
