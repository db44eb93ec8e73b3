"""Proof that nothing of the body was lost: what stands on the items is compared with what stands in the source.

The comparison knows nothing of how the items were made: it takes the characters of the
source lines (markup and white space aside) and those of the items line group by line
group, and reports what is left over.
"""

from __future__ import annotations

from collections import Counter

from civic.plans.importer.lines import LineKind, classify
from civic.plans.rules import Coverage, ParsedBox, ParsedItem, ParsedTable


def measure(
    body: dict[int, str],
    items: tuple[ParsedItem, ...],
    tables: tuple[ParsedTable, ...],
    boxes: tuple[ParsedBox, ...],
) -> Coverage:
    """``body`` is {line number: raw line}. Each line's characters must be on items that claim that line."""
    placed: dict[int, Counter[str]] = {}
    for lines, text in _texts(items, tables, boxes):
        _spread(text, lines, body, placed)
    total, count, unplaced = 0, 0, []
    for number, raw in body.items():
        wanted = Counter(source_characters(number, raw))
        missing = wanted - placed.get(number, Counter())
        total += wanted.total()
        count += wanted.total() - missing.total()
        if missing:
            unplaced.append((number, "".join(missing.elements())))
    return Coverage(total, count, tuple(unplaced))


def source_characters(number: int, raw: str) -> str:
    """The characters of a source line that must be placed."""
    line = classify(number, raw)
    return "" if line.kind is LineKind.RULE else "".join(line.text.split())


def _texts(items, tables, boxes):  # type: ignore[no-untyped-def]
    for item in items:
        yield item.lines, item.number + item.title
        for paragraph in item.paragraphs:
            yield paragraph.lines, paragraph.text
    for table in tables:
        cells = "".join("".join(row) for row in (*table.header, *table.rows))
        yield table.lines, f"表{table.number}{table.title}{cells}{''.join(table.notes)}"
    for box in boxes:
        yield box.lines, f"专栏{box.number}：{box.title}"
        for paragraph in box.paragraphs:
            yield paragraph.lines, paragraph.text


def _spread(text: str, lines: tuple[int, ...], body: dict[int, str], placed: dict[int, Counter[str]]) -> None:
    """Give the characters of an item back to the lines it claims, each at most what that line holds."""
    left = Counter("".join(text.split()))
    for number in lines:
        wanted = Counter(source_characters(number, body.get(number, "")))
        given = wanted & left
        left -= given
        placed[number] = placed.get(number, Counter()) + given
