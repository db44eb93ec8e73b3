"""Writes of a district: loading its data folder, and changing places on the site."""

from __future__ import annotations

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
from civic.departments.services.scripts import traditional

__all__ = [
    "DepartmentRetires",
    "DistrictFiles",
    "DistrictLoaded",
    "LoadReport",
    "LoadedFile",
    "can_edit_places",
    "change_place",
    "create_place",
    "district_folder",
    "load_district",
    "note_loaded",
    "place_values",
    "read_district_folder",
    "read_file",
    "register_places",
    "traditional",
    "unchanged",
    "withdraw_place_change",
]
