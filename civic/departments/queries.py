"""Reads: departments, streets, working days, service levels and settings, as frozen rows.

Settings and calendar change only when a district's data is loaded. They are kept in the
process under the mark of that load, which each request reads once; departments and streets
are read each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app, g
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
    ServiceLevel,
    Street,
)
from civic.departments.rules import DEFAULT_DAYS, LevelKey

MARK = "mark"
"""Name of the setting that identifies the load: it changes with every change of what is kept."""


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


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """A community of a street."""

    id: int
    code: str
    name: str
    name_hant: str
    street_id: int


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
    """``level`` holds from that day on; ``department_id`` None for all departments."""

    level: LevelKey
    days: int
    effective_from: date
    department_id: int | None


@dataclass(frozen=True)
class ServiceLevels:
    """Within how many days things are due. Working days, but for :attr:`LevelKey.RATING`: calendar days."""

    rows: tuple[LevelRow, ...] = ()

    def days(self, level: LevelKey | str, department_id: int | None = None, on: date | None = None) -> int:
        """The days of a level, as it stands on a day (default: the latest).

        A department's own level goes before the general one; without either the default holds.
        """
        wanted = LevelKey(level)
        held = [
            row
            for row in self.rows
            if row.level is wanted
            and row.department_id in (None, department_id)
            and (on is None or row.effective_from <= on)
        ]
        if not held:
            return DEFAULT_DAYS[wanted]
        return max(held, key=lambda row: (row.department_id is not None, row.effective_from)).days


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
    query = _department_columns()
    if not include_inactive:
        query = query.where(Department.active)
    return tuple(DepartmentRow(*row) for row in db.session.execute(query))


def department(department_id: int) -> DepartmentRow:
    """One department, active or not; raises :class:`NotFound`."""
    row = db.session.execute(_department_columns().where(Department.id == department_id)).first()
    if row is None:
        raise NotFound(N_("There is no such department."))
    return DepartmentRow(*row)


def department_names(department_ids: Iterable[int | None]) -> dict[int, DepartmentRow]:
    """The departments of those ids, active or not, in one query; None is passed over."""
    wanted = {found for found in department_ids if found is not None}
    if not wanted:
        return {}
    query = _department_columns().where(Department.id.in_(sorted(wanted)))
    return {row.id: DepartmentRow(*row) for row in db.session.execute(query)}


def department_ids() -> dict[str, int]:
    """Key → id of the active departments."""
    query = select(Department.key, Department.id).where(Department.active)
    return dict(db.session.execute(query).all())


def streets() -> tuple[StreetRow, ...]:
    """The streets, in the district's order."""
    query = (
        select(Street.id, Street.code, Street.name, Street.name_hant, Street.name_en, Street.department_id)
        .where(Street.active)
        .order_by(Street.position, Street.id)
    )
    return tuple(StreetRow(*row) for row in db.session.execute(query))


def street_office(street_id: int) -> DepartmentRow | None:
    """The office of a street, if it takes cases."""
    query = (
        _department_columns()
        .join(Street, Street.department_id == Department.id)
        .where(Street.id == street_id, Department.active)
    )
    row = db.session.execute(query).first()
    return DepartmentRow(*row) if row else None


def communities(street_id: int | None = None) -> tuple[CommunityRow, ...]:
    """The communities, of one street or of all, in the district's order."""
    query = (
        select(Community.id, Community.code, Community.name, Community.name_hant, Community.street_id)
        .where(Community.active)
        .order_by(Community.position, Community.id)
    )
    if street_id is not None:
        query = query.where(Community.street_id == street_id)
    return tuple(CommunityRow(*row) for row in db.session.execute(query))


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


def forget_kept() -> None:
    """After a change in this request: read the mark again."""
    g.pop("district_kept", None)


def _department_columns() -> Select[*tuple[Any, ...]]:
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


def _kept() -> _Kept:
    if "district_kept" not in g:
        g.district_kept = _kept_in_process()
    found: _Kept = g.district_kept
    return found


def _kept_in_process() -> _Kept:
    mark = db.session.scalar(select(DistrictSetting.value).where(DistrictSetting.key == MARK))
    if mark is None:
        return _read()
    known: tuple[str, _Kept] | None = current_app.extensions.get("civic.departments")
    if known is None or known[0] != mark:
        known = (mark, _read())
        current_app.extensions["civic.departments"] = known
    return known[1]


def _read() -> _Kept:
    stored = {
        key: value
        for key, value in db.session.execute(select(DistrictSetting.key, DistrictSetting.value))
        if key != MARK
    }
    page = _district_page(stored) if stored else NOT_LOADED
    days = dict(db.session.execute(select(CalendarDay.day, CalendarDay.works)).all())
    years = frozenset(db.session.scalars(select(CalendarYear.year)))
    levels = db.session.scalars(select(ServiceLevel).order_by(ServiceLevel.id))
    return _Kept(
        district=page,
        calendar=Calendar(days, years, page.zone, page.closes_at),
        levels=ServiceLevels(
            tuple(LevelRow(LevelKey(r.level), r.days, r.effective_from, r.department_id) for r in levels)
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
