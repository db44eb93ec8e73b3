"""With what a new opinion begins: an item and its lead department, or the cases behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.core.actor import Actor
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision.queries.summaries import behind
from civic.supervision.rules import Choice, Scope
from civic.supervision.rules.opinions import MOST_CASES


@dataclass(frozen=True, slots=True)
class Beginning:
    """What stands in the form before anything is typed; ``left_out`` cases of the figure were too many to name."""

    department_key: str = ""
    item: str = ""
    references: tuple[str, ...] = ()
    left_out: int = 0


def beginning_with(item: str, department_key: str, references: Sequence[str]) -> Beginning:
    """An item's lead department answers for it, unless one is named."""
    plan_slug, _, code = item.rpartition("/")
    if code and not department_key:
        found = next((one for one in plans.documents() if one.plan.slug == plan_slug), None)
        ref = found.by_code.get(code) if found else None
        lead = plans.lead_department_id(ref.id) if ref else None
        department_key = departments.department(lead).key if lead is not None else ""
    return Beginning(department_key, item, tuple(references[:MOST_CASES]))


def beginning_behind(actor: Actor, choice: Choice, figure: str, row: str | None, now: datetime) -> Beginning:
    """The cases that a figure counts, the newest first, as many as one opinion can name; raises NotFound."""
    references: dict[str, None] = {}
    cursor: str | None = None
    while True:
        page = behind(actor, choice, figure, row, cursor, now)
        references |= dict.fromkeys(one.row.reference for one in page.cases.rows)
        cursor = page.cases.next_cursor
        if cursor is None or len(references) >= MOST_CASES:
            break
    named = tuple(references)[:MOST_CASES]
    named_department = (
        row if choice.scope is Scope.DEPARTMENT else dict(choice.narrowed).get(Scope.DEPARTMENT)
    )
    key = named_department if named_department in departments.department_ids() else None
    return Beginning(key or "", "", named, max(0, page.n - len(named)) if cursor else 0)
