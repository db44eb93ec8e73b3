"""The departments that a case may be for, with why: what the dispatcher chooses from with one press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from civic.cases.queries import CasePage
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.routing import queries as routing
from civic.routing.queries import RuleRow
from civic.routing.rules import Fate, Question, weigh
from civic.search import queries as search

LIKELY = 3
LIKELY_ITEMS = 8


class Why(StrEnum):
    """Why a department may be in charge; the surest first."""

    SUGGESTED = "suggested"
    RULE = "rule"
    ITEM = "item"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class Likely:
    """One of them. ``rule`` with the words of it that the text has, or the ``item`` that it leads."""

    department: DepartmentRow
    why: Why
    rule: RuleRow | None = None
    words: tuple[str, ...] = ()
    item: ItemRef | None = None


def likely_departments(case: CasePage) -> tuple[Likely, ...]:
    """At most three that take cases, each once with its best reason; never the one that has it now."""
    known = {department.id: department for department in departments.departments()}
    known.pop(case.department_id or 0, None)
    found: dict[int, Likely] = {}
    for key, one in _candidates(case, known):
        found.setdefault(key, one)
    return tuple(found.values())[:LIKELY]


def _candidates(case: CasePage, known: dict[int, DepartmentRow]) -> Iterator[tuple[int, Likely]]:
    words = case.feedback[0]
    suggested = case.suggested_department_id or 0
    if suggested in known:
        yield suggested, Likely(known[suggested], Why.SUGGESTED)
    street = next((street for street in departments.streets() if street.id == words.street_id), None)
    office = (street.department_id if street else None) or 0
    question = Question(words.text, case.kind.value, street.code if street else "", words.speaks_as or "")
    for one in weigh(routing.routing_rules(), question, routing.ground()):
        key = office if one.rule.to_street else one.rule.department_id
        if one.fate in (Fate.DECIDES, Fate.IN_PASSING) and key in known:
            assert isinstance(one.rule, RuleRow)
            yield key, Likely(known[key], Why.RULE, rule=one.rule, words=one.words)
    items = [found.ref for found in search.suggest(words.text, LIKELY_ITEMS)]
    duties = plans.responsibilities([item.id for item in items])
    for item in items:
        for duty in duties.get(item.id, ()):
            if duty.role == "lead" and duty.department_id in known:
                yield duty.department_id, Likely(known[duty.department_id], Why.ITEM, item=item)
    if office in known:
        yield office, Likely(known[office], Why.STREET)
