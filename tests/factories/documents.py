"""A plan as a Word document: what an office would send, made from the same text as the shipped Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from docx import Document

from civic.plans.rules import Erratum

_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_RUNS = re.compile(r"(\*\*.+?\*\*|<sub>.+?</sub>|<sup>.+?</sup>)")
_STRAY = re.compile(r"\s*(<su[bp]>.+?</su[bp]>)\s*")


def word_plan(source: str, errata: Iterable[Erratum] = ()) -> bytes:
    """The document with Word's own headings, bold and subscript runs, and real tables with merged categories."""
    lines = source.splitlines()
    for slip in errata:
        lines[slip.line - 1] = lines[slip.line - 1].replace(slip.old, slip.new, 1)
    document: Any = Document()
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            _add_table(document, rows)
            rows = []
        heading = _HEADING.match(line)
        if heading:
            _write(document.add_heading(level=min(len(heading[1]), 4)), heading[2])
        elif line.strip() and set(line.strip()) != {"-"}:
            _write(document.add_paragraph(), line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows), max(len(row) for row in rows))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            _write(table.cell(r, c).paragraphs[0], text)
    # The category stands once, in a cell that is merged down over its rows.
    top = 1
    for r in range(2, len(rows) + 1):
        if r == len(rows) or rows[r][0].strip():
            if r - 1 > top and all(not row[0].strip() for row in rows[top + 1 : r]):
                table.cell(top, 0).merge(table.cell(r - 1, 0))
            top = r


def _write(paragraph: Any, text: str) -> None:
    for part in _RUNS.split(_STRAY.sub(r"\1", text)):
        if part.startswith("**"):
            paragraph.add_run(part[2:-2]).bold = True
        elif part.startswith("<sub>"):
            paragraph.add_run(part[5:-6]).font.subscript = True
        elif part.startswith("<sup>"):
            paragraph.add_run(part[5:-6]).font.superscript = True
        elif part:
            paragraph.add_run(part)
