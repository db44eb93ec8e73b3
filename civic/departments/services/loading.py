"""Loading a district's folder: departments, streets, calendars, service levels, settings. In place and again.

Loading the same files twice changes nothing. Rows are matched by key or code and never deleted:
what is gone from the files becomes inactive, because cases and responsibilities point to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from civic.core.actor import SYSTEM
from civic.core.audit import record
from civic.core.dated import changed_here
from civic.core.events import publish
from civic.core.extensions import db
from civic.departments.models import (
    CalendarDay,
    CalendarYear,
    Community,
    Department,
    DistrictSetting,
    ServiceLevel,
    Street,
)
from civic.departments.rules import (
    CalendarFile,
    DepartmentEntry,
    DistrictFile,
    LevelKey,
    ReplyLevel,
    StreetEntry,
    read_calendar,
    read_departments,
    read_district,
    read_streets,
    read_synonyms,
    read_yaml,
)
from civic.departments.services.calendars import CALENDAR
from civic.departments.services.levels import changed_levels
from civic.departments.services.records import LoadedFile, note_loaded, read_file, unchanged
from civic.departments.services.scripts import traditional
from civic.web.caching import renew_reference

SHIPPED = Path(__file__).resolve().parents[2] / "data"
"""The districts that come with the platform, and the national calendars."""
TRANSLATED = ("name", "site_name", "tagline", "publisher", "hotline_note", "hours_note")
"""Settings that are shown in Traditional script too."""


@dataclass(frozen=True, slots=True)
class DistrictFiles:
    """A district's folder, read and checked, nothing written yet."""

    district: DistrictFile
    departments: tuple[DepartmentEntry, ...]
    streets: tuple[StreetEntry, ...]
    calendars: tuple[CalendarFile, ...]
    synonyms: dict[str, list[str]]
    sources: tuple[LoadedFile, ...]


@dataclass
class LoadReport:
    """What a load changed, by table: keys and codes of what was added, changed and retired.

    ``said``: what is left to do after it.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)


@dataclass(frozen=True, slots=True)
class DistrictLoaded:
    """Published inside the transaction of every load, also of one that changed nothing.

    Other features load their own files of the folder on it. ``changed_years``: the years whose
    working days are new or other than before. ``said``: sentences of subscribers for whoever loads.
    """

    folder: Path
    at: datetime
    changed_years: tuple[int, ...]
    said: list[str] = field(default_factory=list)


def read_district_folder(folder: Path, calendars: Path | None = None) -> DistrictFiles:
    """Read and check a district's folder; raises :class:`~civic.departments.rules.DataError`.

    ``calendars``: the folder of the national calendar files (default: those that come with the
    platform). A district may bring files of its own in ``<folder>/calendars``: they go before.
    """
    sources: list[LoadedFile] = []

    def content(path: str) -> Any:
        file = read_file(folder.parent, f"{folder.name}/{path}")
        sources.append(file)
        return read_yaml(file.path, file.text)

    departments = read_departments(f"{folder.name}/departments.yaml", content("departments.yaml"))
    keys = {department.key for department in departments}
    streets = read_streets(f"{folder.name}/streets.yaml", content("streets.yaml"), keys)
    district = read_district(f"{folder.name}/district.yaml", content("district.yaml"), keys)
    years: dict[int, CalendarFile] = {}
    for home in (calendars or SHIPPED / "calendars", folder / "calendars"):
        for path in sorted(home.glob("*.yaml")) if home.is_dir() else ():
            file = read_file(home.parent, f"{home.name}/{path.name}")
            sources.append(file)
            calendar = read_calendar(file.path, read_yaml(file.path, file.text))
            years[calendar.year] = calendar
    synonyms: dict[str, list[str]] = {}
    if (folder / "synonyms.yaml").exists():
        synonyms = read_synonyms(f"{folder.name}/synonyms.yaml", content("synonyms.yaml"))
    return DistrictFiles(district, departments, streets, tuple(years.values()), synonyms, tuple(sources))


def district_folder(district: str) -> Path:
    """The folder of a district: shipped under this name, or anywhere under this path."""
    shipped = SHIPPED / district
    return shipped if shipped.is_dir() else Path(district).absolute()


def load_district(
    folder: Path, now: datetime, *, calendars: Path | None = None, force: bool = False
) -> LoadReport:
    """Bring the database to what the folder says, in the caller's transaction; returns what changed.

    Files that stand as they were last loaded are passed over (so that what an administrator has
    changed since stays), unless ``force``. Raises :class:`~civic.departments.rules.DataError`.
    """
    files = read_district_folder(folder, calendars)
    report = LoadReport()
    if not force and all(unchanged(source) for source in files.sources):
        publish(DistrictLoaded(folder, now, ()))
        return report
    departments = _save_departments(files.departments, report)
    _save_streets(files.streets, departments, report)
    kept_years = changed_here(CALENDAR)
    loaded_years = [year for year in files.calendars if year.year not in kept_years]
    changed_years = [year.year for year in loaded_years if _save_year(year, report)]
    _save_levels(files.district.levels, departments, report)
    _save_settings(files.district, files.synonyms, report)
    for source in files.sources:
        note_loaded(source, now)
    if report:
        renew_reference()
        record(
            SYSTEM, "district.load", "district", files.district.reference_prefix, now,
            added=len(report.added), changed=len(report.changed), retired=report.retired[:50],
        )  # fmt: skip
    db.session.flush()
    publish(DistrictLoaded(folder, now, tuple(changed_years), report.said))
    return report


def _put(
    row: Any, name: str, values: dict[str, Any], report: LoadReport, kept: frozenset[str] = frozenset()
) -> None:
    """Write what differs, but for what was changed on the site since; a new row isn't in the session yet."""
    stays = {*kept, *(f"{key}_hant" for key in kept)}
    differing = {
        key: value for key, value in values.items() if key not in stays and getattr(row, key) != value
    }
    new = row not in db.session
    for key, value in differing.items():
        setattr(row, key, value)
    if new:
        db.session.add(row)
        report.added.append(name)
    elif differing:
        report.changed.append(name)


def _retire(rows: dict[str, Any], kept: set[str], kind: str, report: LoadReport) -> None:
    changed = changed_here(kind)
    for key, row in rows.items():
        if key not in kept and row.active and "active" not in changed.get(row.id, ()):
            row.active = False
            report.retired.append(f"{kind} {key}")


def _save_departments(entries: tuple[DepartmentEntry, ...], report: LoadReport) -> dict[str, int]:
    rows = {row.key: row for row in db.session.scalars(select(Department))}
    _retire(rows, {entry.key for entry in entries}, "department", report)
    changed = changed_here("department")
    for position, entry in enumerate(entries):
        values = {
            "name": entry.name,
            "name_hant": traditional(entry.name),
            "name_en": entry.name_en,
            "kind": entry.kind.value,
            "function": entry.function,
            "function_hant": traditional(entry.function),
            "function_en": entry.function_en,
            "note": entry.note,
            "note_hant": traditional(entry.note),
            "position": position,
            "active": True,
        }
        row = rows.setdefault(entry.key, Department(key=entry.key))
        _put(row, f"department {entry.key}", values, report, changed.get(row.id, frozenset()))
    db.session.flush()
    return {key: row.id for key, row in rows.items()}


def _save_streets(entries: tuple[StreetEntry, ...], departments: dict[str, int], report: LoadReport) -> None:
    rows = {row.code: row for row in db.session.scalars(select(Street))}
    _retire(rows, {entry.code for entry in entries}, "street", report)
    changed = changed_here("street")
    for position, entry in enumerate(entries):
        values = {
            "name": entry.name,
            "name_hant": traditional(entry.name),
            "name_en": entry.name_en,
            "department_id": departments[entry.department],
            "position": position,
            "active": True,
        }
        row = rows.setdefault(entry.code, Street(code=entry.code))
        _put(row, f"street {entry.code}", values, report, changed.get(row.id, frozenset()))
    db.session.flush()
    known = {row.code: row for row in db.session.scalars(select(Community))}
    listed = [(street, community) for street in entries for community in street.communities]
    _retire(known, {community.code for _, community in listed}, "community", report)
    changed = changed_here("community")
    for position, (street, community) in enumerate(listed):
        values = {
            "name": community.name,
            "name_hant": traditional(community.name),
            "street_id": rows[street.code].id,
            "position": position,
            "active": True,
        }
        member = known.setdefault(community.code, Community(code=community.code))
        _put(member, f"community {community.code}", values, report, changed.get(member.id, frozenset()))


def _save_year(calendar: CalendarFile, report: LoadReport) -> bool:
    """Write one year; whether it is new, or its days changed."""
    known = db.session.get(CalendarYear, calendar.year)
    row = known or CalendarYear(year=calendar.year)
    values = {
        "notice_title": calendar.notice_title,
        "notice_number": calendar.notice_number,
        "notice_date": calendar.notice_date,
        "url": calendar.url,
    }
    _put(row, f"calendar {calendar.year}", values, report)
    stored = select(CalendarDay.day, CalendarDay.works, CalendarDay.name).where(
        CalendarDay.year == calendar.year
    )
    wanted = [(special.day, special.works, special.name) for special in calendar.days]
    if [tuple(found) for found in db.session.execute(stored.order_by(CalendarDay.day))] == wanted:
        return known is None
    db.session.flush()
    db.session.execute(delete(CalendarDay).where(CalendarDay.year == calendar.year))
    db.session.add_all(
        CalendarDay(day=day, year=calendar.year, works=works, name=name) for day, works, name in wanted
    )
    report.changed.append(f"days of {calendar.year}")
    return True


def _save_levels(levels: tuple[ReplyLevel, ...], departments: dict[str, int], report: LoadReport) -> None:
    here = changed_levels()
    rows = [
        row
        for row in db.session.scalars(select(ServiceLevel))
        if LevelKey(row.level) not in here.get(row.department_id, ())
    ]
    wanted = {
        (level.level.value, departments.get(level.department), level.days, level.effective_from, level.soon)
        for level in levels
        if level.level not in here.get(departments.get(level.department), ())
    }
    if {(row.level, row.department_id, row.days, row.effective_from, row.soon) for row in rows} == wanted:
        return
    for row in rows:
        db.session.delete(row)
    for name, department_id, days, since, soon in sorted(wanted, key=repr):
        db.session.add(
            ServiceLevel(level=name, department_id=department_id, days=days, effective_from=since, soon=soon)
        )
    report.changed.append("service levels")


def _save_settings(district: DistrictFile, synonyms: dict[str, list[str]], report: LoadReport) -> None:
    hant = {f"{key}_hant": traditional(district.texts[key]) for key in TRANSLATED}
    areas = [
        {"key": a.key, "name": a.name, "name_hant": traditional(a.name), "name_en": a.name_en}
        for a in district.areas
    ]
    values: dict[str, Any] = {
        **district.texts,
        **hant,
        "reference_prefix": district.reference_prefix,
        "zone": district.zone,
        "opens_at": district.opens_at.isoformat("minutes"),
        "closes_at": district.closes_at.isoformat("minutes"),
        "records": district.records,
        "privacy": district.privacy,
        "areas": areas,
        "search_examples": list(district.search_examples),
        "search_synonyms": synonyms,
        "progress": district.progress,
    }
    for key, value in values.items():
        _save_setting(key, value, report)


def store_setting(key: str, value: Any) -> None:
    """Keep what another feature's file of the folder says among the district's settings."""
    _save_setting(key, value, LoadReport())
    renew_reference()


def _save_setting(key: str, value: Any, report: LoadReport) -> None:
    row = db.session.get(DistrictSetting, key) or DistrictSetting(key=key)
    _put(row, f"setting {key}", {"value": value}, report)
