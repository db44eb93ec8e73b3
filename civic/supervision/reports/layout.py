"""What a report consists of, whatever it is written as: texts under headings, and tables of typed cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from unicodedata import east_asian_width

HEAD_LINES = 3
WORD = re.compile("[!-~]+")
"""What isn't broken between lines, as Chinese is."""
AFTER_CHINESE = re.compile("[^ !-~]{0,4}[!-~]+-[!-~]+")
"""A word with a hyphen, and the few Chinese characters with which it could begin a line."""
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 (section 2.2) can't hold, escaped or not."""


def printable(text: str) -> str:
    """A text without the characters that neither kind of file can hold."""
    return NOT_IN_XML.sub("", text)


def width_of(text: str) -> int:
    """How many half-width characters a text takes on one line."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def word_width(text: str) -> int:
    """How many half-width characters the longest word or number of a text takes; Chinese breaks between any two."""
    return max(2, *map(len, WORD.findall(text)), 0)


def head_width(label: str) -> int:
    """How wide the head of a column has to be, over a few lines and with no word broken: not at a hyphen either, where
    it follows Chinese."""
    return max(
        -(-width_of(label) // HEAD_LINES), word_width(label), *map(width_of, AFTER_CHINESE.findall(label))
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, shown as a percentage; None where too few were counted to state one."""

    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A value that opens the list behind it: an address with its host."""

    value: int | Decimal | str
    address: str


Cell = str | int | Decimal | date | Share | Linked | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``name`` is its sheet and its caption. ``brief``: the columns that fit on paper, all if empty.
    ``note``: what stands below, line by line."""

    name: str
    head: Sequence[str]
    rows: Sequence[Row]
    brief: Sequence[int] = ()
    note: str = ""

    def on_paper(self) -> tuple[Sequence[str], Sequence[Row]]:
        """Head and rows with the columns that a page has room for."""
        if not self.brief:
            return self.head, self.rows
        return (
            [self.head[column] for column in self.brief],
            [[row[column] for column in self.brief] for row in self.rows],
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under its heading; ``tables`` are captioned where there are several."""

    heading: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. ``about`` says what it is, line by line; ``appendices`` end it (附件).

    ``at``: the moment of the report; without one it's a draft of no fixed moment. ``mark`` stands on top of
    every sheet and page where the data is no real one.
    """

    title: str
    number: str
    about: Table
    sections: Sequence[Section]
    appendices: Sequence[Table]
    at: datetime | None = None
    mark: str = ""
    closing: Sequence[str] = field(default=())

    def tables(self) -> Iterator[Table]:
        """All tables in order, the first says what the report is."""
        yield self.about
        for section in self.sections:
            yield from section.tables
        yield from self.appendices
