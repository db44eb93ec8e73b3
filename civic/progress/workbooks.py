"""The cells of an Excel workbook as the text that somebody typed: exact decimals, ISO days, no formulas run."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from civic.core.errors import N_, Invalid
from civic.progress.rules.reported import Problem

WORKBOOK = b"PK\x03\x04"
LARGEST_UNPACKED = 40 * 1024 * 1024
"""A workbook is a packed folder: what it unpacks to is bounded before anything is read."""
MOST_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows with their numbers. ``ragged``: rows may differ in length, which is a mistake of the file."""

    rows: tuple[tuple[int, list[str]], ...]
    problems: tuple[Problem, ...] = field(default=())
    ragged: bool = False


def read_workbook(content: bytes) -> Grid:
    """The first sheet of a workbook; raises :class:`Invalid` if it is none.

    A formula counts by the value that was kept with it; one without is a problem of its row. So are
    errors (#REF!) and percent formats, under which 0.885 is shown as 88.5%.
    """
    from openpyxl import load_workbook

    _check_size(content)
    try:
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        shown, written = values.worksheets[0], formulas.worksheets[0]
        shown.reset_dimensions()
        written.reset_dimensions()
        rows, problems, cells = [], [], 0
        both = zip(shown.iter_rows(), written.iter_rows(), strict=True)
        for number, (row, source) in enumerate(both, start=1):
            cells += len(row)
            if cells > MOST_CELLS:
                raise Invalid(N_("The workbook has too many cells."))
            texts, problem = _row(number, row, source)
            rows.append((number, texts))
            if problem is not None:
                problems.append(problem)
    except Invalid:
        raise
    except Exception:  # a broken workbook breaks openpyxl in many ways
        raise Invalid(N_("The file is no Excel workbook (.xlsx) that can be read.")) from None
    finally:
        for book in ("values", "formulas"):
            if book in locals():
                locals()[book].close()
    return Grid(tuple(rows), tuple(problems))


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile:
        raise Invalid(N_("The file is no Excel workbook (.xlsx) that can be read.")) from None
    if unpacked > LARGEST_UNPACKED:
        raise Invalid(N_("The workbook is too large."))


def _row(number: int, row: tuple[Any, ...], source: tuple[Any, ...]) -> tuple[list[str], Problem | None]:
    texts: list[str] = []
    problem = None
    for cell, written in zip(row, source, strict=True):
        formula = written.data_type == "f"
        if formula and cell.value is None:
            problem = problem or _problem(
                number, cell, N_("Cell %(cell)s is a formula whose value was not saved; write the value")
            )
        elif cell.data_type == "e":
            problem = problem or _problem(number, cell, N_("Cell %(cell)s holds an error, no value"))
        elif _is_number(cell.value) and "%" in str(getattr(cell, "number_format", "")):
            problem = problem or _problem(
                number,
                cell,
                N_("Cell %(cell)s is shown as a percentage; write the number without the format"),
            )
        texts.append(_text(cell.value))
    return texts, problem


def _problem(number: int, cell: Any, text: str) -> Problem:
    return Problem(number, text, {"cell": cell.coordinate})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str:
    """What was typed: a spreadsheet keeps 15 digits, and shows them, whatever binary fraction it stores."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = f"{Decimal(f'{value:.15g}'):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
