"""Reading a sheet that somebody filled in, CSV or Excel, and the template files for it.

Rows keep the numbers that a reader sees in a spreadsheet program: the header is 1, empty rows count.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from civic.core.errors import N_, Invalid
from civic.progress.rules.reported import Sheet
from civic.progress.workbooks import WORKBOOK, Grid, read_workbook

LARGEST = 2 * 1024 * 1024
MOST_ROWS = 5000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Columns:
    """What a kind of sheet holds: its columns in the order of the template, and those that must be there."""

    names: tuple[str, ...]
    required: tuple[str, ...]


def read_sheet(content: bytes, columns: Columns) -> Sheet:
    """The rows of a CSV file or of the first sheet of a workbook; raises :class:`Invalid` with the reason.

    A CSV file is UTF-8 (with or without a byte order mark) or GB18030, as Excel in Chinese
    writes it. Cells whose value can't be told exactly are named in ``problems``.
    """
    if len(content) > LARGEST:
        raise Invalid(N_("The file is larger than 2 MB."))
    grid = read_workbook(content) if content.startswith(WORKBOOK) else _read_csv(content)
    if not grid.rows:
        raise Invalid(N_("The first row lacks the column “%(column)s”."), column=columns.required[0])
    header = [cell.strip() for cell in grid.rows[0][1]]
    while header and not header[-1]:
        header.pop()
    _check_header(header, columns)
    rows = []
    for number, cells in grid.rows[1:]:
        if grid.ragged and len(cells) != len(header) and any(cells):
            raise Invalid(N_("Row %(row)s has another number of cells than the header."), row=number)
        if any(cell.strip() for cell in cells[: len(header)]):
            padded = [*cells, *("" for _ in header)]
            rows.append((number, dict(zip(header, padded, strict=False))))
    if not rows and not grid.problems:
        raise Invalid(N_("The file has no rows."))
    if len(rows) > MOST_ROWS:
        raise Invalid(N_("The file has more than %(most)s rows."), most=MOST_ROWS)
    return Sheet(tuple(rows), grid.problems)


def _check_header(header: Sequence[str], columns: Columns) -> None:
    missing = [name for name in columns.required if name not in header]
    if missing:
        raise Invalid(N_("The first row lacks the column “%(column)s”."), column=missing[0])
    unknown = [name for name in header if name not in columns.names]
    if unknown or len(set(header)) < len(header):
        raise Invalid(
            N_("The first row has a column that isn’t known: “%(column)s”."), column=[*unknown, "?"][0]
        )


def _read_csv(content: bytes) -> Grid:
    try:
        reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
        rows = [(number, list(cells)) for number, cells in enumerate(reader, start=1)]
    except csv.Error as error:
        raise Invalid(N_("The file is no CSV: %(why)s."), why=str(error)) from None
    return Grid(tuple(rows), ragged=True)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid(N_("The file is neither a CSV text (UTF-8 or GB18030) nor an Excel workbook (.xlsx)."))


def as_csv(sheet: Sheet, columns: Columns) -> str:
    """A sheet that was read, as the CSV text that reads the same, row numbers included."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns.names)
    line = 1
    for number, cells in sheet.rows:
        while line < number - 1:
            out.write("\r\n")
            line += 1
        writer.writerow([cells.get(name, "") for name in columns.names])
        line += 1
    return out.getvalue()


def template_csv(columns: Columns) -> str:
    """An empty sheet: its header only, ready to be filled in."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(columns.names)
    return out.getvalue()


def template_workbook(columns: Columns, meanings: Mapping[str, str], known: Iterable[Sequence[str]]) -> bytes:
    """An empty workbook: the header, what each column means, and the indicators with their codes and units.

    Everything is written as text, so that no title becomes a formula.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("values")
        for number, name in enumerate(columns.names):
            sheet.write_string(0, number, name, bold)
            sheet.set_column(number, number, 14 if name in columns.required else 12, text)
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet("columns")
        about.set_column(0, 0, 18)
        about.set_column(1, 1, 90)
        for number, name in enumerate(columns.names):
            about.write_string(number, 0, name, bold)
            about.write_string(number, 1, meanings.get(name, ""))
        listed = book.add_worksheet("indicators")
        listed.set_column(0, 1, 14)
        listed.set_column(2, 2, 40)
        for row, cells in enumerate(known):
            for column, cell in enumerate(cells):
                listed.write_string(row, column, cell)
    return out.getvalue()


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula: one that looks like it gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
