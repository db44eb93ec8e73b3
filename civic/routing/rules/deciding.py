"""Where a new case goes: the plan's division of work, then the rules, then a person. Pure.

The rule that decides must hold for the opening of the text: what comes late in a long message may be said in
passing. A text that no rule holds for goes to the dispatcher: nothing is guessed, and whoever can read the table
can tell where a text goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from civic.core.errors import N_
from civic.routing.rules.conditions import Question, Ruling, choose, is_said_at_once


class ReasonCode(StrEnum):
    """Why a case went where it went."""

    ITEM_LEAD = "item_lead"
    RULE = "rule"
    STREET_RULE = "street_rule"
    NO_RULE = "no_rule"
    SEVERAL = "several"
    IN_PASSING = "in_passing"
    NO_LEAD = "no_lead"
    NO_STREET = "no_street"
    ABOUT_STAFF = "about_staff"


REASON_TEXTS: Mapping[ReasonCode, str] = {
    ReasonCode.ITEM_LEAD: N_("Lead department of %(item)s"),
    ReasonCode.RULE: N_("Rule %(rule)s: %(name)s"),
    ReasonCode.STREET_RULE: N_("Rule %(rule)s: %(name)s, a matter of the street office"),
    ReasonCode.NO_RULE: N_("No rule holds for this text: the dispatcher decides"),
    ReasonCode.SEVERAL: N_("Rules for different departments hold (%(rules)s): the dispatcher decides"),
    ReasonCode.IN_PASSING: N_(
        "Rule %(rule)s: %(name)s holds only for the later part of a long text: the dispatcher decides"
    ),
    ReasonCode.NO_LEAD: N_(
        "%(item)s has no department of its own, and no rule holds: the dispatcher decides"
    ),
    ReasonCode.NO_STREET: N_(
        "Rule %(rule)s: %(name)s, a matter of the street office, but no street was given: the dispatcher decides"
    ),
    ReasonCode.ABOUT_STAFF: N_("It is about the department or its staff: the dispatcher decides"),
}
"""What a reason says, as a msgid with its parameters."""


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Where a new case goes; ``department_id`` None: to the dispatcher.

    ``reason`` is what is stored with the assignment: a code and its parameters (codes and names of
    rules and items, never the resident's words). :func:`civic.routing.queries.say_reason` says it.
    """

    department_id: int | None
    code: ReasonCode
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> dict[str, Any]:
        return {"code": self.code.value, **self.params}


class StandingRule(Ruling, Protocol):
    """A rule as the district's table holds it; ``department_id`` None: the office of the street."""

    @property
    def name(self) -> str: ...
    @property
    def name_hant(self) -> str: ...
    @property
    def department_id(self) -> int | None: ...
    @property
    def to_street(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """The item of the plan that a case is on, and its lead department (None: it has none)."""

    plan: str
    item: str
    lead_id: int | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands in a district: which departments take cases, and the office of each street by its code."""

    taking: Collection[int]
    offices: Mapping[str, int | None]


def decide(
    rules: Iterable[StandingRule],
    question: Question,
    ground: Ground,
    *,
    subject: Subject | None = None,
    about_staff: bool = False,
) -> RoutingDecision:
    """The department that is certainly in charge, with the reason, or the dispatcher.

    Order: about the department or its staff → dispatcher; an explicit item → its lead department; the
    rules that hold, if they agree; otherwise the dispatcher. A department that no longer takes cases is
    never chosen.
    """
    if about_staff:
        return RoutingDecision(None, ReasonCode.ABOUT_STAFF)
    if subject is not None and subject.lead_id in ground.taking:
        return RoutingDecision(
            subject.lead_id, ReasonCode.ITEM_LEAD, {"plan": subject.plan, "item": subject.item}
        )
    deciding = choose((r for r in rules if r.to_street or r.department_id in ground.taking), question)
    if len(deciding) > 1:
        return RoutingDecision(None, ReasonCode.SEVERAL, {"rules": [rule.code for rule in deciding]})
    for rule in deciding:
        return _by(rule, question, ground)
    if subject is not None:
        return RoutingDecision(None, ReasonCode.NO_LEAD, {"plan": subject.plan, "item": subject.item})
    return RoutingDecision(None, ReasonCode.NO_RULE)


def _by(rule: StandingRule, question: Question, ground: Ground) -> RoutingDecision:
    params = {"rule": rule.code, "name": rule.name, "name_hant": rule.name_hant}
    if not is_said_at_once(rule, question):
        return RoutingDecision(None, ReasonCode.IN_PASSING, params)
    if not rule.to_street:
        return RoutingDecision(rule.department_id, ReasonCode.RULE, params)
    office = ground.offices.get(question.street)
    if office not in ground.taking:
        return RoutingDecision(None, ReasonCode.NO_STREET, params)
    return RoutingDecision(office, ReasonCode.STREET_RULE, {**params, "street": question.street})
