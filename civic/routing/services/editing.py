"""Changing the rules of routing on the site, from a day on. Cases that are already with a department don't move."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from civic.core import dated
from civic.core.actor import Actor
from civic.core.dated import Dating, Subject
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.departments.queries import local_day
from civic.departments.services import traditional
from civic.routing import queries
from civic.routing.models import RoutingRule
from civic.routing.policy import can_edit_rules
from civic.routing.rules import CONDITIONS, Rule, condition_of
from civic.web.caching import renew_reference

RULE = "routing_rule"
OWN = "D-"
"""Codes of rules that were made on the site begin so."""

SHORTEST_WORD = 2
"""Characters: a single one is part of far too many words."""


def change_rule(
    actor: Actor, code: str, values: Mapping[str, Any], dating: Dating, now: datetime, seen: str
) -> int:
    """Change a rule from a day on; returns the change's id. ``values``: the fields of :func:`rule_values`.

    Raises :class:`~civic.core.errors.NotAllowed`, :class:`NotFound`, :class:`Invalid` with the field, and
    :class:`~civic.core.errors.Stale` as :func:`civic.core.dated.change` does.
    """
    can_edit_rules(actor).require()
    check_rule(code, values)
    return dated.change(actor, RULE, _row(code).id, values, dating, now, local_day(now), seen=seen)


def create_rule(actor: Actor, values: Mapping[str, Any], dating: Dating, now: datetime) -> str:
    """Add a rule at the end of the table; returns its code. It holds at once.

    Raises what :func:`change_rule` does, and :class:`Invalid` for a day to come.
    """
    can_edit_rules(actor).require()
    check_rule("", values)
    if not dating.reason.strip():
        raise Invalid(N_("Say why it changes."), field="reason")
    if dating.effective_on > local_day(now):
        raise Invalid(N_("A new rule holds at once: enter today."), field="effective_on")
    last = db.session.scalar(select(func.max(RoutingRule.position))) or 0
    row = RoutingRule(code=_next_code(), position=last + 1, condition={})
    put(row, values)
    db.session.add(row)
    db.session.flush()
    renew_reference()
    dated.note_created(actor, RULE, row.id, values, dating, now)
    return row.code


def withdraw_rule_change(actor: Actor, code: str, change_id: int, now: datetime) -> None:
    """Drop a planned change."""
    can_edit_rules(actor).require()
    dated.withdraw(actor, RULE, _row(code).id, change_id, now)


def check_rule(code: str, values: Mapping[str, Any]) -> None:
    """Raises :class:`Invalid` with the field for what can't be a rule. ``code``: '' for a new one."""
    if not str(values["name"]).strip():
        raise Invalid(N_("Enter the name."), field="name")
    for field in ("any", "all", "none"):
        _check_words(field, values[field])
    condition = condition_of(values)
    if condition.is_empty:
        raise Invalid(N_("Say when it holds: give words, streets or who speaks."), field="any")
    if condition.refused:
        raise Invalid(
            N_("“%(word)s” can never match: a word that mustn't be in the text is part of it."),
            field="none", word=condition.refused,
        )  # fmt: skip
    target = values["department_id"]
    if target is not None and target not in queries.ground().taking:
        raise Invalid(N_("Choose one from the list."), field="department_id")
    _check_over(code, values["over"])


def _check_words(field: str, given: list[Any]) -> None:
    groups = given if field == "all" else [given]
    for word in (word for group in groups for word in group):
        if len(word) < SHORTEST_WORD:
            raise Invalid(
                N_("“%(word)s” is too short: it stands in far too many texts. Use two characters or more."),
                field=field, word=word,
            )  # fmt: skip


def _check_over(code: str, over: list[str]) -> None:
    known = {rule.code: rule for rule in queries.all_rules()}
    for other in over:
        if other not in known or other == code:
            raise Invalid(N_("There is no other rule %(rule)s."), field="over", rule=other)
        if code and code in known[other].over:
            raise Invalid(N_("%(rule)s already goes before this one."), field="over", rule=other)


def rule_id(code: str) -> int:
    """The row of a rule, which its history goes by; raises :class:`NotFound`."""
    return _row(code).id


def rule_values(code: str) -> dict[str, Any]:
    """What stands now, by field, with words as they were written; raises :class:`NotFound`."""
    return _values(_row(code))


def register_rules(app: Flask) -> None:
    """Let rules be changed with a date."""

    def read(row_id: int) -> dict[str, Any]:
        return _values(db.session.get_one(RoutingRule, row_id))

    def write(row_id: int, values: Mapping[str, Any], _on: date) -> None:
        row = db.session.get_one(RoutingRule, row_id)
        # A change that was planned earlier must still fit what stands on its day.
        check_rule(row.code, _values(row) | dict(values))
        put(row, values)
        renew_reference()

    dated.register_subject(app, RULE, Subject(read, write))


def put(row: RoutingRule, values: Mapping[str, Any]) -> None:
    """Write some fields of a rule into its row."""
    row.condition = {**row.condition, **{name: values[name] for name in CONDITIONS if name in values}}
    for name, value in values.items():
        if name not in CONDITIONS:
            setattr(row, name, value)
    row.name_hant = traditional(row.name)
    row.to_street = row.department_id is None


def values_of(rule: Rule, department_ids: Mapping[str, int]) -> dict[str, Any]:
    """A rule of the file by field."""
    return {
        "name": rule.name,
        **rule.condition.as_params(),
        "department_id": None if rule.to_street else department_ids[rule.department],
        "over": list(rule.over),
        "yields": rule.yields,
        "note": rule.note,
        "active": True,
    }


def _values(row: RoutingRule) -> dict[str, Any]:
    return {
        "name": row.name,
        **condition_of(row.condition).as_params(),
        "department_id": row.department_id,
        "over": list(row.over),
        "yields": row.yields,
        "note": row.note,
        "active": row.active,
    }


def _row(code: str) -> RoutingRule:
    row: RoutingRule | None = db.session.scalar(select(RoutingRule).where(RoutingRule.code == code))
    if row is None:
        raise NotFound(N_("There is no such rule."))
    return row


def _next_code() -> str:
    codes = db.session.scalars(select(RoutingRule.code).where(RoutingRule.code.startswith(OWN)))
    numbers = [int(code.removeprefix(OWN)) for code in codes if re.fullmatch(r"D-[0-9]+", code)]
    return f"{OWN}{max(numbers, default=0) + 1:02}"
