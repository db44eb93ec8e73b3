"""The importer: a plan document in, items with proof of coverage out. Pure: no database, no Flask."""

from __future__ import annotations

from civic.plans.importer.boxes import read_box
from civic.plans.importer.checks import warnings
from civic.plans.importer.coverage import measure
from civic.plans.importer.errata import mend
from civic.plans.importer.errors import PlanSourceError
from civic.plans.importer.front import body_start, read_metadata
from civic.plans.importer.lines import classify
from civic.plans.importer.source import read_lines
from civic.plans.importer.structure import Walker
from civic.plans.importer.tables import read_table
from civic.plans.rules import Erratum, ItemKind, ParsedPlan

__all__ = ["PlanSourceError", "parse_plan"]


def parse_plan(name: str, content: bytes, errata: tuple[Erratum, ...] = ()) -> ParsedPlan:
    """Read a plan document; raises :class:`PlanSourceError` with the line that is wrong."""
    lines = mend(read_lines(name, content), errata)
    start = body_start(lines)
    body = {i + 1: raw for i, raw in enumerate(lines) if i >= start}
    classified = [classify(number, raw) for number, raw in body.items()]
    walker = Walker()
    walker.walk(classified)
    items = tuple(draft.done() for draft in walker.items)
    if not any(item.kind is ItemKind.CHAPTER for item in items):
        raise PlanSourceError(0, "no chapter (第一章 …) was found; is this a plan?")
    tables = tuple(read_table(block) for block in walker.tables)
    boxes = tuple(read_box(block) for block in walker.boxes)
    return ParsedPlan(
        metadata=read_metadata(lines[:start]),
        items=items,
        tables=tables,
        boxes=boxes,
        coverage=measure(body, items, tables, boxes),
        errata=errata,
        warnings=warnings(classified, items, tables, boxes),
    )
