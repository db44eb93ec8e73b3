"""Adjustments of a plan (规划调整): their states, the notice period, and how old and new are said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from civic.core.errors import N_
from civic.plans.rules import AdjustmentSubject, TargetKind
from civic.progress.rules.differences import Piece, text_pieces

Values = Mapping[str, Any]


class AdjustmentState(StrEnum):
    """``proposed`` changes nothing; ``in_force`` is never edited again; ``withdrawn`` stays to be read."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


class Notice(StrEnum):
    """Where a proposal stands in its notice period (公示期)."""

    COMING = "coming"
    OPEN = "open"
    OVER = "over"


STATE_LABELS = {
    AdjustmentState.PROPOSED: N_("Proposed"),
    AdjustmentState.IN_FORCE: N_("In force"),
    AdjustmentState.WITHDRAWN: N_("Withdrawn proposal"),
}
NOTICE_LABELS = {
    Notice.COMING: N_("The notice period has not begun"),
    Notice.OPEN: N_("In its notice period"),
    Notice.OVER: N_("The notice period is over; not decided yet"),
}
SUBJECT_LABELS = {
    AdjustmentSubject.TARGET: N_("Target"),
    AdjustmentSubject.DEADLINE: N_("Deadline"),
    AdjustmentSubject.TEXT: N_("Text"),
    AdjustmentSubject.TITLE: N_("Title"),
    AdjustmentSubject.ITEM: N_("The whole item"),
}
KIND_LABELS = {
    TargetKind.LEVEL: N_("a value to reach"),
    TargetKind.GROWTH: N_("growth from the baseline"),
    TargetKind.CUMULATIVE: N_("the sum of all years"),
    TargetKind.CEILING: N_("not above"),
    TargetKind.FLOOR: N_("not below"),
    TargetKind.MAINTAIN: N_("keep as it is"),
    TargetKind.ANNUAL_RATE: N_("a rate in every year"),
    TargetKind.EXTERNAL: N_("set by someone else"),
    TargetKind.MILESTONE: N_("to be done"),
    TargetKind.NOT_COMPARABLE: N_("not comparable"),
}
FIELD_LABELS = {
    "target": N_("Target"),
    "target_rate": N_("Growth or total beside it"),
    "target_year": N_("Target year"),
    "target_kind": N_("How the target is read"),
    "baseline": N_("Baseline"),
    "baseline_year": N_("Baseline year"),
    "result": N_("Result"),
    "result_rate": N_("Growth beside the result"),
    "lower_is_better": N_("Lower is better"),
    "unit": N_("Unit"),
    "measure": N_("Measured by"),
    "deadline": N_("To be done by"),
    "text": N_("Text"),
    "quote": N_("Quote"),
    "title": N_("Title"),
    "number": N_("Number"),
    "item": N_("The whole item"),
    "clause": N_("Clause"),
    "order": N_("Order of the paragraphs"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field before and after, ready to be shown. ``label`` and, where ``is_msgid``, the values are msgids."""

    label: str
    old: str
    new: str
    old_hant: str = ""
    new_hant: str = ""
    is_msgid: bool = False
    is_day: bool = False
    is_words: bool = False
    """A text of the document: shown with the words that went and came marked."""

    def pieces(self, hant: bool) -> tuple[Piece, ...]:
        """Old and new in one, cut at words, in Traditional or Simplified characters."""
        return text_pieces(*((self.old_hant, self.new_hant) if hant else (self.old, self.new)))

    @property
    def old_day(self) -> date | None:
        return date.fromisoformat(self.old) if self.is_day and self.old else None

    @property
    def new_day(self) -> date | None:
        return date.fromisoformat(self.new) if self.is_day and self.new else None


def notice_of(first: date | None, until: date | None, today: date) -> Notice | None:
    """Where ``today`` stands in a notice period, both days included; None without one."""
    if first is None or until is None:
        return None
    if today < first:
        return Notice.COMING
    return Notice.OPEN if today <= until else Notice.OVER


def lines(old: Values, new: Values) -> tuple[Line, ...]:
    """What changes, field by field, in a fixed order. A missing value is ''."""
    names = [name for name in FIELD_LABELS if name in old or name in new]
    return tuple(_line(name, old, new) for name in names)


def _line(name: str, old: Values, new: Values) -> Line:
    before, after = said(name, old.get(name)), said(name, new.get(name))
    hant = f"{name}_hant"
    return Line(
        FIELD_LABELS[name], before, after, str(old.get(hant) or before), str(new.get(hant) or after),
        is_msgid=name in {"target_kind", "item", "lower_is_better"}, is_day=name == "deadline",
        is_words=name in {"text", "quote"},
    )  # fmt: skip


def said(name: str, value: Any) -> str:
    """One value as text: a cell as printed, a measure by its words, a kind as its msgid."""
    if value is None:
        return ""
    if name == "target_kind":
        return KIND_LABELS[TargetKind(value)]
    if name == "item":
        return N_("in the plan") if value else N_("not in the plan")
    if name == "lower_is_better":
        return N_("yes") if value else N_("no")
    if isinstance(value, Mapping):
        text = str(value["text"])
        return f"{text}（{value['year']}）" if value.get("year") else text
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return str(value)
