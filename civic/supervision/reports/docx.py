"""A report as a Word file in the layout of official documents (GB/T 9704—2012, chapter 7: paper, margins, type).

Title centred in size 2 (22 pt), text in size 3 (16 pt) 仿宋 with an indent of two characters and 28 pt between
lines, headings 一、 in 黑体, tables in size 5 (10.5 pt) with their head repeated on every page, appendices (附件)
listed at the end of the text, page numbers in the form — 1 —.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from civic.supervision.reports.layout import (
    Cell,
    Linked,
    Report,
    Row,
    Section,
    Table,
    head_width,
    printable,
    width_of,
    word_width,
)
from civic.supervision.reports.words import (
    appendix_label,
    appendix_line,
    heading_number,
    nothing,
    seen,
)

TITLE, TEXT, SMALL, SMALLEST = Pt(22), Pt(16), Pt(10.5), Pt(7.5)
LINE = Pt(28)
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
BLACK = RGBColor(0, 0, 0)
LATIN = "Times New Roman"
PAPER = (Mm(210), Mm(297))
MARGINS = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
INSIDE = PAPER[0] - MARGINS["left_margin"] - MARGINS["right_margin"]
ROOM = 2 * INSIDE / SMALL
HEAVIEST, PADDING, BOLD = 36, 2.5, 1.2
"""A column wants no more than this, and so much besides its text, in half-width characters; bold type takes more."""
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
    _table(document, report.about)
    for number, section in enumerate(report.sections, start=1):
        _section(document, number, section)
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
    _page(document.sections[0])
    _numbered(document.sections[0])


def _page(section: Any) -> None:
    section.page_width, section.page_height = PAPER
    for name, value in MARGINS.items():
        setattr(section, name, value)


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
    run = paragraph.add_run(printable(text))
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


def _section(document: Any, number: int, section: Section) -> None:
    _paragraph(document, heading_number(number) + section.heading, HEI, level=1)
    for text in section.paragraphs:
        _paragraph(document, text)
    for table in section.tables:
        if len(section.tables) > 1:
            _paragraph(document, table.name, KAI, level=2)
        _table(document, table)


def _table(document: Any, table: Table) -> None:
    head, rows = table.on_paper()
    if not rows:
        _paragraph(document, nothing())
        return
    widths, size = _widths(head, rows)
    grid = document.add_table(rows=1, cols=len(head))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for cell, label in zip(grid.rows[0].cells, head, strict=True):
        _fill(document, cell, label, size, bold=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        _row(document, grid, row, size)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for line in grid.rows:
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = width
    for text in table.note.split("\n"):
        note = document.add_paragraph()
        note.paragraph_format.space_after = Pt(6)
        if text:
            _run(note, text, FANG, SMALL)


def _widths(head: Sequence[str], rows: Sequence[Row]) -> tuple[list[int], Any]:
    """What each column gets of the room inside the margins, and the size of type.

    Each first gets what its longest word or number takes, then of the rest by what its texts would take on one line;
    where not even the words find room, type is smaller.
    """
    texts = [[seen(row[at]).text for row in rows] for at in range(len(head))]
    least = [
        PADDING + max(BOLD * word_width(label), *map(word_width, found))
        for label, found in zip(head, texts, strict=True)
    ]
    wanted = [
        max(low, min(HEAVIEST, PADDING + max(head_width(label), *map(width_of, found))))
        for low, label, found in zip(least, head, texts, strict=True)
    ]
    left, more = ROOM - sum(least), sum(wanted) - sum(least)
    share = min(max(left / more, 0), 1) if more else 0
    weights = [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]
    points = max(SMALLEST.pt, SMALL.pt * min(1, ROOM / sum(least)))
    return [int(INSIDE * weight / sum(weights)) for weight in weights], Pt(int(points * 2) / 2)


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
    if value is None:
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
    for number, table in enumerate(appendices, start=1):
        document.add_page_break()
        label = document.add_paragraph()
        _run(label, appendix_label(number), HEI, TEXT)
        _centred(document, table.name, SONG, TITLE)
        _table(document, table)


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
