"""What cases need from the features below: working days, service levels, whose matter something is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.cases.rules import FeedbackKind, Levels, SpeaksAs
from civic.core.errors import N_, Invalid
from civic.core.workdays import Calendar
from civic.departments import queries as departments
from civic.departments.rules import LevelKey
from civic.routing import services as routing


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The district's calendar and service levels as they stand in this transaction."""

    calendar: Calendar
    service_levels: departments.ServiceLevels
    today: date

    def levels(self, department_id: int | None = None) -> Levels:
        """What holds today for a department, or in general."""

        def days(key: LevelKey) -> int:
            return self.service_levels.days(key, department_id, self.today)

        return Levels(
            moderate=days(LevelKey.MODERATE),
            accept=days(LevelKey.ACCEPT),
            return_within=days(LevelKey.RETURN),
            extension=days(LevelKey.EXTENSION),
            close_after=days(LevelKey.RATING),
            reply={kind: days(LevelKey(kind.value)) for kind in FeedbackKind},
        )


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a new case goes, and why: ``reason`` holds codes and ids, never the resident's words."""

    department_id: int | None
    reason: dict[str, Any] = field(default_factory=dict)


def surroundings(now: datetime) -> Surroundings:
    """Read calendar and levels once per change of a case."""
    calendar = departments.calendar()
    return Surroundings(calendar, departments.service_levels(), calendar.local_day(now))


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
    decision = routing.route(
        text=text,
        kind=kind.value,
        item_id=item_id,
        street_id=street_id,
        speaks_as=speaks_as.value if speaks_as else None,
    )
    return Routed(decision.department_id, decision.reason)


def check_department(department_id: int) -> None:
    """Raise :class:`Invalid` unless there is such a department and it's active."""
    if not any(found.id == department_id and found.active for found in departments.departments()):
        raise Invalid(N_("Choose a department."), code="no_department", field="department_id")


def works_for(account_id: int | None, department_id: int) -> bool:
    """Whether that account handles cases of the department."""
    return any(found.id == account_id for found in accounts.colleagues(department_id))


def check_colleague(account_id: int, department_id: int | None) -> None:
    """Raise :class:`Invalid` unless that account handles cases of the department."""
    if department_id is None or not works_for(account_id, department_id):
        raise Invalid(
            N_("Choose a colleague of the department that holds the case."),
            code="no_colleague",
            field="account_id",
        )
