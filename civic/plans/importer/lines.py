"""Lines of a source and what they are: numbering decides, never the Markdown heading level."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_MARKUP = re.compile(r"^#{1,6}\s+|\s*</?su[bp]>\s*|</?(?:b|i|em|strong)>|\*\*")
_SPACES = re.compile(r"\s+")
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef，。、；：！？（）“”‘’《》〔〕【】—…]"
_GAP = re.compile(rf"(?<={_CJK})[ \t]+(?={_CJK})")


class LineKind(StrEnum):
    BLANK = "blank"
    RULE = "rule"
    PREFACE = "preface"
    CHAPTER = "chapter"
    SECTION = "section"
    CLAUSE = "clause"
    BOX = "box"
    TABLE = "table"
    ROW = "row"
    HEADING = "heading"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``text`` without markup, ``ordinal`` of a numbered heading, ``rest`` of its title."""

    number: int
    kind: LineKind
    text: str
    ordinal: int = 0
    label: str = ""
    rest: str = ""
    cells: tuple[str, ...] = ()


def chinese_number(text: str) -> int:
    """一 → 1, 十二 → 12, 二十三 → 23, and Arabic digits as they are."""
    if text.isdigit():
        return int(text)
    tens, found, ones = text.partition("十")
    if found:
        return (DIGITS.get(tens, 0) if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    return DIGITS[text]


_ORDINAL = r"[一二三四五六七八九十百\d]+"
_CHAPTER = re.compile(rf"^第\s*({_ORDINAL})\s*章\s*(.*)$")
_SECTION = re.compile(rf"^第\s*({_ORDINAL})\s*节\s*(.*)$")
_CLAUSE = re.compile(r"^([一二三四五六七八九十]+)、\s*(.+)$")
_BOX = re.compile(rf"^专栏\s*({_ORDINAL})\s*[：:]?\s*(.*)$")
_TABLE = re.compile(rf"^表\s*({_ORDINAL})\s+(.*)$")
_SENTENCE_END = re.compile(r"[。！？；：:.!?][”’）)》]*$")


def clean(raw: str) -> str:
    """A line without markup and without the spaces that the OCR put between Chinese characters."""
    text = _MARKUP.sub("", raw).strip()
    return _GAP.sub("", _SPACES.sub(" ", text))


def is_finished(text: str) -> bool:
    """Whether a line ends its paragraph: sentence punctuation, closing quotes aside."""
    return bool(_SENTENCE_END.search(text))


def classify(number: int, raw: str) -> Line:
    """What one line of the body is."""
    stripped = raw.strip()
    if not stripped:
        return Line(number, LineKind.BLANK, "")
    if re.fullmatch(r"-{3,}|\*{3,}|_{3,}", stripped):
        return Line(number, LineKind.RULE, "")
    if "\t" in raw.strip("\n"):
        cells = tuple(clean(cell) for cell in raw.rstrip("\n").split("\t"))
        return Line(number, LineKind.ROW, " ".join(c for c in cells if c), cells=cells)
    # Spaces inside a title belong to it (开创新局面 建设新台江): keep one, but not inside 前 言.
    titled = _SPACES.sub(" ", _MARKUP.sub("", stripped)).strip()
    text = clean(stripped)
    if text.replace(" ", "") == "前言":
        return Line(number, LineKind.PREFACE, "前言", label="前言", rest="前言")
    for kind, pattern in (
        (LineKind.CHAPTER, _CHAPTER),
        (LineKind.SECTION, _SECTION),
        (LineKind.CLAUSE, _CLAUSE),
        (LineKind.BOX, _BOX),
        (LineKind.TABLE, _TABLE),
    ):
        match = pattern.match(titled)
        if match and not (kind is LineKind.CLAUSE and is_finished(titled)):
            label = {
                "chapter": f"第{match[1]}章",
                "section": f"第{match[1]}节",
                "clause": f"{match[1]}、",
            }.get(kind.value, "")
            return Line(number, kind, titled, chinese_number(match[1]), label, match[2].strip())
    if stripped.startswith("#"):
        return Line(number, LineKind.HEADING, titled, rest=titled)
    return Line(number, LineKind.TEXT, text)
