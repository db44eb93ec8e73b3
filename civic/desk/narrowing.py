"""What a list of the desk is narrowed to: read from its address, so that it can be kept, sent and come back to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from civic.accounts import queries as accounts
from civic.accounts.queries import Colleague
from civic.cases import policy as cases_policy
from civic.cases import queries as cases
from civic.cases.queries import QueueFilter, QueueOrder, QueueView
from civic.cases.rules import CaseStatus, FeedbackKind
from civic.core.actor import Actor
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow, StreetRow
from civic.desk.finding import cases_with
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.plans.rules import ItemKind

T = TypeVar("T")

NAMES = ("department", "kind", "street", "item", "status", "assignee", "about_staff", "reopened", "period")
"""The filters as an address calls them, in the order of their fields."""

PERIODS = (7, 30, 90, 365)
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: departments only for whoever sees several, people of the departments in question."""

    departments: tuple[DepartmentRow, ...]
    streets: tuple[StreetRow, ...]
    chapters: tuple[ItemRef, ...]
    people: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A list and its filters, with what they name. ``asked`` holds those that are known, as in the address."""

    view: QueueView
    wanted: QueueFilter
    order: QueueOrder
    asked: Mapping[str, str]
    text: str
    choices: Choices
    department: DepartmentRow | None
    street: StreetRow | None
    item: ItemRef | None
    assignee: Colleague | None

    @property
    def days(self) -> int:
        """Of the period; 0 for all time."""
        return int(self.asked.get("period", 0))

    @property
    def address(self) -> dict[str, str]:
        """The whole list as an address has it."""
        order = {"order": self.order.value} if self.order is not QueueOrder.URGENT else {}
        text = {"q": self.text} if self.text else {}
        return {"view": self.view.value, **text, **self.asked, **order}


class Known:
    """What filters can name, for one reader; read once for however many lists."""

    def __init__(self, actor: Actor) -> None:
        scope = cases_policy.queue_scope(actor)
        known = departments.departments(include_inactive=True)
        self.mine = tuple(row for row in known if scope is None or row.id in scope)
        self.offered = self.mine if len(self.mine) > 1 else ()
        self.sees_all = scope is None
        self.streets = departments.streets(include_inactive=True)
        self._people: dict[tuple[DepartmentRow, ...], tuple[Colleague, ...]] = {}

    def people(self, department: DepartmentRow | None) -> tuple[Colleague, ...]:
        """Whose cases can be asked for: colleagues of the department, or of all that the reader works for."""
        of = (department,) if department else () if self.sees_all else self.mine
        if of not in self._people:
            self._people[of] = _people(of)
        return self._people[of]


def read_narrowed(
    actor: Actor, view: QueueView, given: Mapping[str, str], now: datetime, known: Known | None = None
) -> Narrowed:
    """What an address asks for; what isn't known is left out rather than refused."""
    known = known or Known(actor)
    offered = known.offered
    department = _by(offered, "key", given.get("department", ""))
    street = _by(known.streets, "code", given.get("street", ""))
    item, item_ids = _item(given.get("item", ""))
    people = known.people(department)
    assignee = _holder(actor, given.get("assignee", ""), people, now)
    text = given.get("q", "").strip()[:100]
    read = {
        "department": department is not None,
        "kind": given.get("kind") in set(FeedbackKind),
        "street": street is not None,
        "item": item is not None,
        "status": given.get("status") in set(CaseStatus),
        "assignee": assignee is not None or given.get("assignee") == NOBODY,
        "about_staff": given.get("about_staff") == "1",
        "reopened": given.get("reopened") == "1",
        "period": given.get("period") in {str(days) for days in PERIODS},
    }
    asked = {name: given[name] for name in NAMES if read[name]}
    today = departments.local_day(now)
    wanted = QueueFilter(
        view=QueueView.ALL if text else view,
        department_id=department.id if department else None,
        kind=FeedbackKind(asked["kind"]) if "kind" in asked else None,
        item_ids=item_ids,
        street_id=street.id if street else None,
        status=CaseStatus(asked["status"]) if "status" in asked else None,
        assignee_id=assignee.id if assignee else None,
        unassigned=asked.get("assignee") == NOBODY,
        about_staff="about_staff" in asked,
        reopened="reopened" in asked,
        since=today - timedelta(days=int(asked["period"]) - 1) if "period" in asked else None,
        among=cases_with(text) if text else None,
    )
    order = given.get("order", "")
    return Narrowed(
        view=view,
        wanted=wanted,
        order=QueueOrder(order) if order in set(QueueOrder) else QueueOrder.URGENT,
        asked=asked,
        text=text,
        choices=Choices(offered, departments.streets(), _chapters(), people),
        department=department,
        street=street,
        item=item,
        assignee=assignee,
    )


def _by(rows: Iterable[T], name: str, value: str) -> T | None:
    return next((row for row in rows if getattr(row, name) == value), None)


def _people(of: Iterable[DepartmentRow]) -> tuple[Colleague, ...]:
    """The colleagues of some departments, each once."""
    return tuple({one.id: one for row in of for one in accounts.colleagues(row.id)}.values())


def _holder(actor: Actor, asked: str, people: Iterable[Colleague], now: datetime) -> Colleague | None:
    """Whose cases are asked for: a colleague's, or those of someone who left with cases that the reader sees."""
    colleague = next((one for one in people if str(one.id) == asked), None)
    if colleague is not None or not asked.isdecimal():
        return colleague
    view = QueueView.DEPARTMENT
    held = cases.counts_by_holder(actor, now, department_id=None, views=(view,))[view]
    left = next((holder for holder in held if str(holder) == asked), None)
    names = accounts.account_names((left,))
    return Colleague(left, names[left], frozenset()) if left in names else None


def _chapters() -> tuple[ItemRef, ...]:
    return tuple(item for document in plans.documents() for item in document.of_kind(ItemKind.CHAPTER))


def _item(asked: str) -> tuple[ItemRef | None, tuple[int, ...]]:
    """The item ``plan/code``, itself with everything under it."""
    slug, _, code = asked.partition("/")
    for document in plans.documents():
        if document.plan.slug == slug and code in document.by_code:
            item = document.by_code[code]
            return item, tuple(one.id for one in document.below(item))
    return None, ()
