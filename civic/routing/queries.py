"""Reads: the routing table, the channels outside, and what a stored reason says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from civic.core.extensions import db
from civic.departments import queries as departments
from civic.departments.services import traditional
from civic.plans import queries as plans
from civic.routing.models import RoutingRule, StatutoryChannelRow
from civic.routing.rules import (
    REASON_TEXTS,
    Condition,
    Ground,
    Question,
    ReasonCode,
    RoutingTable,
    Rule,
    StatutoryChannel,
    Subject,
    condition_of,
)
from civic.web.caching import kept
from civic.web.locale import hans_or_hant


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of the table; ``department_id`` None: the office of the street that was given.

    ``condition`` has each word in Simplified and Traditional characters, ``written`` as it was entered.
    """

    code: str
    name: str
    name_hant: str
    written: Condition
    condition: Condition
    department_id: int | None
    note: str
    over: tuple[str, ...]
    yields: bool
    active: bool

    @property
    def to_street(self) -> bool:
        return self.department_id is None

    @property
    def target(self) -> int | None:
        """The department; None for the office of the street."""
        return self.department_id


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """Where else a matter belongs, and what the writer is told. ``phone`` and ``link`` may be ''."""

    code: str
    name: str
    name_hant: str
    name_en: str
    advice: str
    advice_hant: str
    advice_en: str
    phone: str
    link: str
    emergency: bool


def routing_rules() -> tuple[RuleRow, ...]:
    """The rules in use, in the order of the table."""
    return tuple(rule for rule in all_rules() if rule.active)


def all_rules() -> tuple[RuleRow, ...]:
    """All rules, those out of use as well, in the order of the table."""
    return kept("routing_rules", _read_rules)


def _read_rules() -> tuple[RuleRow, ...]:
    rows = db.session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id))
    return tuple(
        rule_with(
            row.code,
            {
                "name": row.name, **row.condition, "department_id": row.department_id, "over": row.over,
                "yields": row.yields, "note": row.note, "active": row.active,
            },
        )
        for row in rows
    )  # fmt: skip


def rule_with(code: str, values: Mapping[str, Any]) -> RuleRow:
    """A rule of these values, whether it is stored or only tried."""
    written = condition_of(values)
    return RuleRow(
        code=code,
        name=values["name"],
        name_hant=traditional(values["name"]),
        written=written,
        condition=written.in_more_forms(_forms),
        department_id=values["department_id"],
        note=values["note"],
        over=tuple(values["over"]),
        yields=values["yields"],
        active=values["active"],
    )


def _forms(word: str) -> tuple[str, ...]:
    """How the word is written in Traditional characters; 臺 is mostly written 台."""
    written = traditional(word)
    return written, written.replace("臺", "台")


def ground() -> Ground:
    """Who takes cases today, and each street's office."""
    taking = frozenset(department.id for department in departments.departments())
    return Ground(taking, {street.code: street.department_id for street in departments.streets()})


def subject_of(item_id: int | None) -> Subject | None:
    """An item with its lead department; None without an item."""
    item = plans.item_ref(item_id) if item_id is not None else None
    return Subject(item.plan_slug, item.code, plans.lead_department_id(item.id)) if item else None


def recognise_channels(text: str) -> tuple[ChannelRow, ...]:
    """The channels outside that a text seems to be for, emergencies first. They inform, they never refuse."""
    question = Question(text)
    return tuple(row for row, condition in kept("channels", _read_channels) if condition.holds(question))


def _read_channels() -> tuple[tuple[ChannelRow, Condition], ...]:
    query = (
        select(StatutoryChannelRow)
        .where(StatutoryChannelRow.active)
        .order_by(StatutoryChannelRow.emergency.desc(), StatutoryChannelRow.position)
    )
    return tuple(
        (
            ChannelRow(
                row.code, row.name, row.name_hant, row.name_en, row.advice, row.advice_hant, row.advice_en,
                row.phone, row.link, row.emergency,
            ),
            condition_of(row.condition).in_more_forms(_forms),
        )
        for row in db.session.scalars(query)
    )  # fmt: skip


def routing_table() -> RoutingTable:
    """The table as it stands, as ``routing.yaml`` says it; rules out of use are left out."""
    keys = {row.id: row.key for row in departments.departments(include_inactive=True)}
    rules = tuple(
        Rule(
            rule.code, rule.name, rule.written, "" if rule.department_id is None else keys[rule.department_id],
            rule.to_street, rule.note, rule.over, rule.yields,
        )
        for rule in routing_rules()
    )  # fmt: skip
    rows = db.session.scalars(
        select(StatutoryChannelRow).where(StatutoryChannelRow.active).order_by(StatutoryChannelRow.position)
    )
    channels = tuple(
        StatutoryChannel(
            row.code, row.name, row.name_en, row.advice, row.advice_en, condition_of(row.condition), row.phone,
            row.link, row.emergency,
        )
        for row in rows
    )  # fmt: skip
    return RoutingTable(rules, channels)


def say_reason(reason: Mapping[str, Any]) -> str:
    """A stored reason in the reader's language; '' for one that isn't routing's own."""
    code = reason.get("code")
    if code not in set(ReasonCode):
        return ""
    name = hans_or_hant(str(reason.get("name", "")), reason.get("name_hant"))
    rules = ", ".join(map(str, reason.get("rules", ())))
    params = {"item": reason.get("item", ""), "rule": reason.get("rule", ""), "name": name, "rules": rules}
    message = REASON_TEXTS[ReasonCode(code)]
    return str(gettext(message, **{key: value for key, value in params.items() if f"%({key})s" in message}))
