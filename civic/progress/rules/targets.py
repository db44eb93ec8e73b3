"""A target of one year, and money of a project, before they are recorded: what is said, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from civic.core.errors import N_
from civic.plans.rules import Printed, TargetKind, read_printed
from civic.progress.rules.reported import LINK, NO, YES, Problem

TARGET_COLUMNS = (
    "indicator", "year", "target", "as_rate", "document_title", "document_number", "link", "date", "note",
)  # fmt: skip
"""Of a sheet of annual targets, in the order of the template file."""
TARGET_REQUIRED = ("indicator", "year", "target", "document_title")
LIMITS = {"document_title": 200, "document_number": 80, "link": 500, "note": 1000, "target": 40}
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,4})?")


@dataclass(frozen=True, slots=True)
class NewTarget:
    """What an indicator is to reach in a year, and the document that set it. ``printed``: as it says it."""

    indicator: str
    year: int
    printed: str
    document_title: str
    as_rate: bool = False
    document_number: str = ""
    link: str = ""
    set_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TargetAsked:
    """What the plan says of the indicator that a target is set for."""

    item_id: int
    unit: str
    kind: TargetKind
    baseline_year: int
    target_year: int


def read_target(number: int, cells: Mapping[str, str]) -> NewTarget | Problem:
    """One row of a sheet of annual targets, or the first thing that is wrong with it."""
    given = {name: (cells.get(name) or "").strip() for name in TARGET_COLUMNS}
    missing = [name for name in TARGET_REQUIRED if not given[name]]
    if missing:
        return Problem(number, N_("“%(column)s” is empty"), {"column": missing[0]})
    if not re.fullmatch(r"\d{4}", given["year"]):
        return Problem(number, N_("“%(text)s” is no year"), {"text": given["year"]})
    if given["as_rate"].lower() not in YES | NO:
        return Problem(number, N_("“%(column)s” must be yes or no"), {"column": "as_rate"})
    too_long = [name for name, most in LIMITS.items() if len(given[name]) > most]
    if too_long:
        return Problem(number, N_("“%(column)s” is too long"), {"column": too_long[0]})
    wrong = _wrong_source(number, given["link"], given["date"])
    if wrong is not None:
        return wrong
    return NewTarget(
        given["indicator"], int(given["year"]), given["target"], given["document_title"],
        given["as_rate"].lower() in YES, given["document_number"], given["link"],
        date.fromisoformat(given["date"]) if given["date"] else None, given["note"],
    )  # fmt: skip


def _wrong_source(number: int, link: str, on: str) -> Problem | None:
    if link and not LINK.fullmatch(link):
        return Problem(number, N_("“%(text)s” is no web address"), {"text": link})
    try:
        date.fromisoformat(on or "2000-01-01")
    except ValueError:
        return Problem(number, N_("“%(text)s” is no date; write 2024-03-31"), {"text": on})
    return None


def check_target(number: int, one: NewTarget, asked: TargetAsked | None) -> Problem | None:
    """Whether a target fits the indicator it is set for; None if it does. Years to come are allowed."""
    if asked is None:
        return Problem(number, N_("The plan has no indicator “%(code)s”"), {"code": one.indicator})
    if not asked.baseline_year < one.year <= asked.target_year:
        years = f"{asked.baseline_year + 1}–{asked.target_year}"
        return Problem(number, N_("%(year)s is outside the plan’s years %(years)s"),
                       {"year": str(one.year), "years": years})  # fmt: skip
    if asked.kind is TargetKind.NOT_COMPARABLE:
        return Problem(
            number, N_("The values of %(code)s can’t be compared, so no target fits"), {"code": one.indicator}
        )
    cell = target_cell(one.printed)
    if cell is None or cell.value is None:
        return Problem(
            number, N_("“%(text)s” holds no number; write 650, 650左右, <25 or [3.5]"), {"text": one.printed}
        )
    if cell.cumulative and (asked.kind is not TargetKind.CUMULATIVE or one.as_rate):
        return Problem(number, N_("[ ] is for the sum of an indicator that is added up over the years"), {})
    percent = "%" in one.printed
    if percent and not one.as_rate and asked.unit != "%":
        return Problem(number, N_("“%(text)s” is a rate; then “as_rate” must be yes"), {"text": one.printed})
    if cell.unit not in ("", "%", asked.unit):
        return Problem(
            number, N_("The unit is “%(unit)s”, the indicator’s is “%(wanted)s”"),
            {"unit": cell.unit, "wanted": asked.unit},
        )  # fmt: skip
    return None


def target_cell(printed: str) -> Printed | None:
    """The number and the word of a printed target; ``7.5%左右`` keeps its word too."""
    return read_printed(printed.replace(" ", ""))


class MoneyKind(StrEnum):
    """Money that was planned for a year, or spent in it."""

    PLANNED = "planned"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class NewBudget:
    """Money of a project in one year; ``amount`` in 万元 (10,000 CNY)."""

    project: str
    year: int
    kind: MoneyKind
    amount: Decimal
    source_title: str
    source_link: str = ""
    source_document: str = ""
    source_date: date | None = None
    note: str = ""


def read_budget(cells: Mapping[str, str]) -> NewBudget | Problem:
    """What a form says of a project's money, or the first thing that is wrong with it."""
    given = {name: (cells.get(name) or "").strip() for name in NewBudget.__dataclass_fields__}
    for name in ("project", "year", "kind", "amount", "source_title"):
        if not given[name]:
            return Problem(1, N_("“%(column)s” is empty"), {"column": name})
    if not re.fullmatch(r"\d{4}", given["year"]):
        return Problem(1, N_("“%(text)s” is no year"), {"text": given["year"]})
    if given["kind"] not in set(MoneyKind):
        return Problem(1, N_("Choose planned or spent"), {})
    if not _AMOUNT.fullmatch(given["amount"]):
        return Problem(
            1, N_("“%(text)s” is no amount; write a plain number of 万元, such as 1250.5"), {"text": given["amount"]}
        )  # fmt: skip
    wrong = _wrong_source(1, given["source_link"], given["source_date"])
    if wrong is not None:
        return wrong
    return NewBudget(
        given["project"], int(given["year"]), MoneyKind(given["kind"]), Decimal(given["amount"]),
        given["source_title"], given["source_link"], given["source_document"],
        date.fromisoformat(given["source_date"]) if given["source_date"] else None, given["note"],
    )  # fmt: skip


def check_budget(
    one: NewBudget, item_id: int | None, this_year: int, first: int, last: int
) -> Problem | None:
    """Whether money fits the project; planned money may be of years to come, spent money may not.

    A project may begin before the plan and end after it: years five before and five after are taken.
    """
    if item_id is None:
        return Problem(1, N_("The plan has no project “%(code)s”"), {"code": one.project})
    if not first - 5 <= one.year <= last + 5:
        return Problem(1, N_("%(year)s is outside the plan’s years %(years)s"),
                       {"year": str(one.year), "years": f"{first}–{last}"})  # fmt: skip
    if one.kind is MoneyKind.SPENT and one.year > this_year:
        return Problem(1, N_("%(year)s has not come yet"), {"year": str(one.year)})
    return None
