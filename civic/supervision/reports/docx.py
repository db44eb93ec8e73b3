"""A report as a Word file in the layout of official documents (GB/T 9704—2012, chapter 7: paper, margins, type).

Title centred in size 2 (22 pt), text in size 3 (16 pt) 仿宋 with an indent of two characters and 28 pt between
lines, headings 一、 in 黑体, tables in size 5 (10.5 pt) with their head repeated on every page, wide ones on turned
pages, appendices (附件) listed at the end of the text, page numbers in the form — 1 —.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from civic.supervision.reports.layout import Cell, Linked, Report, Row, Section, Table, printable
from civic.supervision.reports.paper import PADDING, Column, fitted, is_turned
from civic.supervision.reports.words import (
    NOT_STATED,
    appendix_label,
    appendix_line,
    heading_number,
    nothing,
    seen,
)

TITLE, TEXT, SMALL = Pt(22), Pt(16), Pt(10.5)
LINE = Pt(28)
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
BLACK = RGBColor(0, 0, 0)
LATIN = "Times New Roman"
PAPER = (Mm(210), Mm(297))
MARGINS = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
MARGINS_TURNED = {
    "top_margin": Mm(28), "bottom_margin": Mm(26), "left_margin": Mm(35), "right_margin": Mm(37),
}  # fmt: skip
"""The same margins, where the top of a turned page lies at the spine."""
IN_WORD = re.compile("(?<=[!-~])-(?=[!-~])")
"""A hyphen within a word, a code or a day, at which no line ends."""
ZIP_MOMENT = (2000, 1, 1, 0, 0, 0)
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def document_of(report: Report) -> bytes:
    """The whole report."""
    document = Document()
    _prepare(document, report)
    _centred(document, report.title, SONG, TITLE)
    if report.number:
        _centred(document, report.number, KAI, TEXT)
    if report.mark:
        _centred(document, report.mark, HEI, TEXT)
    _table(document, report.about, turned=False)
    turned = _turned(report.sections)
    for number, section in enumerate(report.sections, start=1):
        _section(document, number, section, turned=turned[number - 1])
    for text in report.closing:
        _paragraph(document, text)
    _appendices(document, report.appendices)
    return _same_bytes(document)


def _prepare(document: Any, report: Report) -> None:
    at = (report.at or NO_MOMENT).astimezone(UTC).replace(microsecond=0)
    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by = (
        printable(report.title)[:255],
        "",
        "",
        "",
    )
    about.created = about.modified = at
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, TEXT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
    _page(document.sections[0], turned=False)
    _numbered(document.sections[0])


def _page(section: Any, *, turned: bool) -> None:
    section.page_width, section.page_height = PAPER[::-1] if turned else PAPER
    section.orientation = WD_ORIENTATION.LANDSCAPE if turned else WD_ORIENTATION.PORTRAIT
    for name, value in (MARGINS_TURNED if turned else MARGINS).items():
        setattr(section, name, value)


def _turn(document: Any, *, turned: bool) -> bool:
    """What follows stands on pages turned like this; whether a new page was begun for it."""
    last = document.sections[-1]
    if (last.orientation == WD_ORIENTATION.LANDSCAPE) == turned:
        return False
    _page(document.add_section(WD_SECTION.NEW_PAGE), turned=turned)
    return True


def _numbered(section: Any) -> None:
    """— 1 — in the middle of the foot of every page."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", "宋体", Pt(14))
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _run(paragraph, " —", "宋体", Pt(14))


def _run(paragraph: Any, text: str, font: str, size: Any, *, bold: bool = False) -> Any:
    run = paragraph.add_run()
    for at, piece in enumerate(IN_WORD.split(printable(text))):
        if at:
            run._element.append(OxmlElement("w:noBreakHyphen"))
        run.add_text(piece)
    run.font.name, run.font.size, run.bold = LATIN, size, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _centred(document: Any, text: str, font: str, size: Any) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(12)
    _run(paragraph, text, font, size)


def _paragraph(document: Any, text: str, font: str = FANG, *, level: int = 0) -> None:
    """One paragraph of the text with its indent; ``level`` makes it a heading for the reader's outline."""
    for piece in text.split("\n"):
        if not piece.strip():
            continue
        paragraph = document.add_paragraph(style=f"Heading {level}" if level else None)
        layout = paragraph.paragraph_format
        layout.first_line_indent = 2 * TEXT
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        layout.keep_with_next = bool(level)
        run = _run(paragraph, piece.strip(), font, TEXT)
        if level:
            run.font.color.rgb = BLACK
            run.font.italic = False


def _turned(sections: Sequence[Section]) -> list[bool]:
    """Which parts stand on turned pages: those with a wide table, and what would stand alone between two of them."""
    wide = [any(is_turned(_columns(*one.on_paper())) for one in part.tables if one.rows) for part in sections]
    around = zip([False, *wide], wide, [*wide[1:], False], strict=False)
    return [here or (before and after) for before, here, after in around]


def _section(document: Any, number: int, section: Section, *, turned: bool) -> None:
    _turn(document, turned=turned)
    _paragraph(document, heading_number(number) + section.heading, HEI, level=1)
    for text in section.paragraphs:
        _paragraph(document, text)
    for table in section.tables:
        if len(section.tables) > 1:
            _paragraph(document, table.name, KAI, level=2)
        _table(document, table, turned=turned)


def _table(document: Any, table: Table, *, turned: bool) -> None:
    head, rows = table.on_paper()
    if not rows:
        _paragraph(document, nothing())
        return
    points, widths = fitted(_columns(head, rows), turned=turned)
    size = Pt(points)
    grid = document.add_table(rows=1, cols=len(head))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _padded(grid)
    for cell, label in zip(grid.rows[0].cells, head, strict=True):
        _fill(document, cell, label, size, bold=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        _row(document, grid, row, size)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Pt(width)
    for line in grid.rows:
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = Pt(width)
    for text in table.note.split("\n"):
        note = document.add_paragraph()
        note.paragraph_format.space_after = Pt(6)
        if text:
            _run(note, text, FANG, SMALL)


def _columns(head: Sequence[str], rows: Sequence[Row]) -> list[Column]:
    """What stands in each column, with numbers and days apart: they aren't broken."""
    found = []
    for at, label in enumerate(head):
        texts: dict[bool, list[str]] = {True: [], False: []}
        for row in rows:
            shown = seen(row[at])
            texts[shown.is_number or isinstance(row[at], date)].append(shown.text)
        found.append(Column(label, texts[False], texts[True]))
    return found


def _padded(grid: Any) -> None:
    """The same room beside all texts, whatever the reader's program leaves there by itself."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(20 * PADDING)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = grid._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)


def _row(document: Any, grid: Any, row: Row, size: Any) -> None:
    line = grid.add_row()
    whole = OxmlElement("w:cantSplit")
    line._tr.get_or_add_trPr().append(whole)
    for cell, value in zip(line.cells, row, strict=True):
        _fill(document, cell, value, size)


def _fill(document: Any, cell: Any, value: Cell, size: Any, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    shown = seen(value)
    if isinstance(value, Linked):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if shown.is_number else None
        _link(document, paragraph, value, size)
        return
    if shown.text == NOT_STATED:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif shown.is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for at, piece in enumerate(shown.text.split("\n")):
        if at:
            paragraph.add_run().add_break()
        _run(paragraph, piece, FANG, size, bold=bold)


def _link(document: Any, paragraph: Any, value: Linked, size: Any) -> None:
    target = document.part.relate_to(value.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    anchor = OxmlElement("w:hyperlink")
    anchor.set(qn("r:id"), target)
    run = _run(paragraph, seen(value).text, FANG, size)
    run.font.underline = True
    anchor.append(run._element)
    paragraph._p.append(anchor)


def _appendices(document: Any, appendices: Sequence[Table]) -> None:
    """Listed at the end of the text, each on a page of its own."""
    if not appendices:
        return
    for number, table in enumerate(appendices, start=1):
        _paragraph(document, appendix_line(number, table.name, first=number == 1))
        document.paragraphs[-1].paragraph_format.keep_with_next = number < len(appendices)
    for number, table in enumerate(appendices, start=1):
        turned = is_turned(_columns(*table.on_paper()))
        if not _turn(document, turned=turned):
            document.add_page_break()
        label = document.add_paragraph()
        _run(label, appendix_label(number), HEI, TEXT)
        _centred(document, table.name, SONG, TITLE)
        _table(document, table, turned=turned)


def _same_bytes(document: Any) -> bytes:
    """The file with no moment of writing inside, so that the same report is the same file."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as same:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, ZIP_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            same.writestr(entry, parts.read(name))
    return out.getvalue()
