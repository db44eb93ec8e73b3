"""What cases need from the features below: working days, service levels, whose matter something is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from civic.cases.rules import FeedbackKind, Levels, SpeaksAs
from civic.core.workdays import Calendar
from civic.departments import queries as departments


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The district's calendar and service levels as they stand in this transaction."""

    calendar: Calendar
    levels: Levels


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a new case goes, and why: ``reason`` holds codes and ids, never the resident's words."""

    department_id: int | None
    reason: dict[str, Any] = field(default_factory=dict)


def surroundings() -> Surroundings:
    """Read calendar and levels once per change of a case."""
    return Surroundings(departments.calendar(), Levels())


def reference_prefix() -> str:
    """What this district's case numbers begin with."""
    return departments.district().reference_prefix


def find_department(
    text: str,
    *,
    kind: FeedbackKind,
    item_id: int | None,
    street_id: int | None,
    speaks_as: SpeaksAs | None,
) -> Routed:
    """The department that is certainly in charge of a new case, or none."""
    raise NotImplementedError


def check_department(department_id: int) -> None:
    """Raise :class:`Invalid` unless there is such a department and it's active."""
    raise NotImplementedError


def check_colleague(account_id: int, department_id: int | None) -> None:
    """Raise :class:`Invalid` unless that account handles cases of the department."""
    raise NotImplementedError
