"""Reads: departments, streets, working days, service levels and settings, as frozen rows.

They change only when a district's data is loaded or edited, and are kept in the process until then
(see ``web.caching``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.workdays import Calendar
from civic.departments.models import (
    CalendarDay,
    CalendarYear,
    Community,
    Department,
    DistrictSetting,
    Reorganisation,
    ServiceLevel,
    Street,
)
from civic.departments.rules import (
    DEFAULT_DAYS,
    DEFAULT_SOON,
    LevelKey,
    ReorganisationKind,
    ReorganisationRow,
    last_heirs,
)
from civic.web.caching import kept


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department. Official texts have their Traditional form beside them; '' where there is none."""

    id: int
    key: str
    name: str
    name_hant: str
    name_en: str
    kind: str
    function: str
    function_hant: str
    function_en: str
    note: str
    note_hant: str
    active: bool


@dataclass(frozen=True, slots=True)
class StreetRow:
    """A street; ``department_id`` is its office."""

    id: int
    code: str
    name: str
    name_hant: str
    name_en: str
    department_id: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """A community of a street."""

    id: int
    code: str
    name: str
    name_hant: str
    street_id: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A livelihood area."""

    key: str
    name: str
    name_hant: str
    name_en: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year with published working days, and the notice that says so; ``days`` in order."""

    year: int
    notice_title: str
    notice_number: str
    notice_date: date | None
    url: str
    days: tuple[tuple[date, bool, str], ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """``level`` holds from that day on; ``department_id`` None for all departments.

    ``days`` is None where the department follows the district again.
    """

    level: LevelKey
    days: int | None
    effective_from: date
    department_id: int | None
    soon: int | None = None


@dataclass(frozen=True)
class ServiceLevels:
    """Within how many days things are due. Working days, but for :attr:`LevelKey.RATING`: calendar days."""

    rows: tuple[LevelRow, ...] = ()

    def days(self, level: LevelKey | str, department_id: int | None = None, on: date | None = None) -> int:
        """The days of a level, as it stands on a day (default: the latest).

        A department's own level goes before the general one; without either the default holds.
        """
        wanted = LevelKey(level)
        own = self.own_days(wanted, department_id, on) if department_id is not None else None
        return own or self.own_days(wanted, None, on) or DEFAULT_DAYS[wanted]

    def own_days(
        self, level: LevelKey | str, department_id: int | None, on: date | None = None
    ) -> int | None:
        """What a department (or with None the district) itself says of a level; None where it says nothing."""
        row = self._standing(level, department_id, on)
        return row.days if row else None

    def soon(self, level: LevelKey | str, on: date | None = None) -> int:
        """How many working days before its end the level is due soon: the district's, the same for everyone."""
        row = self._standing(level, None, on)
        return DEFAULT_SOON if row is None or row.soon is None else row.soon

    def _standing(self, level: LevelKey | str, owner: int | None, on: date | None) -> LevelRow | None:
        wanted = LevelKey(level)
        held = (
            row
            for row in self.rows
            if row.level is wanted and row.department_id == owner and (on is None or row.effective_from <= on)
        )
        return max(held, key=lambda row: row.effective_from, default=None)


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """What the district says of itself; a text that is '' is not set yet.

    ``records``: record numbers for the footer (icp, public_security). ``privacy``: whom to ask about
    personal data (name, phone, email, address). ``opens_at``, ``closes_at``: local times.
    """

    name: str = ""
    name_hant: str = ""
    name_en: str = ""
    site_name: str = ""
    site_name_hant: str = ""
    site_name_en: str = ""
    tagline: str = ""
    tagline_hant: str = ""
    tagline_en: str = ""
    publisher: str = ""
    publisher_hant: str = ""
    publisher_en: str = ""
    hotline: str = ""
    hotline_note: str = ""
    hotline_note_hant: str = ""
    hotline_note_en: str = ""
    hours_note: str = ""
    hours_note_hant: str = ""
    hours_note_en: str = ""
    website: str = ""
    reference_prefix: str = "C"
    zone: str = "Asia/Shanghai"
    opens_at: time = time(8, 30)
    closes_at: time = time(17, 30)
    records: Mapping[str, str] = field(default_factory=dict)
    privacy: Mapping[str, str] = field(default_factory=dict)
    areas: tuple[AreaRow, ...] = ()
    search_examples: tuple[str, ...] = ()
    search_synonyms: Mapping[str, list[str]] = field(default_factory=dict)
    """What residents say: what the plan calls it."""
    progress: Mapping[str, str] = field(default_factory=dict)
    """Cut-offs between the statuses of indicators, as shares (``ahead_by``, ``behind_by``, ``around_by``)."""
    warnings: Sequence[Mapping[str, Any]] = ()
    """The rules by which supervision warns, as it stored them."""


NOT_LOADED = DistrictPage()
"""What holds before any district is loaded: no names, general defaults."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one load of district data means for every request after it."""

    district: DistrictPage
    calendar: Calendar
    levels: ServiceLevels


def departments(*, include_inactive: bool = False) -> tuple[DepartmentRow, ...]:
    """All departments that take cases, in the district's order; on request also the former ones."""
    return tuple(row for row in _all_departments() if row.active or include_inactive)


def department(department_id: int) -> DepartmentRow:
    """One department, active or not; raises :class:`NotFound`."""
    found = department_names([department_id])
    if department_id not in found:
        raise NotFound(N_("There is no such department."))
    return found[department_id]


def department_names(department_ids: Iterable[int | None]) -> dict[int, DepartmentRow]:
    """The departments of those ids, active or not; None is passed over."""
    wanted = set(department_ids)
    return {row.id: row for row in _all_departments() if row.id in wanted}


def department_ids() -> dict[str, int]:
    """Key → id of the active departments; the key of a merged one gives the one that stands for it."""
    passed = heirs()
    everyone = departments(include_inactive=True)
    return {row.key: passed.get(row.id, row.id) for row in everyone if row.active or row.id in passed}


def heirs() -> Mapping[int, int]:
    """{merged department: the one that stands for it today}."""
    merged = {row.source_id: row.target_id for row in done() if row.kind is ReorganisationKind.MERGE}
    return last_heirs(merged)


def predecessors(department_id: int) -> tuple[int, ...]:
    """The merged departments for which this one stands today."""
    return tuple(source for source, heir in heirs().items() if heir == department_id)


def done() -> tuple[ReorganisationRow, ...]:
    """The mergers and splits that took place, the newest first."""
    return kept("reorganisations", lambda: tuple(row for row in reorganisations() if row.applied))


def reorganisations() -> tuple[ReorganisationRow, ...]:
    """All mergers and splits, planned, done and withdrawn, the latest day first."""
    rows = db.session.scalars(
        select(Reorganisation).order_by(Reorganisation.effective_on.desc(), Reorganisation.id.desc())
    )
    return tuple(
        ReorganisationRow(
            row.id, ReorganisationKind(row.kind), row.source_id, row.target_id, row.effective_on, row.title,
            row.number, row.dated, row.recorded_by, row.recorded_at,
            row.applied_at is not None, row.withdrawn_at is not None,
        )
        for row in rows
    )  # fmt: skip


def streets(*, include_inactive: bool = False) -> tuple[StreetRow, ...]:
    """The streets, in the district's order; on request also the former ones."""
    columns = (Street.id, Street.code, Street.name, Street.name_hant, Street.name_en, Street.department_id)
    query = select(*columns, Street.active).order_by(Street.position, Street.id)
    found = kept("streets", lambda: tuple(StreetRow(*row) for row in db.session.execute(query)))
    return tuple(row for row in found if row.active or include_inactive)


def street_office(street_id: int) -> DepartmentRow | None:
    """The office of a street, if it takes cases."""
    street = next((row for row in streets() if row.id == street_id), None)
    return next((row for row in departments() if street and row.id == street.department_id), None)


def communities(street_id: int | None = None, *, include_inactive: bool = False) -> tuple[CommunityRow, ...]:
    """The communities, of one street or of all, in the district's order; on request also the former ones."""
    columns = (Community.id, Community.code, Community.name, Community.name_hant, Community.street_id)
    query = select(*columns, Community.active).order_by(Community.position, Community.id)
    found = kept("communities", lambda: tuple(CommunityRow(*row) for row in db.session.execute(query)))
    return tuple(
        row for row in found if street_id in (None, row.street_id) and (row.active or include_inactive)
    )


def district() -> DistrictPage:
    """The district's settings; :data:`NOT_LOADED` before any is loaded."""
    return _kept().district


def areas() -> tuple[AreaRow, ...]:
    """The livelihood areas, in the district's order."""
    return district().areas


def calendar() -> Calendar:
    """The district's working days; a year without a published notice is provisional."""
    return _kept().calendar


def service_levels() -> ServiceLevels:
    """The district's deadlines."""
    return _kept().levels


def calendar_years() -> tuple[YearRow, ...]:
    """The published years with their notices and special days, newest first: for the admin page."""
    days: dict[int, list[tuple[date, bool, str]]] = {}
    for row in db.session.scalars(select(CalendarDay).order_by(CalendarDay.day)):
        days.setdefault(row.year, []).append((row.day, row.works, row.name))
    years = db.session.scalars(select(CalendarYear).order_by(CalendarYear.year.desc()))
    return tuple(
        YearRow(y.year, y.notice_title, y.notice_number, y.notice_date, y.url, tuple(days.get(y.year, ())))
        for y in years
    )


def local_day(at: datetime) -> date:
    """The district's calendar day of a moment."""
    return calendar().local_day(at)


def last_judged_day(now: datetime) -> date:
    """The last day whose close of work has passed: its deadlines have been met or missed."""
    found = calendar()
    today = found.local_day(now)
    return today if now.astimezone(UTC) > found.closing(today) else today - timedelta(days=1)


def _columns() -> Select[*tuple[Any, ...]]:
    columns: Select[*tuple[Any, ...]] = select(
        Department.id,
        Department.key,
        Department.name,
        Department.name_hant,
        Department.name_en,
        Department.kind,
        Department.function,
        Department.function_hant,
        Department.function_en,
        Department.note,
        Department.note_hant,
        Department.active,
    )
    return columns.order_by(Department.position, Department.id)


def _all_departments() -> tuple[DepartmentRow, ...]:
    return kept("departments", lambda: tuple(DepartmentRow(*row) for row in db.session.execute(_columns())))


def _kept() -> _Kept:
    return kept("district", _read)


def _read() -> _Kept:
    rows = db.session.execute(select(DistrictSetting.key, DistrictSetting.value))
    stored: dict[str, Any] = {row.key: row.value for row in rows}
    page = _district_page(stored) if stored else NOT_LOADED
    days = db.session.execute(select(CalendarDay.day, CalendarDay.works, CalendarDay.name)).all()
    years = frozenset(db.session.scalars(select(CalendarYear.year)))
    levels = db.session.scalars(select(ServiceLevel).order_by(ServiceLevel.id))
    return _Kept(
        district=page,
        calendar=Calendar(
            {row.day: row.works for row in days},
            years,
            page.zone,
            page.closes_at,
            {row.day: row.name for row in days},
        ),
        levels=ServiceLevels(
            tuple(
                LevelRow(LevelKey(r.level), r.days, r.effective_from, r.department_id, r.soon) for r in levels
            )
        ),
    )


def _district_page(stored: dict[str, Any]) -> DistrictPage:
    texts = {key: value for key, value in stored.items() if key in DistrictPage.__dataclass_fields__}
    return DistrictPage(
        **texts
        | {
            "opens_at": time.fromisoformat(stored["opens_at"]),
            "closes_at": time.fromisoformat(stored["closes_at"]),
            "areas": tuple(AreaRow(**area) for area in stored["areas"]),
            "search_examples": tuple(stored["search_examples"]),
        }
    )
