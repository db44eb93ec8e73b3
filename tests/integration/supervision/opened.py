"""Reports opened again as a reader gets them: the page, the workbook and the Word file, as tables of cells."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from flask.testing import FlaskClient
from lxml import html
from openpyxl import load_workbook
from openpyxl.cell import Cell

from civic.supervision.columns import Sort, all_columns
from civic.supervision.rules import SMALL

Value = int | float | str | datetime | None
PIECES = {qn("w:br"): "\n", qn("w:noBreakHyphen"): "-"}
PERCENT, PLAIN, DAY = "0.0%", "General", "yyyy-mm-dd"


@dataclass(frozen=True)
class Typed:
    """A cell of a workbook: what it holds, how it is shown, and what it opens."""

    value: Value
    form: str
    address: str = ""

    @property
    def shown(self) -> str:
        """As a page shows it."""
        value = self.value
        if value is None or value == "":
            return "—"
        if isinstance(value, datetime):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, str):
            return value
        if self.form == PERCENT:
            place = Decimal(1) if value in (0, 1) else Decimal("0.1")
            return f"{(Decimal(repr(value)) * 100).quantize(place, ROUND_HALF_UP)}%"
        return f"{value:,g}"


@dataclass(frozen=True)
class Shown:
    """A cell of a page or of a Word file."""

    text: str
    address: str = ""


def sheets(client: FlaskClient, address: str) -> dict[str, list[list[Typed]]]:
    """The sheets of a workbook by name, the head first."""
    book = load_workbook(io.BytesIO(client.get(address).data))
    return {sheet.title: [[_typed(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book}


def _typed(cell: Cell) -> Typed:
    value = cell.value
    assert cell.data_type in ("d" if isinstance(value, datetime) else "s" if isinstance(value, str) else "n")
    return Typed(value, cell.number_format, cell.hyperlink.target if cell.hyperlink else "")


def word_file(client: FlaskClient, address: str) -> tuple[list[str], list[list[list[Shown]]]]:
    """The paragraphs of a Word file, and its tables in order, the head first."""
    document = Document(io.BytesIO(client.get(address).data))
    links = document.part.rels

    def cell(tc: Any) -> Shown:
        lines = ["".join(PIECES.get(t.tag, t.text) or "" for t in p.iter(qn("w:t"), *PIECES))
                 for p in tc.iter(qn("w:p"))]  # fmt: skip
        opened = [links[link.get(qn("r:id"))].target_ref for link in tc.iter(qn("w:hyperlink"))]
        return Shown("\n".join(lines), *opened)

    return [paragraph.text for paragraph in document.paragraphs], [
        [[cell(tc) for tc in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))]
        for table in document.element.body.iter(qn("w:tbl"))
    ]


def page_tables(text: str) -> list[list[list[Shown]]]:
    """The tables of a page in order, the head first."""

    def cell(found: Any) -> Shown:
        return Shown(found.text_content().strip(), *(link.get("href") for link in found.iter("a")))

    return [
        [[cell(one) for one in row.iter("th", "td")] for row in table.iter("tr")]
        for table in html.fromstring(text).iter("table")
    ]


def figure_cells(row: dict[str, Any]) -> Iterator[tuple[Value, str, bool]]:
    """What a row of figures of the sealed data stands for in a workbook: value, form, and whether it opens a list."""
    for column in all_columns():
        one = row[column.name]
        if column.sort is Sort.COUNT:
            yield one, PLAIN, one > 0
        elif column.sort is Sort.RATE:
            few = one["whole"] < SMALL
            yield one["part"], PLAIN, one["part"] > 0
            yield one["whole"], PLAIN, one["whole"] > 0
            p, n, z = (0 if few else one["part"] / one["whole"]), one["whole"] or 1, 1.959964
            middle, half = (p + z * z / 2 / n), z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
            yield None if few else p, PERCENT, False
            for end in (middle - half, middle + half):
                yield None if few else end / (1 + z * z / n), PERCENT, False
        else:
            few = one["n"] < SMALL
            yield None if few else float(one["median"]), PLAIN, False
            yield None if few else int(one["p90"]), PLAIN, False
            yield one["n"], PLAIN, one["n"] > 0
