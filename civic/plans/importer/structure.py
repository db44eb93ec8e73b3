"""From lines to items: chapters, sections, clauses and their paragraphs, tables and boxes, in one walk."""

from __future__ import annotations

from dataclasses import dataclass, field

from civic.plans.importer.errors import PlanSourceError
from civic.plans.importer.lines import Line, LineKind, is_finished
from civic.plans.rules import ItemKind, ParsedItem, ParsedParagraph

ENDS_PARAGRAPH = {
    LineKind.PREFACE,
    LineKind.CHAPTER,
    LineKind.SECTION,
    LineKind.CLAUSE,
    LineKind.BOX,
    LineKind.TABLE,
}


@dataclass
class Draft:
    """An item being read."""

    code: str
    kind: ItemKind
    number: str
    title: str
    parent: str | None
    lines: list[int]
    ordinal: int = 0
    children: int = 0
    paragraphs: list[ParsedParagraph] = field(default_factory=list)

    def done(self) -> ParsedItem:
        return ParsedItem(
            self.code,
            self.kind,
            self.number,
            self.title,
            self.parent,
            tuple(self.lines),
            tuple(self.paragraphs),
        )


@dataclass
class Block:
    """A table or a box as it stands in the text: its caption and the lines under it."""

    caption: Line
    section: str
    lines: list[Line] = field(default_factory=list)


class Walker:
    """Reads the body line by line; after :meth:`walk` holds items, tables and boxes in order."""

    def __init__(self) -> None:
        self.items: list[Draft] = []
        self.tables: list[Block] = []
        self.boxes: list[Block] = []
        self._chapter: Draft | None = None
        self._section: Draft | None = None
        self._item: Draft | None = None
        self._open: list[Line] = []
        self._block: Block | None = None
        self._title_open = False

    def walk(self, lines: list[Line]) -> None:
        for line in lines:
            self._take(line)
        self._close_paragraph()

    def _take(self, line: Line) -> None:
        if line.kind in (LineKind.BLANK, LineKind.RULE):
            return
        if line.kind in ENDS_PARAGRAPH:
            self._close_paragraph()
            self._block = None
            self._title_open = line.kind is LineKind.CHAPTER
            self._begin(line)
        elif line.kind is LineKind.HEADING and self._title_open and self._item:
            # A chapter's title that the page broke over two headings.
            self._item.title = f"{self._item.title} {line.rest}"
            self._item.lines.append(line.number)
            self._title_open = False
        elif self._block is not None and self._belongs_to_block(line):
            self._block.lines.append(line)
        else:
            self._text(line)

    def _begin(self, line: Line) -> None:
        begin = {
            LineKind.PREFACE: self._preface,
            LineKind.CHAPTER: self._chapter_heading,
            LineKind.SECTION: self._section_heading,
            LineKind.CLAUSE: self._clause_heading,
            LineKind.TABLE: self._table,
            LineKind.BOX: self._box,
        }[line.kind]
        begin(line)

    def _belongs_to_block(self, line: Line) -> bool:
        assert self._block is not None
        if line.kind is LineKind.ROW or self._block in self.boxes:
            return True
        # Under a table: its notes, and the line on which a note goes on.
        last = self._block.lines[-1] if self._block.lines else None
        is_note = line.text.startswith(("注", "备注"))
        goes_on = last is not None and last.kind is not LineKind.ROW and not is_finished(last.text)
        return is_note or goes_on

    def _preface(self, line: Line) -> None:
        if self.items:
            raise PlanSourceError(
                line.number, "the preface (前言) must come before the chapters and only once"
            )
        self._item = Draft("preface", ItemKind.PREFACE, "", "前言", None, [line.number])
        self.items.append(self._item)

    def _chapter_heading(self, line: Line) -> None:
        before = self._chapter.ordinal if self._chapter else 0
        _must_follow(line, before, "chapter")
        self._chapter = self._add(line, ItemKind.CHAPTER, str(line.ordinal), None)
        self._section = None

    def _section_heading(self, line: Line) -> None:
        if self._chapter is None:
            raise PlanSourceError(line.number, f"{line.label} stands before the first chapter")
        _must_follow(line, self._chapter.children, "section")
        self._chapter.children = line.ordinal
        code = f"{self._chapter.code}.{line.ordinal}"
        self._section = self._add(line, ItemKind.SECTION, code, self._chapter.code)

    def _clause_heading(self, line: Line) -> None:
        if self._section is None:
            raise PlanSourceError(line.number, f"{line.label} stands outside a section")
        _must_follow(line, self._section.children, "clause")
        self._section.children = line.ordinal
        code = f"{self._section.code}.{line.ordinal}"
        self._add(line, ItemKind.CLAUSE, code, self._section.code)

    def _add(self, line: Line, kind: ItemKind, code: str, parent: str | None) -> Draft:
        self._item = Draft(code, kind, line.label, line.rest, parent, [line.number], line.ordinal)
        self.items.append(self._item)
        return self._item

    def _table(self, line: Line) -> None:
        self._block = Block(line, self._place(line))
        self.tables.append(self._block)

    def _box(self, line: Line) -> None:
        self._block = Block(line, self._place(line))
        self.boxes.append(self._block)

    def _place(self, line: Line) -> str:
        if self._section is None:
            raise PlanSourceError(line.number, f"{line.text} stands outside a section")
        return self._section.code

    def _text(self, line: Line) -> None:
        if line.kind is LineKind.ROW:
            raise PlanSourceError(line.number, "a table row without a caption (表 N) above it")
        if self._item is None:
            raise PlanSourceError(line.number, "text before the first chapter")
        self._title_open = False
        if self._open and is_finished(self._open[-1].text):
            self._close_paragraph()
        self._open.append(line)

    def _close_paragraph(self) -> None:
        if self._open and self._item is not None:
            text = "".join(_joined(line.text, i) for i, line in enumerate(self._open))
            self._item.paragraphs.append(ParsedParagraph(text, tuple(line.number for line in self._open)))
        self._open = []


def _joined(text: str, position: int) -> str:
    # Latin words that the page broke keep their space; Chinese needs none.
    return f" {text}" if position and text[:1].isascii() and text[:1].isalnum() else text


def _must_follow(line: Line, before: int, what: str) -> None:
    if line.ordinal == before:
        raise PlanSourceError(line.number, f"{line.label} stands twice: two {what}s have the same number")
    if line.ordinal != before + 1:
        raise PlanSourceError(
            line.number, f"{line.label} follows {what} {before}: expected number {before + 1}"
        )
