"""Tables of indicators: every cell as printed, typed where it holds a number."""

from __future__ import annotations

import re

from civic.plans.importer.errors import PlanSourceError
from civic.plans.importer.lines import Line, LineKind, is_finished
from civic.plans.importer.structure import Block
from civic.plans.rules import Nature, ParsedIndicator, ParsedTable, read_printed

NATURES = {"预期性": Nature.EXPECTED, "约束性": Nature.BINDING}
_YEAR = re.compile(r"(\d{4})\s*年")
_NUMBERED = re.compile(r"^(\d+)[.．、]\s*(.+)$")


def read_table(block: Block) -> ParsedTable:
    """One table; raises :class:`PlanSourceError` at a ragged row or a header that can't be read."""
    rows = [line for line in block.lines if line.kind is LineKind.ROW]
    if not rows:
        raise PlanSourceError(block.caption.number, f"{block.caption.text} has no rows")
    _same_width(rows)
    header = [row for row in rows if _number_of(row) is None]
    body = [row for row in rows if _number_of(row) is not None]
    columns = _columns(header, block.caption)
    indicators, category = [], ""
    for expected, row in enumerate(body, 1):
        if _number_of(row) != expected:
            raise PlanSourceError(
                row.number, f"row {_number_of(row)} of the table stands where {expected} should"
            )
        category = row.cells[0] or category
        indicators.append(_indicator(block.caption.ordinal, row, category, columns))
    return ParsedTable(
        number=block.caption.ordinal,
        title=block.caption.rest,
        section=block.section,
        header=tuple(row.cells for row in header),
        rows=tuple(row.cells for row in body),
        notes=_notes([line for line in block.lines if line.kind is not LineKind.ROW]),
        indicators=tuple(indicators),
        lines=(block.caption.number, *(line.number for line in block.lines)),
    )


def _same_width(rows: list[Line]) -> None:
    width = len(rows[0].cells)
    for row in rows:
        if len(row.cells) != width:
            raise PlanSourceError(row.number, f"the row has {len(row.cells)} cells, the table has {width}")


def _number_of(row: Line) -> int | None:
    """The running number of an indicator's row, in a cell of its own or before the name."""
    cell = row.cells[1]
    if cell.isdigit():
        return int(cell)
    match = _NUMBERED.match(cell)
    return int(match[1]) if match else None


def _columns(header: list[Line], caption: Line) -> dict[str, tuple[int, int]]:
    """Which column holds what: {role: (column, year)}; the last header row with a year decides."""
    if not header:
        raise PlanSourceError(caption.number, f"{caption.text} has no header row")
    merged = [
        "/".join(dict.fromkeys(filter(None, (row.cells[i] for row in header))))
        for i in range(len(header[0].cells))
    ]
    group, found = "", {}
    for column, name in enumerate(merged):
        top = header[0].cells[column]
        group = top or group if len(header) > 1 else top
        year = _YEAR.search(name)
        if name in {"单位"}:
            found["unit"] = (column, 0)
        elif name in {"指标", "指标名称"}:
            found["name"] = (column, 0)
        elif name == "属性":
            found["nature"] = (column, 0)
        elif year:
            found[_role(found, group)] = (column, int(year[1]))
        elif "年均增长" in name:
            found["result_rate" if "result" in found else "target_rate"] = (column, 0)
    for role, word in (("name", "指标"), ("unit", "单位"), ("baseline", "年"), ("target", "年")):
        if role not in found:
            raise PlanSourceError(header[0].number, f"the table's header has no column for {role} (…{word}…)")
    return found


def _role(found: dict[str, tuple[int, int]], group: str) -> str:
    if "完成" in group:
        return "result"
    return "target" if "baseline" in found else "baseline"


def _indicator(table: int, row: Line, category: str, columns: dict[str, tuple[int, int]]) -> ParsedIndicator:
    def cell(role: str) -> str:
        return row.cells[columns[role][0]] if role in columns else ""

    number = _number_of(row)
    assert number is not None
    named = _NUMBERED.match(cell("name"))
    return ParsedIndicator(
        code=f"T{table}-{number:02d}",
        number=number,
        name=named[2] if named else cell("name"),
        unit=cell("unit"),
        category=category,
        nature=NATURES.get(cell("nature")),
        baseline_year=columns["baseline"][1],
        baseline=read_printed(cell("baseline")),
        target_year=columns["target"][1],
        target=read_printed(cell("target")),
        target_rate=read_printed(cell("target_rate")),
        result=read_printed(cell("result")),
        result_rate=read_printed(cell("result_rate")),
        line=row.number,
    )


def _notes(lines: list[Line]) -> tuple[str, ...]:
    notes: list[str] = []
    for line in lines:
        if notes and not is_finished(notes[-1]):
            notes[-1] += line.text
        else:
            notes.append(line.text)
    return tuple(notes)
