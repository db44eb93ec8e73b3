"""Reports on paper and in sheets: numerals, shares, names of sheets, and texts that must not be formulas."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from docx import Document
from docx.shared import Pt
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from civic.supervision.reports.docx import document_of
from civic.supervision.reports.fields import fields
from civic.supervision.reports.layout import Linked, Report, Section, Share, Table, head_width, width_of
from civic.supervision.reports.paper import BESIDE, PADDING, SMALLEST, TURNED, UPRIGHT, Column, fitted
from civic.supervision.reports.summary import ON_PAPER
from civic.supervision.reports.words import chinese_number, share_text
from civic.supervision.reports.xlsx import workbook_of
from civic.web.locale import in_language

AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 30)


def report(*cells: object, name: str = "表", mark: str = "") -> Report:
    table = Table(name, [f"列{n}" for n in range(len(cells))], [cells])  # type: ignore[list-item]
    return Report(
        "报告", "第1号", Table("说明", ("项目", "内容"), [("标题", "报告")]),
        [Section("情况", ("一段话。",), (table,))], [Table("附表", ("甲",), [("乙",)])], AT, mark,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")]
)
def test_headings_are_numbered_as_in_documents(number: int, written: str) -> None:
    assert chinese_number(number) == written


def test_chinese_numbers_differ() -> None:
    assert len({chinese_number(n) for n in range(1, 100)}) == 99
    for beyond in (0, 100):
        with pytest.raises(ValueError, match=str(beyond)):
            chinese_number(beyond)


def test_a_share_is_rounded_by_halves_up_and_none_is_a_dash() -> None:
    assert [share_text(Decimal(n)) for n in ("0.4225", "0.42249", "0.99951", "1", "0")] == [
        "42.3%",
        "42.2%",
        "100.0%",
        "100%",
        "0%",
    ]
    assert share_text(None) == "—"


def test_cells_keep_their_type_and_links_lie_over_numbers(sqlite_app: Flask) -> None:
    address = "https://plan.example/supervision/behind/received?by=department"
    with sqlite_app.test_request_context(), in_language("zh_Hans"):
        made = report(7, Decimal("3.5"), Share(Decimal("0.25")), DAY, Linked(12, address), "=1+1", None)
        book = load_workbook(io.BytesIO(workbook_of(made)))
        paper = Document(io.BytesIO(document_of(made)))
    cells = next(iter(book["表"].iter_rows(min_row=2, max_row=2)))
    assert [cell.value for cell in cells] == [7, 3.5, 0.25, datetime.combine(DAY, time()), 12, "'=1+1", None]
    assert cells[4].hyperlink.target == address
    assert [cell.data_type for cell in cells[:3]] == ["n", "n", "n"]
    assert cells[2].number_format == "0.0%"
    table = next(table for table in paper.tables if table.rows[0].cells[0].text == "列0")
    assert [cell.text for cell in table.rows[1].cells][:4] == ["7", "3.5", "25.0%", "2026年11月30日"]
    assert address in {part.target_ref for part in paper.part.rels.values() if part.is_external}


@settings(max_examples=25)
@given(text=st.text(max_size=60), names=st.lists(st.text(max_size=40), max_size=3))
def test_whatever_people_write_both_files_open(sqlite_app: Flask, text: str, names: list[str]) -> None:
    tables = [Table(name, ("甲",), [(text,)]) for name in names]
    made = Report(text, "", Table("说明", ("甲",), [(text,)]), [Section("情况", (text,), tables)], [], AT)
    with sqlite_app.test_request_context(), in_language("zh_Hans"):
        first, again = document_of(made), document_of(made)
        book = load_workbook(io.BytesIO(workbook_of(made)))
    assert first == again
    Document(io.BytesIO(first))
    assert len(book.sheetnames) == 1 + len(names)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_head_of_a_sheet_breaks_no_day() -> None:
    assert head_width("上期：2026-09-01至2026-09-30") >= width_of("上期：2026-09-01")
    assert head_width("答复用时：中位数") == 6, "over three lines"
    assert head_width("Overdue") == 7


def test_sample_data_is_marked_on_paper_and_on_every_sheet(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(), in_language("zh_Hans"):
        made = report(1, mark="示例数据，并非真实")
        book = load_workbook(io.BytesIO(workbook_of(made)))
        paper = Document(io.BytesIO(document_of(made)))
    assert all("示例数据" in (sheet.oddHeader.center.text or "") for sheet in book)
    assert "示例数据，并非真实" in [paragraph.text for paragraph in paper.paragraphs]


def test_a_sheet_can_be_printed_and_shows_all_of_a_text(sqlite_app: Flask) -> None:
    """Some programs don't find out how high a row with a long text is; a hundred columns fit on no page."""
    text = "期限届满前已撤回的不计入。" * 20
    with sqlite_app.test_request_context(), in_language("zh_Hans"):
        book = load_workbook(io.BytesIO(workbook_of(report(text, *range(60), name="宽"))))
    wide, narrow = book["宽"], book["附表"]
    room = wide.column_dimensions["A"].width
    height = wide.row_dimensions[2].height
    assert height is not None
    assert height / 15 * room > 2 * len(text)
    for sheet in (wide, narrow):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.fitToHeight == 0
    assert narrow.page_setup.fitToWidth in (None, 1), "one is what a file without it means"
    assert wide.print_title_cols == "$A:$A"
    assert wide.page_setup.fitToWidth is not None
    assert wide.page_setup.fitToWidth > 3


TIMES_BOLD = {
    0.333: "!'()*,-./:;[\\]`fijlt|",
    0.5: "0123456789",
    0.57: '"#$+<=>?^_abcdeghknopqrsuvxyz{}~',
    0.778: "ABCDEFGHIJKLNOPQRSTUVXYZ",
    1: "%&@MWmw",
}
"""How wide a character is at most in bold type, in em."""
words = st.text("eimwEIMW0123456789,.%-", min_size=1, max_size=9)
columns = st.builds(
    Column,
    st.lists(words | st.text("已收到办理中", max_size=8), min_size=1, max_size=4).map(" ".join),
    st.lists(st.lists(words, max_size=3).map("局".join), max_size=3),
    st.lists(st.integers(0, 1_234_567).map("{:,}".format), max_size=3),
)


@settings(max_examples=50)
@given(st.lists(columns, min_size=1, max_size=11), st.booleans())
def test_no_column_on_paper_is_narrower_than_its_longest_word(found: list[Column], turned: bool) -> None:
    """As long as there is room at all in the smallest type; and the page is filled."""
    points, widths = fitted(found, turned=turned)
    assert sum(widths) == pytest.approx(TURNED if turned else UPRIGHT)
    fits = sum(one.least * points + BESIDE for one in found) <= sum(widths) + 0.01
    assert fits or points == SMALLEST
    for one, width in zip(found, widths, strict=True):
        texts = [word for text in (one.head, *one.texts) for word in re.findall("[!-~]+", text)]
        longest = max((sum(bold(c) for c in word) for word in (*texts, *one.whole)), default=0)
        assert not fits or width >= longest * points + 2 * PADDING - 0.01


def bold(one: str) -> float:
    return next(width for width, letters in TIMES_BOLD.items() if one in letters)


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_ten_figures_stand_on_a_turned_page_with_every_head_and_number_whole(
    sqlite_app: Flask, language: str
) -> None:
    """Whatever a department is called; what is narrow stands upright, and hyphens end no line."""
    name = "区住房保障和房屋征收与城市更新主管部门处"
    with sqlite_app.test_request_context(), in_language(language):
        on_paper = [one.label for one in fields() if one.key in ON_PAPER]
        cells = [
            1_234_567,
            98_765,
            0,
            1_234_567,
            1_234_567,
            Share(Decimal("0.999")),
            Decimal("123.5"),
            1_234_567,
        ]
        rows = [(name, *cells, 1_234_567, Share(Decimal(1)))]
        wide = Table("部门", ["部门", *on_paper], rows)
        few = Table("窄", ["编号", "承诺"], [("M-6.4.2-1", "一年里九成以上的日子空气优良" * 3)])
        parts = [Section(one.name, (), (one,)) for one in (few, wide, few, wide)]
        paper = Document(io.BytesIO(document_of(Report("报告", "", few, parts, [few]))))
    assert [section.orientation for section in paper.sections] == [0, 1, 0], (
        "none is turned for one part alone"
    )
    heads = [table.rows[0].cells[0].text for table in paper.tables]
    assert heads == ["编号", "编号", "部门", "编号", "部门", "编号"]
    table = paper.tables[2]
    [size] = {run.font.size for row in table.rows for cell in row.cells for run in cell.paragraphs[0].runs}
    assert size == Pt(10.5)
    for column, label in zip(table.columns, wide.head, strict=True):
        longest = max(
            sum(bold(c) for c in word)
            for word in re.findall("[!-~]+", "0 " + label + " " + column.cells[1].text)
        )
        assert column.width is not None
        assert column.width >= longest * size + Pt(2 * PADDING)
        if language == "zh_Hans":
            assert column.width >= min(len(label), 4) * size + Pt(2 * PADDING), "several characters a line"
    assert paper.tables[0].rows[1].cells[0].text == "M-6.4.2-1"
    assert "M-6" not in paper.tables[0]._tbl.xml


def test_a_report_without_any_part_has_its_page(sqlite_app: Flask) -> None:
    """That of a period that lies ahead; a long code takes a smaller type rather than a turned page."""
    seal = Table("封存校验", ["事项", "内容"], [("SHA-256", "0123456789abcdef" * 4)])
    with sqlite_app.test_request_context(), in_language("zh_Hans"):
        paper = Document(io.BytesIO(document_of(Report("报告", "", seal, [], []))))
    assert [section.orientation for section in paper.sections] == [0]
    [table] = paper.tables
    assert table.columns[1].width is not None
    assert table.columns[1].width >= 64 * 0.5 * Pt(9)
