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
from civic.supervision.reports.layout import (
    Cell,
    Linked,
    Report,
    Row,
    Share,
    Table,
    head_width,
    printable,
    width_of,
)

NARROWEST, WIDEST = 9, 60
"""How wide columns are, in half-width characters: texts get what they take within these bounds, heads take lines."""
ONE_LINE, EACH_LINE, MOST_LINES = 15, 17, 24
"""How high a row of one line is, and each of several (Chinese type is higher), and how many it can have: Excel's limit
is 409 points."""
A4, PAGE = 9, 150
"""The number of the paper, and how many half-width characters of a sheet one landscape page shows and is still read."""
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
        book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "left", "indent": 1}
        ),
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"}),
        book.add_format({"text_wrap": True, "valign": "top", "align": "left", "indent": 1}),
        book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left", "indent": 1}),
        book.add_format({"num_format": "0.0%", "valign": "top"}),
        book.add_format({"num_format": "General", "valign": "top"}),
        book.add_format({"num_format": "General", "valign": "top", "font_color": "#1b5e8c", "underline": 1}),
    )
    names: set[str] = set()
    for table in report.tables():
        name = _sheet_name(table.name, names)
        sheet = book.add_worksheet(name)
        widths = _widths(table.head, table.rows)
        _write(sheet, table, widths, formats)
        _on_paper(sheet, report, sum(widths))
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    head: Format
    head_of_numbers: Format
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


def _write(sheet: Worksheet, table: Table, widths: Sequence[int], formats: _Formats) -> None:
    for column, label in enumerate(table.head):
        numbers = bool(table.rows) and not any(_text(row[column]) for row in table.rows)
        sheet.write_string(0, column, printable(label), formats.head_of_numbers if numbers else formats.head)
    for line, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            _cell(sheet, line, column, cell, formats)
    for line, text in enumerate(filter(None, table.note.split("\n")), start=len(table.rows) + 2):
        sheet.write_string(line, 0, printable(text))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for line, cells in enumerate((table.head, *table.rows)):
        lines = _lines(cells, widths)
        sheet.set_row(line, EACH_LINE * lines if lines > 1 else ONE_LINE)
    sheet.freeze_panes(1, 1 if len(widths) > 2 else 0)


def _on_paper(sheet: Worksheet, report: Report, width: int) -> None:
    """A4 across with the head on every page; what is too wide for one goes on beside it, with the names of its rows."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5)
    sheet.repeat_rows(0)
    pages = -(-width // PAGE)
    if pages > 1:
        sheet.repeat_columns(0)
    sheet.fit_to_pages(pages, 0)
    title, mark = (printable(text).replace("&", "&&") for text in (report.title, report.mark))
    # Together they may have 255 characters.
    sheet.set_header(f"&L{_cut(title, 150)}&C{_cut(mark, 60)}")
    sheet.set_footer("&L&A&R&P / &N")


def _widths(head: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """What each column takes: its longest text, or its head in lines."""
    columns = [[_text(row[at]) for row in rows] for at in range(len(head))]
    taken = (
        max(head_width(label), *map(width_of, texts), 0) for label, texts in zip(head, columns, strict=True)
    )
    return [max(NARROWEST, min(most + 3, WIDEST)) for most in taken]


def _lines(cells: Row, widths: Sequence[int]) -> int:
    """Over how many lines the texts of a row go in its columns; programs differ in whether they find that out."""
    found = 1
    for cell, width in zip(cells, widths, strict=True):
        pieces = _text(cell).split("\n")
        found = max(found, sum(max(1, -(-width_of(piece) // (width - 2))) for piece in pieces))
    return min(found, MOST_LINES)


def _text(cell: Cell) -> str:
    """What takes room; numbers are short."""
    value = cell.value if isinstance(cell, Linked) else cell
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, str) else ""


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
