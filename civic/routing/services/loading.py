"""Loading ``routing.yaml`` when a district is loaded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from civic.core.dated import changed_here
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments import services as district
from civic.departments.rules import read_yaml
from civic.departments.services import DistrictLoaded, traditional
from civic.routing.models import RoutingRule, StatutoryChannelRow
from civic.routing.rules import RoutingTable, StatutoryChannel, read_routing
from civic.routing.services.editing import RULE, put, values_of
from civic.web.caching import renew_reference

FILE = "routing.yaml"


def load_with_district(event: DistrictLoaded) -> None:
    """When a district is loaded, its routing table is too, if it has one and it changed."""
    if (event.folder / FILE).exists():
        load_routing(event.folder, event.at)


def load_routing(folder: Path, now: datetime) -> bool:
    """Bring the table to what ``routing.yaml`` says, in the caller's transaction; whether anything was loaded.

    Raises :class:`~civic.departments.rules.DataError`. Rules that are gone become inactive: assignments
    name them. What was changed on the site since stays as it is there.
    """
    file = district.read_file(folder.parent, f"{folder.name}/{FILE}")
    if district.unchanged(file):
        return False
    keys = departments.department_ids()
    streets = {street.code for street in departments.streets()}
    table = read_routing(file.path, read_yaml(file.path, file.text), keys, streets)
    _save_rules(table, keys)
    _save_channels(table.channels)
    district.note_loaded(file, now)
    renew_reference()
    db.session.flush()
    return True


def _save_rules(table: RoutingTable, keys: dict[str, int]) -> None:
    rows = {row.code: row for row in db.session.scalars(select(RoutingRule))}
    changed_rows = changed_here(RULE)
    changed = {code: changed_rows.get(row.id, frozenset()) for code, row in rows.items()}
    named = {rule.code for rule in table.rules}
    for code, row in rows.items():
        if code not in named and "active" not in changed[code]:
            row.active = False
    for position, rule in enumerate(table.rules):
        row = rows.get(rule.code) or RoutingRule(code=rule.code, condition={})
        row.position = position
        stays = changed.get(rule.code, ())
        put(row, {name: value for name, value in values_of(rule, keys).items() if name not in stays})
        db.session.add(row)


def _save_channels(channels: tuple[StatutoryChannel, ...]) -> None:
    rows = {row.code: row for row in db.session.scalars(select(StatutoryChannelRow))}
    for row in rows.values():
        row.active = False
    for position, channel in enumerate(channels):
        row = rows.get(channel.code) or StatutoryChannelRow(code=channel.code)
        row.position, row.active, row.emergency = position, True, channel.emergency
        row.name, row.name_hant, row.name_en = channel.name, traditional(channel.name), channel.name_en
        row.advice, row.advice_hant = channel.advice, traditional(channel.advice)
        row.advice_en, row.condition = channel.advice_en, channel.condition.as_params()
        row.phone, row.link = channel.phone, channel.link
        db.session.add(row)
