"""Reads: the routing table, the channels outside, and what a stored reason says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.routing.models import RoutingRule, StatutoryChannelRow
from civic.routing.rules import (
    REASON_TEXTS,
    Condition,
    Ground,
    Question,
    ReasonCode,
    Subject,
    condition_of,
)
from civic.web.locale import hans_or_hant


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of the table; ``department_id`` None: the office of the street that was given."""

    code: str
    name: str
    name_hant: str
    condition: Condition
    department_id: int | None
    to_street: bool
    note: str
    over: tuple[str, ...]
    yields: bool

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
    """The rules in the order of the table."""
    query = select(RoutingRule).where(RoutingRule.active).order_by(RoutingRule.position, RoutingRule.id)
    return tuple(
        RuleRow(
            r.code,
            r.name,
            r.name_hant,
            condition_of(r.condition),
            r.department_id,
            r.to_street,
            r.note,
            tuple(r.over),
            r.yields,
        )
        for r in db.session.scalars(query)
    )


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
    query = (
        select(StatutoryChannelRow)
        .where(StatutoryChannelRow.active)
        .order_by(StatutoryChannelRow.emergency.desc(), StatutoryChannelRow.position)
    )
    question = Question(text)
    return tuple(
        ChannelRow(
            row.code, row.name, row.name_hant, row.name_en, row.advice, row.advice_hant, row.advice_en,
            row.phone, row.link, row.emergency,
        )
        for row in db.session.scalars(query)
        if condition_of(row.condition).holds(question)
    )  # fmt: skip


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
