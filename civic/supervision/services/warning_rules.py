"""Loading ``warnings.yaml`` when a district is loaded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from civic.departments import services as district
from civic.departments.rules import read_yaml
from civic.departments.services import DistrictLoaded
from civic.supervision.rules.warning_rules import read_warning_rules

FILE = "warnings.yaml"
SETTING = "warnings"


def load_warnings_with_district(event: DistrictLoaded) -> None:
    """When a district is loaded, its rules of warning are too, if it has some and they changed."""
    if (event.folder / FILE).exists():
        load_warning_rules(event.folder, event.at)


def load_warning_rules(folder: Path, now: datetime) -> bool:
    """Bring the rules to what ``warnings.yaml`` says, in the caller's transaction; whether anything was loaded.

    Raises :class:`~civic.departments.rules.DataError`.
    """
    file = district.read_file(folder.parent, f"{folder.name}/{FILE}")
    if district.unchanged(file):
        return False
    rules = read_warning_rules(file.path, read_yaml(file.path, file.text))
    district.store_setting(SETTING, [rule.as_stored for rule in rules])
    district.note_loaded(file, now)
    return True
