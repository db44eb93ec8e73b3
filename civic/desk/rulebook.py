"""The rules of routing as the dispatcher reads them, one message tried on them, and a change tried on past messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from civic.accounts import queries as accounts
from civic.cases import queries as cases
from civic.core.dated import ChangeRow, history
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.routing import queries as routing
from civic.routing import services
from civic.routing.queries import RuleRow
from civic.routing.rules import Question, RoutingDecision, Trial, Weighed, decide, weigh

MOST_TRIED = 50_000
"""Messages that a trial looks through, the newest first: some seconds of work (docs/routing.md)."""
NAMED = 100
"""Messages that a trial names."""

Departments = Mapping[int, DepartmentRow]


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The whole table."""

    rules: tuple[RuleRow, ...]
    departments: Departments


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule with its history."""

    rule: RuleRow
    changes: tuple[ChangeRow, ...]
    people: Mapping[int, str]
    departments: Departments


@dataclass(frozen=True, slots=True)
class Tried:
    """Where a message would go, and every rule that holds for it."""

    decision: RoutingDecision
    said: str
    weighed: tuple[Weighed, ...]
    departments: Departments


class Effect(StrEnum):
    """How a changed first decision compares with where the message is today."""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Moved:
    """A message that would have gone elsewhere; None: the dispatcher. ``now``: where it is today."""

    reference: str
    was: int | None
    becomes: int | None
    now: int | None

    @property
    def effect(self) -> Effect:
        if self.becomes == self.now:
            return Effect.BETTER
        return Effect.WORSE if self.was == self.now else Effect.NEITHER


@dataclass(frozen=True, slots=True)
class Flow:
    """How many messages would have gone from one department to another."""

    was: int | None
    becomes: int | None
    count: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a changed table would have done.

    ``looked``: messages that were asked about; ``erased``: those whose words are gone already; ``at_limit``: there
    were older ones that weren't looked at.
    """

    days: int
    looked: int
    erased: int
    at_limit: bool
    flows: tuple[Flow, ...]
    effects: Mapping[Effect, int]
    named: tuple[Moved, ...]
    departments: Departments

    @property
    def moved(self) -> int:
        return sum(flow.count for flow in self.flows)


def rules_page() -> RulesPage:
    """All rules, those out of use last."""
    rules = sorted(routing.all_rules(), key=lambda rule: not rule.active)
    return RulesPage(tuple(rules), _departments())


def rule_page(code: str) -> RulePage:
    """One rule; raises :class:`~civic.core.errors.NotFound`."""
    changes = history(services.RULE, services.rule_id(code))
    rule = next(rule for rule in routing.all_rules() if rule.code == code)
    people = accounts.account_names({row.recorded_by for row in changes if row.recorded_by})
    return RulePage(rule, changes, people, _departments())


def tried(text: str, kind: str, street: str) -> Tried:
    """Ask the table as it stands about a message. Nothing is stored."""
    question, ground, rules = Question(text, kind, street), routing.ground(), routing.routing_rules()
    decision = decide(rules, question, ground)
    return Tried(
        decision, routing.say_reason(decision.reason), weigh(rules, question, ground), _departments()
    )


def with_change(code: str, values: Mapping[str, Any]) -> tuple[RuleRow, ...]:
    """The rules in use as they would be with one of them changed; ``code`` '': one more."""
    changed = routing.rule_with(code or "+", values)
    rules = [changed if rule.code == code else rule for rule in routing.all_rules()]
    return tuple(rule for rule in (rules if code else [*rules, changed]) if rule.active)


def dry_run(after: Iterable[RuleRow], days: int, now: datetime) -> DryRun:
    """Ask the present table and another one about the messages of the last days."""
    trial = Trial(routing.routing_rules(), after, routing.ground())
    streets = {street.id: street.code for street in departments.streets()}
    subject_of = cache(routing.subject_of)
    looked = erased = 0
    named: list[Moved] = []
    flows: Counter[tuple[int | None, int | None]] = Counter()
    effects: Counter[Effect] = Counter()
    for one in cases.submitted_since(now - timedelta(days=days), MOST_TRIED):
        looked += 1
        erased += not one.text
        street = streets.get(one.street_id or 0, "")
        answer = trial.ask(
            Question(one.text, one.kind, street, one.speaks_as or ""),
            subject=subject_of(one.item_id),
            about_staff=one.about_staff,
        )
        if answer is None:
            continue
        was, becomes = (decision.department_id for decision in answer)
        moved = Moved(one.reference, was, becomes, one.department_id)
        flows[was, becomes] += 1
        effects[moved.effect] += 1
        if len(named) < NAMED:
            named.append(moved)
    return DryRun(
        days=days,
        looked=looked,
        erased=erased,
        at_limit=looked == MOST_TRIED,
        flows=tuple(Flow(*way, count) for way, count in flows.most_common()),
        effects=effects,
        named=tuple(named),
        departments=_departments(),
    )


def _departments() -> Departments:
    return {row.id: row for row in departments.departments(include_inactive=True)}
