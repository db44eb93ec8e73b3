"""Changing what the district itself says of a plan: who answers for an item, names, promises; from a day on.

The plan's own words are not changed here: of a published plan they change with an adjustment only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete, func, select

from civic.core import dated
from civic.core.actor import Actor, Role
from civic.core.dated import Dating, Subject
from civic.core.errors import N_, Invalid, NotFound
from civic.core.events import publish, subscribe
from civic.core.extensions import db
from civic.core.policy import ALLOWED, Decision, refused
from civic.core.scripts import traditional
from civic.departments import queries as departments
from civic.departments.services import DepartmentRetires
from civic.plans.models import Commitment, Item, Paragraph, Plan, Responsibility
from civic.plans.rules import ItemKind, PlanStatus
from civic.plans.services.items import PlacesChanged
from civic.web.caching import renew_reference

PLAN_FIELDS = ("short_name", "short_name_en", "document_number", "issued_by", "approved_by")
PLAN_DAYS = ("issued_on", "approved_on")
RESPONSIBLE = "responsibility"


def can_edit_plan(actor: Actor) -> Decision:
    """Editors keep the district's plans."""
    if actor.has(Role.EDITOR):
        return ALLOWED
    return refused(N_("Only an editor may change the data of a plan."))


def change_plan_data(
    actor: Actor, kind: str, row_id: int, values: Mapping[str, Any], dating: Dating, now: datetime, seen: str
) -> int:
    """Change a ``plan``, an ``item``'s names, a ``commitment`` or the ``responsibility`` of an item from a day on.

    Returns the change's id. Raises :class:`~civic.core.errors.NotAllowed`, :class:`NotFound`, :class:`Invalid`
    and :class:`~civic.core.errors.Stale` as :func:`civic.core.dated.change` does.
    """
    can_edit_plan(actor).require()
    if kind == RESPONSIBLE:
        _check_responsible(values)
        values = {**values, "support": _in_order(responsible_values(row_id)["support"], values["support"])}
    if kind == "commitment":
        _check_commitment(row_id, values)
    if kind == "item" and "title" in values and not _is_draft(row_id):
        raise Invalid(N_("The titles of a published plan change with an adjustment only."), field="title")
    return dated.change(actor, kind, row_id, values, dating, now, departments.local_day(now), seen=seen)


def withdraw_plan_change(actor: Actor, kind: str, row_id: int, change_id: int, now: datetime) -> None:
    """Drop a planned change."""
    can_edit_plan(actor).require()
    dated.withdraw(actor, kind, row_id, change_id, now)


def add_commitment(
    actor: Actor, clause_id: int, values: Mapping[str, Any], dating: Dating, now: datetime
) -> str:
    """List one more promise of a clause; ``values``: title, title_en, area, quote, deadline. Returns its code."""
    can_edit_plan(actor).require()
    if not dating.reason.strip():
        raise Invalid(N_("Say why it changes."), field="reason")
    clause = db.session.get(Item, clause_id)
    if clause is None or clause.kind != ItemKind.CLAUSE.value:
        raise NotFound(N_("There is no such clause."))
    _check_area(str(values["area"]))
    _check_quote(clause_id, str(values["quote"]))
    begun = f"M-{clause.code}-"
    taken = db.session.scalars(
        select(Item.code).where(Item.plan_id == clause.plan_id, Item.code.startswith(begun, autoescape=True))
    )
    numbers = [int(code.removeprefix(begun)) for code in taken if code.removeprefix(begun).isdigit()]
    code = f"{begun}{max(numbers, default=0) + 1}"
    last = db.session.scalar(select(func.max(Item.position)).where(Item.plan_id == clause.plan_id)) or 0
    item = Item(
        plan_id=clause.plan_id, code=code, kind=ItemKind.COMMITMENT.value, parent_id=clause_id,
        title=values["title"], title_hant=traditional(str(values["title"])), title_en=values["title_en"],
        position=last + 1, first_line=clause.first_line, last_line=clause.last_line,
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    db.session.add(
        Commitment(
            item_id=item.id, clause_id=clause_id, area=values["area"], quote=values["quote"],
            quote_hant=traditional(str(values["quote"])), deadline=_day(values["deadline"]),
        )
    )  # fmt: skip
    db.session.flush()
    renew_reference()
    publish(PlacesChanged())
    dated.note_created(actor, "commitment", item.id, values, dating, now)
    return code


def plan_values(plan_id: int) -> dict[str, Any]:
    """What stands of a plan, by field; days as ISO text or None."""
    plan = db.session.get_one(Plan, plan_id)
    days = {name: _iso(getattr(plan, name)) for name in PLAN_DAYS}
    return {**{name: getattr(plan, name) for name in PLAN_FIELDS}, **days}


def item_values(item_id: int) -> dict[str, Any]:
    """Title and English title of an item."""
    item = db.session.get_one(Item, item_id)
    return {"title": item.title, "title_en": item.title_en}


def commitment_values(item_id: int) -> dict[str, Any]:
    """Names, area, quote and deadline of a promise."""
    row = db.session.get_one(Commitment, item_id)
    return {**item_values(item_id), "area": row.area, "quote": row.quote, "deadline": _iso(row.deadline)}


def responsible_values(item_id: int) -> dict[str, Any]:
    """Who answers for an item: ``lead`` (id or None), ``support`` (ids in order), ``official``."""
    query = select(Responsibility).where(Responsibility.item_id == item_id).order_by(Responsibility.position)
    rows = db.session.scalars(query).all()
    lead = next((row for row in rows if row.role == "lead"), None)
    return {
        "lead": lead.department_id if lead else None,
        "support": [row.department_id for row in rows if row.role == "support"],
        "official": lead.official if lead else "",
    }


def register_plan_data(app: Flask) -> None:
    """Let the data of plans be changed with a date; a department that leads items can't be retired."""
    dated.register_subject(app, "plan", Subject(plan_values, _write_plan))
    dated.register_subject(app, "item", Subject(item_values, _write_item))
    dated.register_subject(app, "commitment", Subject(commitment_values, _write_commitment))
    dated.register_subject(app, RESPONSIBLE, Subject(responsible_values, _write_responsible))
    subscribe(app, DepartmentRetires, _still_leads)


def _write_plan(plan_id: int, values: Mapping[str, Any], _on: date) -> None:
    plan = db.session.get_one(Plan, plan_id)
    for name, value in values.items():
        setattr(plan, name, _day(value) if name in PLAN_DAYS else value)
    plan.short_name_hant = traditional(plan.short_name)
    renew_reference()


def _write_item(item_id: int, values: Mapping[str, Any], _on: date) -> None:
    item = db.session.get_one(Item, item_id)
    item.title_en = values.get("title_en", item.title_en)
    if "title" in values:
        item.title, item.title_hant = values["title"], traditional(values["title"])
    renew_reference()


def _write_commitment(item_id: int, values: Mapping[str, Any], on: date) -> None:
    _check_commitment(item_id, values)
    row = db.session.get_one(Commitment, item_id)
    _write_item(item_id, {name: values[name] for name in ("title", "title_en") if name in values}, on)
    row.area = values.get("area", row.area)
    if "quote" in values:
        row.quote, row.quote_hant = values["quote"], traditional(values["quote"])
    if "deadline" in values:
        row.deadline = _day(values["deadline"])
    publish(PlacesChanged())


def _write_responsible(item_id: int, values: Mapping[str, Any], on: date) -> None:
    wanted = {**responsible_values(item_id), **values}
    _check_responsible(wanted)
    db.session.execute(delete(Responsibility).where(Responsibility.item_id == item_id))
    held = [(wanted["lead"], "lead"), *((one, "support") for one in wanted["support"])]
    db.session.add_all(
        Responsibility(
            item_id=item_id, department_id=department_id, role=role, position=position, since=on,
            official=wanted["official"] if role == "lead" else "",
        )
        for position, (department_id, role) in enumerate(held)
        if department_id is not None
    )  # fmt: skip
    renew_reference()


def _in_order(before: Sequence[int], chosen: Sequence[int]) -> list[int]:
    """The chosen departments: those that stood there stay in their order, new ones follow."""
    return [one for one in before if one in chosen] + [one for one in chosen if one not in before]


def _check_responsible(values: Mapping[str, Any]) -> None:
    active = {row.id for row in departments.departments()}
    lead, support = values.get("lead"), values.get("support", ())
    if "lead" in values and lead is None and support:
        raise Invalid(N_("Supporting departments need a lead."), field="lead")
    if lead is not None and lead not in active:
        raise Invalid(N_("Choose one from the list."), field="lead")
    if not set(support) <= active:
        raise Invalid(N_("Choose one from the list."), field="support")
    if lead in support:
        raise Invalid(N_("The lead can't support itself."), field="support")


def _check_commitment(item_id: int, values: Mapping[str, Any]) -> None:
    if "area" in values:
        _check_area(str(values["area"]))
    if "title" in values and not str(values["title"]).strip():
        raise Invalid(N_("Enter the title."), field="title")
    row = db.session.get_one(Commitment, item_id)
    changed = [
        name
        for name in ("quote", "deadline")
        if name in values and values[name] != commitment_values(item_id)[name]
    ]
    if changed and not _is_draft(item_id):
        raise Invalid(
            N_("Words and deadline of a published promise change with an adjustment only."), field=changed[0]
        )
    if "quote" in changed:
        _check_quote(row.clause_id, str(values["quote"]))


def _check_area(area: str) -> None:
    if area not in {row.key for row in departments.areas()}:
        raise Invalid(N_("Choose one from the list."), field="area")


def _check_quote(clause_id: int, quote: str) -> None:
    texts: Sequence[str] = db.session.scalars(
        select(Paragraph.text).where(Paragraph.item_id == clause_id)
    ).all()
    if not quote or not any(quote in text for text in texts):
        raise Invalid(N_("The quote must stand word for word in the clause."), field="quote")


def _is_draft(item_id: int) -> bool:
    query = select(Plan.status).join(Item, Item.plan_id == Plan.id).where(Item.id == item_id)
    return db.session.scalar(query) == PlanStatus.DRAFT.value


def _still_leads(event: DepartmentRetires) -> None:
    held = select(func.count()).select_from(Responsibility).join(Item, Item.id == Responsibility.item_id)
    led = db.session.scalar(
        held.where(
            Responsibility.department_id == event.department_id,
            Responsibility.role == "lead",
            ~Item.withdrawn,
        )
    )
    if led:
        raise Invalid(
            N_("It still leads %(n)s items of the plans. Give them to another department first."),
            field="active", n=led,
        )  # fmt: skip


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
