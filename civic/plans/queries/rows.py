"""Frozen rows and pages of plans: what templates and other features get, never a database row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from civic.plans.rules import ItemKind


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as lists show it."""

    id: int
    slug: str
    status: str
    title: str
    title_hant: str
    short_name: str
    short_name_hant: str
    short_name_en: str
    first_year: int
    last_year: int
    document_number: str
    issued_on: date | None
    issued_by: str
    approved_on: date | None
    approved_by: str


@dataclass(frozen=True, slots=True)
class ItemRef:
    """Enough of an item to name it and to link to it."""

    id: int
    plan_slug: str
    code: str
    kind: ItemKind
    number: str
    title: str
    title_hant: str
    title_en: str = ""
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """One paragraph and its anchor."""

    item_id: int
    anchor: str
    text: str
    text_hant: str


@dataclass(frozen=True, slots=True)
class ResponsibilityRow:
    """A department's part in an item; the lead comes first."""

    item_id: int
    department_id: int
    role: str
    official: str
    since: date | None


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A promise with its quote; ``measure`` as in ``commitments.yaml``."""

    ref: ItemRef
    clause: ItemRef
    area: str
    quote: str
    quote_hant: str
    measure: dict[str, Any] | None
    deadline: date | None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A named project and its box."""

    ref: ItemRef
    box: int
    box_title: str
    category: str
    category_hant: str
    action: str
    deadline: date | None = None
    """Set by an adjustment: the print gives projects no day of their own."""
    box_title_hant: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A printed row; ``printed`` is {role: {text, value, qualifier, cumulative, unit} | None}."""

    ref: ItemRef
    number: int
    unit: str
    category: str
    category_hant: str
    nature: str | None
    target_kind: str
    lower_is_better: bool
    baseline_year: int
    target_year: int
    printed: dict[str, Any]
    notes: tuple[str, ...]
    hant: dict[str, str] = field(default_factory=dict)
    """Traditional script of the row's texts (unit, notes, cells), by their Simplified form."""
    continues_id: int | None = None
    series_break: dict[str, str] | None = None
    """{zh, zh_hant, en}: why it can't be drawn in one line with the indicator that it continues."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A printed table or box of a section."""

    section_id: int
    kind: str
    number: int
    title: str
    title_hant: str
    content: dict[str, Any]
    content_hant: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ErratumShown:
    """A mended slip, as a reader sees it."""

    item_id: int | None
    line: int
    old: str
    new: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where an item stands: its chapter, and the livelihood area of its promises, if any."""

    item_id: int
    plan_slug: str
    chapter_code: str
    chapter_title: str
    chapter_title_hant: str
    area: str | None
    code: str
    title: str
    title_hant: str
