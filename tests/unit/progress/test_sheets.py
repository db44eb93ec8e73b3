"""Sheets of values: what is read, and what is refused with a reason."""

from __future__ import annotations

import pytest

from civic.core.errors import Invalid
from civic.progress.rules.reported import COLUMNS, Problem, Reported, read_row
from civic.progress.sheets import LARGEST, read_csv, template_csv

HEAD = "indicator,year,value,unit,source_title\n"
ROW = {"indicator": "T2-01", "year": "2021", "value": "650.5", "unit": "亿元", "source_title": "Communiqué"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "lacks the column"),
        (b"\x89PNG\r\n\x1a\n\xff", "not UTF-8"),
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
        read_csv(content)


def test_a_sheet_from_a_spreadsheet_program_is_read() -> None:
    rows = read_csv(("\ufeff" + HEAD + "T2-01,2021,650.5,亿元,Communiqué\r\n,,,,\r\n").encode())
    assert rows == [ROW]


def test_the_template_has_the_columns_that_are_read() -> None:
    assert template_csv().strip().split(",") == list(COLUMNS)


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
