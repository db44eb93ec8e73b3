"""A report as an Excel workbook: one sheet per table, typed cells, links. Nothing typed by a person is a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from civic.supervision.exports import cell_text
from civic.supervision.reports.layout import Cell, Linked, Report, Row, Share, Table, printable

WIDEST = 60
LONGEST_NAME = 31
LONGEST_CELL = 32_767
"""Excel's limits: of the name of a sheet, and of a text in a cell."""
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook_of(report: Report) -> bytes:
    """The whole report; a part without a table of its own stands on a sheet as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    at = report.at or NO_MOMENT
    book.set_properties({
        "title": printable(report.title),
        "author": "",
        "created": at.astimezone(UTC).replace(tzinfo=None, microsecond=0),
    })  # fmt: skip
    formats = _Formats(
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        book.add_format({"num_format": "0.0%", "valign": "top"}),
        book.add_format({"num_format": "General", "valign": "top"}),
        book.add_format({"num_format": "General", "valign": "top", "font_color": "#1b5e8c", "underline": 1}),
    )
    names: set[str] = set()
    for table in report.tables():
        name = _sheet_name(table.name, names)
        _write(book.add_worksheet(name), table, report.mark, formats)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    head: Format
    text: Format
    day: Format
    share: Format
    number: Format
    link: Format


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts and no other sheet has."""
    plain = printable(wanted).translate(_FORBIDDEN).strip(" '\t\n\r") or "-"
    name, count = _cut(plain, LONGEST_NAME), 2
    while name.casefold() in taken:
        ending = f" {count}"
        name, count = _cut(plain, LONGEST_NAME - len(ending)) + ending, count + 1
    taken.add(name.casefold())
    return name


def _cut(text: str, most: int) -> str:
    """As much as fits, counted as Excel counts: in units of UTF-16."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _write(sheet: Worksheet, table: Table, mark: str, formats: _Formats) -> None:
    for column, label in enumerate(table.head):
        sheet.write_string(0, column, printable(label), formats.head)
    for line, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            _cell(sheet, line, column, cell, formats)
    for line, text in enumerate(filter(None, table.note.split("\n")), start=len(table.rows) + 2):
        sheet.write_string(line, 0, printable(text))
    for column, width in enumerate(_widths(table.head, table.rows)):
        sheet.set_column(column, column, width)
    if mark:
        sheet.set_header(f"&C{mark.replace('&', '&&')}")
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _widths(head: Sequence[str], rows: Sequence[Row]) -> list[int]:
    widths = [len(label) * 2 for label in head]
    for cells in rows:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                widths[column] = max(widths[column], min(2 * len(cell), WIDEST))
    return [max(10, min(width + 2, WIDEST)) for width in widths]


def _cell(sheet: Worksheet, line: int, column: int, cell: Cell, formats: _Formats) -> None:
    if isinstance(cell, Share):
        if cell.value is not None:
            sheet.write_number(line, column, float(cell.value), formats.share)
    elif isinstance(cell, Linked):
        _linked(sheet, line, column, cell, formats)
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, formats.day)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(line, column, float(cell), formats.number)
    elif cell:
        sheet.write_string(line, column, cell_text(printable(cell))[:LONGEST_CELL], formats.text)


def _linked(sheet: Worksheet, line: int, column: int, cell: Linked, formats: _Formats) -> None:
    """A number stays a number: the link lies over it."""
    text = cell_text(printable(cell.value)) if isinstance(cell.value, str) else str(cell.value)
    sheet.write_url(line, column, cell.address, formats.link, text)
    if not isinstance(cell.value, str):
        sheet.write_number(line, column, float(cell.value), formats.link)
