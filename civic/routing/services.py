"""Routing a new case, and loading the table of rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments import services as district
from civic.departments.rules import read_yaml
from civic.departments.services import DistrictLoaded, traditional
from civic.plans import queries as plans
from civic.routing import queries
from civic.routing.models import RoutingRule, StatutoryChannelRow
from civic.routing.rules import (
    Question,
    RoutingDecision,
    RoutingTable,
    Rule,
    StatutoryChannel,
    decide,
    read_routing,
)

FILE = "routing.yaml"
DIVISION_HEADER = ("plan", "item", "title", "department", "name", "reason")


def route(
    *,
    text: str,
    kind: str = "",
    item_id: int | None = None,
    street_id: int | None = None,
    speaks_as: str | None = None,
    about_staff: bool = False,
) -> RoutingDecision:
    """Where a new case goes by the table as it stands: :func:`civic.routing.rules.decide`."""
    street = next((s.code for s in departments.streets() if s.id == street_id), "") if street_id else ""
    return decide(
        queries.routing_rules(),
        Question(text, kind, street, speaks_as or ""),
        queries.ground(),
        subject=queries.subject_of(item_id),
        about_staff=about_staff,
    )


def division_of_work() -> list[tuple[str, str, str, str, str, str]]:
    """Where feedback on each item of each published plan goes (:data:`DIVISION_HEADER`), in document order.

    An empty department is the dispatcher.
    """
    known = {department.id: department for department in departments.departments()}
    rows = []
    for plan in plans.plans():
        for item in plans.items_of(plan.slug):
            decision = route(text="", item_id=item.id)
            target = known[decision.department_id] if decision.department_id is not None else None
            key, name = (target.key, target.name) if target else ("", "")
            rows.append((plan.slug, item.code, item.title, key, name, queries.say_reason(decision.reason)))
    return rows


def load_with_district(event: DistrictLoaded) -> None:
    """When a district is loaded, its routing table is too, if it has one and it changed."""
    if (event.folder / FILE).exists():
        load_routing(event.folder, event.at)


def load_routing(folder: Path, now: datetime) -> bool:
    """Bring the table to what ``routing.yaml`` says, in the caller's transaction; whether anything was loaded.

    Raises :class:`~civic.departments.rules.DataError`. Rules that are gone become inactive: assignments
    name them.
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
    db.session.flush()
    return True


def _save_rules(table: RoutingTable, keys: dict[str, int]) -> None:
    rows = {row.code: row for row in db.session.scalars(select(RoutingRule))}
    _retire(rows.values(), {rule.code for rule in table.rules})
    for position, rule in enumerate(table.rules):
        row = rows.get(rule.code)
        if row is None:
            row = RoutingRule(code=rule.code)
            db.session.add(row)
        _fill_rule(row, rule, position, keys)


def _fill_rule(row: RoutingRule, rule: Rule, position: int, keys: dict[str, int]) -> None:
    row.position, row.active = position, True
    row.name, row.name_hant = rule.name, traditional(rule.name)
    row.condition, row.note = rule.condition.in_more_forms(_forms).as_params(), rule.note
    row.over, row.yields = list(rule.over), rule.yields
    row.to_street = rule.to_street
    row.department_id = None if rule.to_street else keys[rule.department]


def _forms(word: str) -> tuple[str, ...]:
    """How the word is written in Traditional characters; 臺 is mostly written 台."""
    written = traditional(word)
    return written, written.replace("臺", "台")


def _save_channels(channels: tuple[StatutoryChannel, ...]) -> None:
    rows = {row.code: row for row in db.session.scalars(select(StatutoryChannelRow))}
    _retire(rows.values(), {channel.code for channel in channels})
    for position, channel in enumerate(channels):
        row = rows.get(channel.code)
        if row is None:
            row = StatutoryChannelRow(code=channel.code)
            db.session.add(row)
        row.position, row.active, row.emergency = position, True, channel.emergency
        row.name, row.name_hant, row.name_en = channel.name, traditional(channel.name), channel.name_en
        row.advice, row.advice_hant = channel.advice, traditional(channel.advice)
        row.advice_en, row.condition = channel.advice_en, channel.condition.in_more_forms(_forms).as_params()
        row.phone, row.link = channel.phone, channel.link


def _retire(rows: Iterable[RoutingRule | StatutoryChannelRow], kept: set[str]) -> None:
    for row in rows:
        if row.code not in kept:
            row.active = False
