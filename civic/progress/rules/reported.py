"""A reported value before it is recorded: what a row of a sheet or a form says, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from civic.core.errors import N_


class About(StrEnum):
    """Whose value it is: the indicator's own, or the one that an external target refers to."""

    INDICATOR = "indicator"
    REFERENCE = "reference"


COLUMNS = (
    "indicator", "year", "value", "unit", "about", "cumulative", "basis_changed", "source_title", "source_link",
    "source_document", "source_date", "note",
)  # fmt: skip
"""Of a sheet, in the order of the template file; the first four and ``source_title`` must be filled in."""
REQUIRED = ("indicator", "year", "value", "unit", "source_title")
YES = frozenset({"yes", "y", "1", "true", "是"})
NO = frozenset({"", "no", "n", "0", "false", "否"})
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Reported:
    """A value as it was reported. ``unit`` is always said; ``basis_changed`` admits another one than the target's."""

    indicator: str
    year: int
    value: Decimal
    unit: str
    source_title: str
    about: About = About.INDICATOR
    cumulative: bool = False
    basis_changed: bool = False
    source_link: str = ""
    source_document: str = ""
    """Number or name of the document, for a source without a web address."""
    source_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row isn't taken: a msgid with its parameters. ``row`` is the line a reader sees, the header is 1."""

    row: int
    text: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet by column, each row with its number; ``problems``: cells that can't be read."""

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the plan says of the indicator that a value is reported for."""

    item_id: int
    unit: str
    baseline_year: int
    target_year: int


def read_row(number: int, cells: Mapping[str, str]) -> Reported | Problem:
    """One row of a sheet as typed values, or the first thing that is wrong with it."""
    given = {name: (cells.get(name) or "").strip() for name in COLUMNS}
    missing = [name for name in REQUIRED if not given[name]]
    if missing:
        return Problem(number, N_("“%(column)s” is empty"), {"column": missing[0]})
    if not re.fullmatch(r"\d{4}", given["year"]):
        return Problem(number, N_("“%(text)s” is no year"), {"text": given["year"]})
    if not _NUMBER.fullmatch(given["value"]):
        return Problem(
            number, N_("“%(text)s” is no plain number; write 1234.5 without signs or spaces"),
            {"text": given["value"]},
        )  # fmt: skip
    for name in ("cumulative", "basis_changed"):
        if given[name].lower() not in YES | NO:
            return Problem(number, N_("“%(column)s” must be yes or no"), {"column": name})
    if given["about"] not in ("", *About):
        return Problem(number, N_("“about” must be indicator or reference"), {})
    if given["source_link"] and not LINK.fullmatch(given["source_link"]):
        return Problem(number, N_("“%(text)s” is no web address"), {"text": given["source_link"]})
    try:
        on = date.fromisoformat(given["source_date"]) if given["source_date"] else None
    except ValueError:
        return Problem(number, N_("“%(text)s” is no date; write 2024-03-31"), {"text": given["source_date"]})
    return Reported(
        given["indicator"], int(given["year"]), Decimal(given["value"]), given["unit"], given["source_title"],
        About(given["about"] or About.INDICATOR), given["cumulative"].lower() in YES,
        given["basis_changed"].lower() in YES, given["source_link"], given["source_document"], on, given["note"],
    )  # fmt: skip


def check(number: int, one: Reported, asked: Asked | None, this_year: int) -> Problem | None:
    """Whether a value fits the indicator it is reported for; None if it does."""
    if asked is None:
        return Problem(number, N_("The plan has no indicator “%(code)s”"), {"code": one.indicator})
    if not asked.baseline_year < one.year <= asked.target_year:
        years = f"{asked.baseline_year + 1}–{asked.target_year}"
        return Problem(number, N_("%(year)s is outside the plan’s years %(years)s"),
                       {"year": str(one.year), "years": years})  # fmt: skip
    if one.year > this_year:
        return Problem(number, N_("%(year)s has not come yet"), {"year": str(one.year)})
    if one.unit != asked.unit and not one.basis_changed:
        return Problem(
            number, N_("The unit is “%(unit)s”, the indicator’s is “%(wanted)s”; if the basis has changed, say so"),
            {"unit": one.unit, "wanted": asked.unit},
        )  # fmt: skip
    if len(one.source_title) > 200 or len(one.source_link) > 500 or len(one.source_document) > 200:
        return Problem(number, N_("Source or unit is too long"), {})
    if len(one.unit) > 40 or len(one.note) > 1000:
        return Problem(number, N_("Source or unit is too long"), {})
    return None
