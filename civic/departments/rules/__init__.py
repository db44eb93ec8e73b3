"""What a district is made of, as plain frozen data, and how its data files are read. Pure."""

from __future__ import annotations

from civic.departments.rules.calendars import (
    CalendarFile,
    SpecialDay,
    missing_years,
    read_calendar,
    told_years,
    write_calendar,
)
from civic.departments.rules.datafile import DataError, Entry, entries, read_yaml, refuse_unknown, text_of
from civic.departments.rules.district import Area, DistrictFile, PlanEntry, ReplyLevel, read_district
from civic.departments.rules.organisations import (
    CommunityEntry,
    DepartmentEntry,
    StreetEntry,
    read_departments,
    read_streets,
)
from civic.departments.rules.reorganising import (
    KIND_NAMES,
    Handover,
    Holding,
    ReorganisationKind,
    ReorganisationRow,
    last_heirs,
)
from civic.departments.rules.synonyms import read_synonyms
from civic.departments.rules.vocabulary import (
    DEFAULT_DAYS,
    DEFAULT_SOON,
    MOST_DAYS,
    REPLY_LEVELS,
    SOON_LEVELS,
    DepartmentKind,
    LevelKey,
    beyond_most,
)

__all__ = [
    "DEFAULT_DAYS",
    "DEFAULT_SOON",
    "KIND_NAMES",
    "MOST_DAYS",
    "REPLY_LEVELS",
    "SOON_LEVELS",
    "Area",
    "CalendarFile",
    "CommunityEntry",
    "DataError",
    "DepartmentEntry",
    "DepartmentKind",
    "DistrictFile",
    "Entry",
    "Handover",
    "Holding",
    "LevelKey",
    "PlanEntry",
    "ReorganisationKind",
    "ReorganisationRow",
    "ReplyLevel",
    "SpecialDay",
    "StreetEntry",
    "beyond_most",
    "entries",
    "last_heirs",
    "missing_years",
    "read_calendar",
    "read_departments",
    "read_district",
    "read_streets",
    "read_synonyms",
    "read_yaml",
    "refuse_unknown",
    "text_of",
    "told_years",
    "write_calendar",
]
