"""The home page and the livelihood pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civic.cases import queries as cases
from civic.cases.queries import VoiceFilter, VoiceRow
from civic.core.errors import N_, NotFound
from civic.core.paging import Page
from civic.departments import queries as departments
from civic.departments.queries import AreaRow, DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import CommitmentRow, PlanDocument, PlanRow
from civic.portal.queries.margin import leads
from civic.portal.queries.rollups import counted, plan_progress
from civic.portal.queries.voices import VOICES_SHOWN, area_items
from civic.progress.queries import Distribution, ItemProgress
from civic.supervision import queries as supervision
from civic.supervision.queries import Scoreboard

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One commitment of an area with who answers for it and how far it has come."""

    commitment: CommitmentRow
    lead: DepartmentRow | None
    progress: ItemProgress | None
    voices: int


@dataclass(frozen=True, slots=True)
class AreaShown:
    """One livelihood area with its promises, in the order of the plan."""

    area: AreaRow
    promises: tuple[PromiseRow, ...]
    voices: int
    rollup: Distribution


@dataclass(frozen=True, slots=True)
class IndicatorsShown:
    """The indicators of a plan at a glance, one look each, and the same counted."""

    plan: PlanRow
    progress: tuple[ItemProgress | None, ...]
    rollup: Distribution


@dataclass(frozen=True, slots=True)
class HomePage:
    """The home page; ``plan`` is None before any plan is published."""

    plan: PlanRow | None
    counts: dict[str, int]
    indicators: tuple[IndicatorsShown, ...]
    areas: tuple[AreaShown, ...]
    answered: tuple[VoiceRow, ...]
    scoreboard: Scoreboard
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaPage:
    """One livelihood area, its promises, and the voices about them."""

    shown: AreaShown
    areas: tuple[AreaRow, ...]
    voices: Page[VoiceRow]


def home(now: datetime) -> HomePage:
    """Everything the home page shows."""
    known = plans.plans()
    current = next((plan for plan in known if plan.status == "published"), None)
    document = plans.document(current.slug) if current else None
    counts: dict[str, int] = {}
    for item in document.items if document else ():
        counts[item.kind.value] = counts.get(item.kind.value, 0) + 1
    today = departments.local_day(now)
    return HomePage(
        plan=current,
        counts=counts,
        indicators=_indicators(plans.documents(), today),
        areas=_areas(cases.voice_counts(_promised_items()), today),
        answered=cases.answered_recently(4, since=now - WEEK),
        scoreboard=supervision.scoreboard(),
        examples=departments.district().search_examples,
    )


def _indicators(documents: Sequence[PlanDocument], today: date) -> tuple[IndicatorsShown, ...]:
    found = []
    known = plan_progress(today)
    for document in documents:
        shown = tuple(known.get(row.ref.id) for row in document.indicators)
        found.append(IndicatorsShown(document.plan, shown, counted(shown)))
    return tuple(found)


def areas(now: datetime) -> tuple[AreaShown, ...]:
    """All livelihood areas with their promises."""
    return _areas(cases.voice_counts(_promised_items()), departments.local_day(now))


def _commitments() -> list[CommitmentRow]:
    running = (document for document in plans.documents() if document.plan.status == "published")
    return [row for document in running for row in document.commitments]


def _promised_items() -> list[int]:
    """The promises of running plans and the clauses that make them."""
    rows = _commitments()
    return [*(row.ref.id for row in rows), *{row.clause.id for row in rows}]


def _areas(about: dict[int, int], today: date) -> tuple[AreaShown, ...]:
    commitments, moved = _commitments(), plan_progress(today)
    names = {item_id: lead for document in plans.documents() for item_id, lead in leads(document).items()}
    return tuple(
        _area(area, [row for row in commitments if row.area == area.key], names, moved, about)
        for area in departments.areas()
    )


def area_page(key: str, now: datetime) -> AreaPage:
    """One livelihood area; raises :class:`NotFound`."""
    shown = next((area for area in areas(now) if area.area.key == key), None)
    if shown is None:
        raise NotFound(N_("There is no such livelihood area."))
    found = cases.voices(VoiceFilter(item_ids=area_items(shown.area)), now=now, size=VOICES_SHOWN)
    return AreaPage(shown, departments.areas(), found)


def _area(
    area: AreaRow,
    commitments: list[CommitmentRow],
    names: dict[int, DepartmentRow],
    moved: Mapping[int, ItemProgress],
    about: dict[int, int],
) -> AreaShown:
    promises = tuple(
        PromiseRow(row, names.get(row.ref.id), moved.get(row.ref.id), about.get(row.ref.id, 0))
        for row in commitments
    )
    clauses = {row.clause.id for row in commitments}
    voices = sum(promise.voices for promise in promises) + sum(about.get(clause, 0) for clause in clauses)
    return AreaShown(area, promises, voices, counted(promise.progress for promise in promises))
