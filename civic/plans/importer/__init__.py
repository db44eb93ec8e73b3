"""The importer: a plan document in, items with proof of coverage out. Pure: no database, no Flask."""

from __future__ import annotations

from civic.plans.importer.boxes import read_box
from civic.plans.importer.checks import warnings
from civic.plans.importer.coverage import measure
from civic.plans.importer.errata import fitting, mend
from civic.plans.importer.errors import PlanSourceError
from civic.plans.importer.front import body_start, read_metadata
from civic.plans.importer.lines import classify
from civic.plans.importer.source import read_lines
from civic.plans.importer.structure import Walker
from civic.plans.importer.tables import read_table
from civic.plans.rules import Erratum, ItemKind, ParsedPlan

__all__ = ["PlanSourceError", "parse_plan", "plan_title"]


def plan_title(name: str, content: bytes) -> str:
    """The title that the document's first pages give it, or ''; raises :class:`PlanSourceError`."""
    lines = read_lines(name, content)
    return read_metadata(lines[: body_start(lines)]).title


def parse_plan(
    name: str, content: bytes, errata: tuple[Erratum, ...] = (), *, strict: bool = True
) -> ParsedPlan:
    """Read a plan document; raises :class:`PlanSourceError` with the line that is wrong.

    ``strict``: an erratum that doesn't fit is such an error; otherwise it's passed over with a warning.
    """
    source = read_lines(name, content)
    applied = errata if strict else fitting(source, errata)
    lines = mend(source, applied)
    start = body_start(lines)
    body = {i + 1: raw for i, raw in enumerate(lines) if i >= start}
    classified = [classify(number, raw) for number, raw in body.items()]
    walker = Walker()
    walker.walk(classified)
    items = tuple(draft.done() for draft in walker.items)
    if not any(item.kind is ItemKind.CHAPTER for item in items):
        raise PlanSourceError(1, "no chapter (第一章 …) was found; is this a plan?")
    tables = tuple(read_table(block) for block in walker.tables)
    boxes = tuple(read_box(block) for block in walker.boxes)
    return ParsedPlan(
        metadata=read_metadata(lines[:start]),
        items=items,
        tables=tables,
        boxes=boxes,
        coverage=measure(body, items, tables, boxes),
        errata=applied,
        warnings=(
            *(
                (e.line, f"an erratum does not fit here and was passed over: “{e.old}”")
                for e in errata
                if e not in applied
            ),
            *warnings(classified, items, tables, boxes),
        ),
    )
