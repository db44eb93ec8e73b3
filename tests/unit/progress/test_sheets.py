"""Sheets of values: what is read, and what is refused with a reason."""

from __future__ import annotations

import pytest

from civic.core.errors import Invalid
from civic.progress.rules.reported import COLUMNS, REQUIRED, Problem, Reported, Sheet, read_row
from civic.progress.sheets import LARGEST, Columns, as_csv, read_sheet, template_csv

VALUES = Columns(COLUMNS, REQUIRED)
HEAD = "indicator,year,value,unit,source_title\n"
ROW = {"indicator": "T2-01", "year": "2021", "value": "650.5", "unit": "亿元", "source_title": "Communiqué"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "lacks the column"),
        (b"\x89PNG\r\n\x1a\n\xff", "neither"),
        (b"a\x00b", "neither"),
        (b"PK\x03\x04 no workbook", "no Excel workbook"),
        (b"year,value\n2021,3\n", "lacks the column"),
        (HEAD.encode(), "no rows"),
        (HEAD.encode() + b"T2-01,2021,3\n", "another number of cells"),
        (HEAD.encode() + b"T2-01,2021,3,a,b,c\n", "another number of cells"),
        (HEAD.replace("year", "year,colour").encode() + b"a,b,c,d,e,f\n", "isn’t known"),
        (HEAD.encode() + b'T2-01,"2021\n', "no CSV"),
        (b"x" * (LARGEST + 1), "larger"),
    ],
)
def test_a_file_of_another_kind_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read_sheet(content, VALUES)


def test_a_sheet_from_a_spreadsheet_program_is_read() -> None:
    sheet = read_sheet(("\ufeff" + HEAD + "T2-01,2021,650.5,亿元,Communiqué\r\n,,,,\r\n").encode(), VALUES)
    assert sheet == Sheet(((2, ROW),))


def test_a_sheet_in_the_coding_of_chinese_excel_is_read() -> None:
    assert read_sheet((HEAD + "T2-01,2021,650.5,亿元,统计公报\n").encode("gb18030"), VALUES).rows[0][1] == {
        **ROW, "source_title": "统计公报",
    }  # fmt: skip


def test_rows_keep_the_numbers_of_the_sheet() -> None:
    text = HEAD + '\nT2-01,2021,1,亿元,"two\nlines"\n,,,,\n\nT2-01,2022,2,亿元,b\n'
    sheet = read_sheet(text.encode(), VALUES)
    assert [number for number, _ in sheet.rows] == [3, 6]
    again = read_sheet(as_csv(sheet, VALUES).encode(), VALUES)
    assert [(n, cells["year"], cells["source_title"]) for n, cells in again.rows] == [
        (3, "2021", "two\nlines"), (6, "2022", "b"),
    ]  # fmt: skip


def test_the_template_has_the_columns_that_are_read() -> None:
    assert template_csv(VALUES).strip().split(",") == list(COLUMNS)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("year", "21"),
        ("value", "1,234"),
        ("value", "NaN"),
        ("value", "1e5"),
        ("value", ""),
        ("unit", " "),
        ("source_title", ""),
        ("cumulative", "perhaps"),
        ("about", "city"),
        ("source_link", "javascript:alert(1)"),
        ("source_date", "31.3.2024"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(column: str, text: str) -> None:
    problem = read_row(7, {**ROW, column: text})
    assert isinstance(problem, Problem)
    assert problem.row == 7
    assert problem.text % problem.params


def test_a_full_row_is_typed() -> None:
    full = {
        "cumulative": "是",
        "about": "reference",
        "source_link": "https://example.org/a",
        "source_date": "2022-03-31",
    }
    one = read_row(2, {**ROW, **full})
    assert isinstance(one, Reported)
    assert (one.cumulative, one.about, one.year, str(one.value)) == (True, "reference", 2021, "650.5")
