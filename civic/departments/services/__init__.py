"""Writes of a district: loading its data folder."""

from __future__ import annotations

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
    "DistrictFiles",
    "DistrictLoaded",
    "LoadReport",
    "LoadedFile",
    "district_folder",
    "load_district",
    "note_loaded",
    "read_district_folder",
    "read_file",
    "traditional",
    "unchanged",
]
