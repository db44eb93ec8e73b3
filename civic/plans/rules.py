"""What a plan is made of, as plain frozen data, and how its codes are formed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class ItemKind(StrEnum):
    """Anything of a plan that has a page and takes feedback."""

    PREFACE = "preface"
    CHAPTER = "chapter"
    SECTION = "section"
    CLAUSE = "clause"
    INDICATOR = "indicator"
    PROJECT = "project"
    COMMITMENT = "commitment"


class PlanStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    FINISHED = "finished"


class AdjustmentSubject(StrEnum):
    """What an adjustment (规划调整) changes of an item."""

    TARGET = "target"
    DEADLINE = "deadline"
    TEXT = "text"
    TITLE = "title"
    ITEM = "item"
    """The item as a whole: it is new, or no longer in the document."""


class Nature(StrEnum):
    """预期性 or 约束性."""

    EXPECTED = "expected"
    BINDING = "binding"


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell as printed (``text``), and the number in it if there is one.

    ``qualifier``: the word that came with the number (左右, 以上, <). ``cumulative``: printed in [ ].
    """

    text: str
    value: Decimal | None = None
    qualifier: str = ""
    cumulative: bool = False
    unit: str = ""


_NUMBER = re.compile(r"^(?P<before>[<>≤≥]?)(?P<number>-?\d+(?:\.\d+)?)(?P<percent>%?)(?P<after>\D*)$")
QUALIFIERS = ("左右", "以上", "以下", "以内")


def read_printed(text: str) -> Printed | None:
    """Read one printed cell; None for an empty one."""
    text = text.strip()
    if not text:
        return None
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    match = _NUMBER.match(bare.replace(" ", ""))
    if match is None:
        return Printed(text)
    after = match["after"]
    qualifier = match["before"] or (after if after in QUALIFIERS else "")
    return Printed(
        text, Decimal(match["number"]), qualifier, bare is not text, "" if after == qualifier else after
    )


@dataclass(frozen=True, slots=True)
class ParsedParagraph:
    """One paragraph and the source lines it stands on (1-based, inclusive)."""

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """A preface, chapter, section or clause. ``number`` as printed (第六章, 第三节, 一、)."""

    code: str
    kind: ItemKind
    number: str
    title: str
    parent: str | None
    lines: tuple[int, ...]
    paragraphs: tuple[ParsedParagraph, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedIndicator:
    """One row of a table of indicators, every cell kept as printed."""

    code: str
    number: int
    name: str
    unit: str
    category: str
    nature: Nature | None
    baseline_year: int
    baseline: Printed | None
    target_year: int
    target: Printed | None
    target_rate: Printed | None
    result: Printed | None
    result_rate: Printed | None
    line: int


@dataclass(frozen=True, slots=True)
class ParsedProject:
    """One named project of a box; ``action`` is the verb or suffix it shares with its neighbours."""

    code: str
    box: int
    category: str
    name: str
    action: str
    line: int


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """A printed table of indicators, shown in the section ``section``."""

    number: int
    title: str
    section: str
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    indicators: tuple[ParsedIndicator, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedBox:
    """A printed 专栏, shown at the end of the section ``section``."""

    number: int
    title: str
    section: str
    projects: tuple[ParsedProject, ...]
    lines: tuple[int, ...]
    paragraphs: tuple[ParsedParagraph, ...]


@dataclass(frozen=True, slots=True)
class PlanMetadata:
    """What cover and notice say of the document."""

    title: str
    document_number: str
    issued_on: date | None
    issued_by: str
    approved_on: date | None
    approved_by: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Characters of the body (white space and markup aside) that are on some item."""

    total: int
    placed: int
    unplaced: tuple[tuple[int, str], ...] = ()

    @property
    def complete(self) -> bool:
        return self.total == self.placed and not self.unplaced

    @property
    def percent(self) -> str:
        """Characters placed, in percent with two decimals; never "100.00" while one is missing."""
        share = 100 * self.placed / self.total if self.total else 100.0
        return f"{share:.2f}" if self.complete else f"{min(share, 99.99):.2f}"


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip of the print or its OCR, mended where a reader can see it."""

    line: int
    old: str
    new: str
    why: str


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A whole document, read."""

    metadata: PlanMetadata
    items: tuple[ParsedItem, ...]
    tables: tuple[ParsedTable, ...]
    boxes: tuple[ParsedBox, ...]
    coverage: Coverage
    errata: tuple[Erratum, ...] = ()
    warnings: tuple[tuple[int, str], ...] = ()


class TargetKind(StrEnum):
    """How an indicator's target is to be read (DESIGN §6); ``civic.progress`` does the arithmetic."""

    LEVEL = "level"
    GROWTH = "growth"
    CUMULATIVE = "cumulative"
    CEILING = "ceiling"
    FLOOR = "floor"
    MAINTAIN = "maintain"
    ANNUAL_RATE = "annual_rate"
    EXTERNAL = "external"
    MILESTONE = "milestone"
    NOT_COMPARABLE = "not_comparable"


EXTERNAL_WORDS = ("下达", "平均水平")
"""A target in these words is set by someone else: the value must be given with its source."""


def target_kind(indicator: ParsedIndicator) -> TargetKind:
    """What the printed cells themselves say of the target; a plan's hint file can say otherwise."""
    target, rate, result = indicator.target, indicator.target_rate, indicator.result_rate
    if result and "不可比" in result.text:
        return TargetKind.NOT_COMPARABLE
    if target and any(word in target.text for word in EXTERNAL_WORDS):
        return TargetKind.EXTERNAL
    if rate and rate.text == "持平":
        return TargetKind.MAINTAIN
    if target and target.cumulative:
        return TargetKind.CUMULATIVE
    if target and target.qualifier in {"<", "≤", "以下", "以内"}:
        return TargetKind.CEILING
    if rate and rate.value is not None and not rate.cumulative and rate.text.rstrip("左右").endswith("%"):
        return TargetKind.GROWTH
    if target and target.value is not None and indicator.name.endswith("增长率"):
        return TargetKind.ANNUAL_RATE
    if target and indicator.baseline and target.value == indicator.baseline.value:
        return TargetKind.MAINTAIN
    return TargetKind.LEVEL
