"""A department's page: all it leads in one list of tasks, responsibilities and timetable (8.2.1); how it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from civic.cases import queries as cases
from civic.cases.queries import VoiceFilter, VoiceRow
from civic.changes import queries as changes
from civic.core.paging import Page
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.departments.rules import ReorganisationRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument, PlanRow
from civic.plans.rules import ItemKind
from civic.portal.queries.rollups import KINDS, Rollup, by_kind, plan_progress, rollup
from civic.portal.queries.voices import VOICES_SHOWN
from civic.progress import queries as progress
from civic.progress.queries import ItemProgress, UpdateRow
from civic.supervision import queries as supervision
from civic.supervision.queries import PublicRow, Scoreboard


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of an item as the newest update has it."""

    title: str
    title_hant: str
    planned_on: date | None
    actual_on: date | None


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the list. ``deadline``: the plan's own word for the item; without one ``due_year``, its last year."""

    ref: ItemRef
    plan: PlanRow
    progress: ItemProgress | None
    official: str
    since: date | None
    support: tuple[DepartmentRow, ...]
    deadline: date | None
    due_year: int
    expected_on: date | None
    milestones: tuple[Milestone, ...]
    text: str = ""
    text_hant: str = ""


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """The lines of one kind, with their roll-up."""

    kind: ItemKind
    rollup: Rollup
    rows: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """A merger or split of a department, with the other one that it concerned."""

    row: ReorganisationRow
    other: DepartmentRow


@dataclass(frozen=True, slots=True)
class DepartmentPage:
    """A department. ``supports`` counts the items that it only supports; ``score`` is None if it had nothing to do.

    ``heir`` stands for one that was merged.
    """

    department: DepartmentRow
    plans: tuple[PlanRow, ...]
    groups: tuple[DutyGroup, ...]
    total: Rollup
    supports: int
    scoreboard: Scoreboard
    score: PublicRow | None
    voices: Page[VoiceRow]
    heir: DepartmentRow | None
    lineage: tuple[Kin, ...]


@dataclass(frozen=True, slots=True)
class DepartmentListed:
    """A department in the list of all, with the row of what it leads."""

    department: DepartmentRow
    rollup: Rollup


def department_list(today: date) -> tuple[DepartmentListed, ...]:
    """All active departments, in the district's order, with what each leads in the running plans."""
    led: dict[int, list[ItemRef]] = {}
    known = plan_progress(today)
    for document in _running():
        for ref in document.of_kind(*KINDS):
            duty = document.lead(ref)
            if duty is not None:
                led.setdefault(duty.department_id, []).append(ref)
    return tuple(
        DepartmentListed(row, rollup(led.get(row.id, ()), known)) for row in departments.departments()
    )


def department_page(key: str, now: datetime) -> DepartmentPage:
    """One department by its key; raises :class:`~civic.core.errors.NotFound`."""
    department = changes.department_scope(key).department
    assert department is not None
    today = departments.local_day(now)
    led = [pair for pair in changes.led_items(department.id, running=True) if pair[1].kind in KINDS]
    known = plan_progress(today)
    duties = _duties(led, known)
    items = [ref for _, ref in led]
    groups = tuple(
        DutyGroup(row.kind, row, tuple(duty for duty in duties if duty.ref.kind is row.kind))
        for row in by_kind(items, known)
        if row.kind is not None
    )
    scoreboard = supervision.scoreboard()
    return DepartmentPage(
        department,
        tuple(dict.fromkeys(document.plan for document, _ in led)),
        groups,
        rollup(items, known),
        _supported(department.id),
        scoreboard,
        scoreboard.row(department.key),
        cases.voices(VoiceFilter(department_id=department.id), now=now, size=VOICES_SHOWN),
        departments.department_names([departments.heirs().get(department.id)]).get(
            departments.heirs().get(department.id, 0)
        ),
        _lineage(department.id),
    )


def _lineage(department_id: int) -> tuple[Kin, ...]:
    """With which departments it was merged or split, the newest first."""
    rows = [row for row in departments.done() if department_id in (row.source_id, row.target_id)]
    names = departments.department_names(one for row in rows for one in (row.source_id, row.target_id))
    return tuple(
        Kin(row, names[row.target_id if row.source_id == department_id else row.source_id]) for row in rows
    )


def _running() -> tuple[PlanDocument, ...]:
    return tuple(one for one in plans.documents() if one.plan.status == "published")


def _supported(department_id: int) -> int:
    return sum(
        duty.department_id == department_id and duty.role == "support"
        for document in _running()
        for ref in document.of_kind(*KINDS)
        for duty in document.responsibilities.get(ref.id, ())
    )


def _duties(led: list[tuple[PlanDocument, ItemRef]], known: Mapping[int, ItemProgress]) -> tuple[Duty, ...]:
    names = {row.id: row for row in departments.departments(include_inactive=True)}
    latest = progress.standing_updates([ref.id for _, ref in led])
    found = []
    for document, ref in led:
        shares = document.responsibilities.get(ref.id, ())
        lead = next(duty for duty in shares if duty.role == "lead")
        promise = next((row for row in document.commitments if row.ref.id == ref.id), None)
        indicator = next((row for row in document.indicators if row.ref.id == ref.id), None)
        news = latest.get(ref.id)
        found.append(
            Duty(
                ref, document.plan, known.get(ref.id), lead.official, lead.since,
                tuple(names[one.department_id] for one in shares if one.role == "support"),
                document.deadlines.get(ref.id),
                indicator.target_year if indicator else document.plan.last_year,
                news.report.expected_on if news else None,
                _milestones(news),
                promise.quote if promise else "", promise.quote_hant if promise else "",
            )
        )  # fmt: skip
    return tuple(found)


def _milestones(news: UpdateRow | None) -> tuple[Milestone, ...]:
    if news is None:
        return ()
    return tuple(
        Milestone(one.title, news.hant.get(one.title, ""), one.planned_on, one.actual_on)
        for one in news.report.milestones
    )
