"""Writes of a district: loading its data folder, and changing places on the site."""

from __future__ import annotations

from civic.departments.services.calendars import (
    calendar_values,
    calendar_with,
    can_edit_calendars,
    change_calendar,
    read_calendar_text,
    register_calendars,
    special_days,
)
from civic.departments.services.editing import (
    DepartmentRetires,
    can_edit_places,
    change_place,
    create_place,
    place_values,
    register_places,
    withdraw_place_change,
)
from civic.departments.services.loading import (
    DistrictFiles,
    DistrictLoaded,
    LoadReport,
    district_folder,
    load_district,
    read_district_folder,
)
from civic.departments.services.records import LoadedFile, note_loaded, read_file, unchanged
from civic.departments.services.reorganising import (
    NewReorganisation,
    Part,
    apply_reorganisations,
    check_reorganisation,
    dating,
    holdings,
    move_streets,
    plan_reorganisation,
    register_part,
    street_holdings,
    withdraw_reorganisation,
)
from civic.departments.services.scripts import traditional

__all__ = [
    "DepartmentRetires",
    "DistrictFiles",
    "DistrictLoaded",
    "LoadReport",
    "LoadedFile",
    "NewReorganisation",
    "Part",
    "apply_reorganisations",
    "calendar_values",
    "calendar_with",
    "can_edit_calendars",
    "can_edit_places",
    "change_calendar",
    "change_place",
    "check_reorganisation",
    "create_place",
    "dating",
    "district_folder",
    "holdings",
    "load_district",
    "move_streets",
    "note_loaded",
    "place_values",
    "plan_reorganisation",
    "read_calendar_text",
    "read_district_folder",
    "read_file",
    "register_calendars",
    "register_part",
    "register_places",
    "special_days",
    "street_holdings",
    "traditional",
    "unchanged",
    "withdraw_place_change",
    "withdraw_reorganisation",
]
