"""Excel workbooks of values: numbers exactly as typed, days, and cells that can't be told."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from civic.core.errors import Invalid
from civic.progress.rules.reported import COLUMNS, REQUIRED
from civic.progress.sheets import Columns, read_sheet, safe_cell, template_workbook
from civic.progress.workbooks import _text

VALUES = Columns(COLUMNS, REQUIRED)
HEAD = ("indicator", "year", "value", "unit", "source_title", "source_date", "cumulative")


def workbook(*rows: tuple[Any, ...], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEAD, *rows):
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_cells_are_read_as_they_were_typed() -> None:
    content = workbook(
        ("T2-01", 2021, 645.87, "亿元", "公报", date(2022, 3, 31), False),
        (),
        ("T2-10", 2022.0, 0.1, "万人", "公报", datetime(2023, 3, 31), True),  # noqa: DTZ001 (Excel knows no zones)
        ("T2-02", "2022", "13.10", "万元", "公报", "2023-03-31", None),
    )
    rows = read_sheet(content, VALUES).rows
    assert [number for number, _ in rows] == [2, 4, 5]
    told = [(c["year"], c["value"], c["source_date"], c["cumulative"]) for _, c in rows]
    assert told == [
        ("2021", "645.87", "2022-03-31", "no"), ("2022", "0.1", "2023-03-31", "yes"),
        ("2022", "13.10", "2023-03-31", ""),
    ]  # fmt: skip


@settings(max_examples=200)
@given(st.decimals("-99999999", "99999999", places=6))
def test_a_number_of_up_to_fifteen_digits_comes_back_exactly(value: Decimal) -> None:
    assert Decimal(_text(float(value))) == value


def test_what_can_not_be_told_is_named_with_its_cell() -> None:
    content = workbook(
        ("T2-01", 2021, "=600+45", "亿元", "公报"),
        ("T2-04", 2021, 0.885, "%", "公报"),
        ("T2-08", 2021, 5.9, "万元", "公报"),
        ("T2-12", 2021, "#REF!", "人", "公报"),
        formats={"C3": "0.0%"},
    )
    sheet = read_sheet(content, VALUES)
    assert [(p.row, p.params["cell"]) for p in sheet.problems] == [(2, "C2"), (3, "C3"), (5, "C5")]
    assert all(p.text % p.params for p in sheet.problems)


def test_a_formula_counts_by_the_value_that_was_kept_with_it() -> None:
    from xlsxwriter import Workbook as Writer

    out = io.BytesIO()
    with Writer(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ("T2-01", 2021, 0, "亿元", "公报"))
        sheet.write_formula(1, 2, "=0.1+0.2", value=0.30000000000000004)
    read = read_sheet(out.getvalue(), VALUES)
    assert not read.problems
    assert read.rows[0][1]["value"] == "0.3"


def test_a_packed_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (41 * 1024 * 1024))
    with pytest.raises(Invalid, match="too large"):
        read_sheet(out.getvalue(), VALUES)


def test_no_text_of_a_template_becomes_a_formula() -> None:
    evil = "=HYPERLINK(0)"
    content = template_workbook(VALUES, {"note": evil}, [("plan", "T2-01", evil, "@unit")])
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert evil in [cell.value for cell in cells]
    assert [cell.value for cell in book["values"][1]] == list(COLUMNS)
    for text in ("=1+1", "+1", "-1", "@x", "\tx"):
        assert safe_cell(text) == f"'{text}"
    assert safe_cell("亿元") == "亿元"
