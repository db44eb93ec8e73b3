"""Routing a new case by the table as it stands."""

from __future__ import annotations

from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.routing import queries
from civic.routing.rules import Question, RoutingDecision, decide

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
