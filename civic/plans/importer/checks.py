"""What is odd in a document that was read well: said with its line, mended by nobody but a person.

Two kinds: figures that don't follow from each other (a printed growth rate against the printed
levels, an increment in [ ] against their difference), and traces of a bad scan (text that breaks
off, brackets that don't pair, English words inside Chinese, headings without a number).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from civic.plans.importer.lines import Line, LineKind, is_finished
from civic.plans.rules import ItemKind, ParsedBox, ParsedIndicator, ParsedItem, ParsedTable, Printed

APART = Decimal("0.005")
"""A printed level and the one that the printed rate leads to differ if they are further apart than this share."""
OUTPUT_PER_HEAD = ("生产率", "人均产值")
PAIRS = (("（", "）"), ("“", "”"), ("《", "》"), ("〔", "〕"), ("【", "】"))
_ENGLISH = re.compile(r"[\u4e00-\u9fff]\s*\b(etc|and|the|of|or|for|with)\b\.?\s*[\u4e00-\u9fff]")
Oddity = tuple[int, str]


def warnings(
    lines: list[Line],
    items: tuple[ParsedItem, ...],
    tables: tuple[ParsedTable, ...],
    boxes: tuple[ParsedBox, ...],
) -> tuple[Oddity, ...]:
    """(line, what is odd), in the order of the lines."""
    found = [
        *_headings(lines, items),
        *_texts(items, tables, boxes),
        *_seams({line.number: line.text for line in lines}, items),
        *(odd for table in tables for row in table.indicators for odd in _figures(row)),
    ]
    return tuple(sorted(found))


def _headings(lines: list[Line], items: tuple[ParsedItem, ...]) -> Iterator[Oddity]:
    titles = {number for item in items if item.kind is ItemKind.CHAPTER for number in item.lines}
    for line in lines:
        if line.kind is LineKind.HEADING and line.number not in titles:
            yield line.number, f"a heading without a number was read as text: {line.text[:40]}"


def _texts(
    items: tuple[ParsedItem, ...], tables: tuple[ParsedTable, ...], boxes: tuple[ParsedBox, ...]
) -> Iterator[Oddity]:
    parents = {i.parent for i in items} | {t.section for t in tables} | {b.section for b in boxes}
    for item in items:
        if not item.title:
            yield item.lines[0], f"{item.code} has no title"
        if not item.paragraphs and item.code not in parents:
            yield item.lines[0], f"{item.code} {item.title} has no text"
        for paragraph in item.paragraphs:
            yield from _scan(item.code, paragraph.text, paragraph.lines[-1])
    for box in boxes:
        for paragraph in box.paragraphs:
            yield from _scan(f"box {box.number}", paragraph.text, paragraph.lines[-1])


def _scan(code: str, text: str, line: int) -> Iterator[Oddity]:
    if not is_finished(text):
        yield line, f"the text of {code} breaks off: …{text[-12:]}"
    for opening, closing in PAIRS:
        if text.count(opening) != text.count(closing):
            yield line, f"in {code}, {opening} and {closing} do not pair"
    if word := _ENGLISH.search(text):
        yield line, f"in {code}, an English word stands inside Chinese: {word[0]}"


def _seams(texts: dict[int, str], items: tuple[ParsedItem, ...]) -> Iterator[Oddity]:
    """Where a page broke a paragraph, the scan may hold the character at the break twice."""
    for item in items:
        for paragraph in item.paragraphs:
            for before, after in pairwise(paragraph.lines):
                if texts[before][-1] == texts[after][0]:
                    yield after, f"in {item.code}, {texts[after][0]} stands on both sides of a page break"


def _figures(row: ParsedIndicator) -> Iterator[Oddity]:
    years = row.target_year - row.baseline_year
    if row.name.endswith(OUTPUT_PER_HEAD) and row.unit == "%":
        yield row.line, f"{row.code} {row.name}: an output per head carries the unit %"
    for level, rate, what in (
        (row.target, row.target_rate, f"the {row.target_year} target"),
        (row.result, row.result_rate, f"the {row.target_year} result"),
    ):
        said = _against(row.baseline, level, rate, years, what)
        if said:
            yield row.line, f"{row.code} {row.name}: {said}"


def _against(
    baseline: Printed | None, level: Printed | None, rate: Printed | None, years: int, what: str
) -> str:
    """What a printed rate or increment leads to, where that is not what is printed; '' where it is."""
    values = [cell.value if cell else None for cell in (baseline, level, rate)]
    base, reached, change = values
    if base is None or reached is None or change is None or level is None or rate is None or level.cumulative:
        return ""
    if level.unit:
        return ""
    if rate.cumulative:
        if base + change == reached:
            return ""
        return (
            f"{base} and the printed increment {rate.text} make {base + change}, but {what} is {level.text}"
        )
    if not rate.text.rstrip("左右以上").endswith("%") or base <= 0 or years < 1:
        return ""
    implied = base * (1 + change / 100) ** years
    if abs(implied - reached) <= abs(reached) * APART:
        return ""
    return f"{rate.text} a year from {base} leads to {implied:.2f}, but {what} is {level.text}"
