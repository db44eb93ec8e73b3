"""Commitments and responsibilities: who promised what to residents, and who answers for which item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from civic.core.actor import SYSTEM
from civic.core.dated import changed_here
from civic.core.errors import N_, Invalid
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Commitment, Item, Paragraph, Plan, Responsibility
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.rules import ItemKind
from civic.plans.services.gate import Approval, Gate
from civic.plans.services.items import GONE, PlacesChanged
from civic.web.caching import renew_reference

AFTER_PROJECTS = 30_000
PROMISED = {"quote": Subject.TEXT, "measure": Subject.TARGET, "deadline": Subject.DEADLINE}
"""What is promised, and what an adjustment of it is called."""


@dataclass(frozen=True, slots=True)
class Duty:
    """The departments of one item: exactly one lead, any number in support (by key)."""

    lead: str
    support: tuple[str, ...] = ()
    official: str = ""


@dataclass(frozen=True, slots=True)
class NewCommitment:
    """One entry of ``commitments.yaml``."""

    code: str
    clause: str
    area: str
    title: str
    quote: str
    duty: Duty
    title_en: str = ""
    measure: Mapping[str, Any] | None = None
    deadline: date | None = None


def load_commitments(
    plan_slug: str,
    commitments: Sequence[NewCommitment],
    areas: frozenset[str],
    now: datetime,
    *,
    approval: Approval | None = None,
) -> None:
    """Write the commitments of a plan; refuses a quote that isn't word for word in its clause, an unknown
    clause or area, and a code that stands twice. What is no longer listed is withdrawn, its page stays.

    Words, measure and day of a promise of a published plan, and its withdrawal, need an ``approval``. One
    more promise needs none: it quotes what the plan says anyway.
    """
    plan = _plan(plan_slug)
    plan_id, gate = plan.id, Gate(SYSTEM, plan, now, approval)
    items = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    texts: dict[int, list[str]] = {}
    paragraphs = select(Paragraph.item_id, Paragraph.text).join(Item, Item.id == Paragraph.item_id)
    for item_id, text in db.session.execute(paragraphs.where(Item.plan_id == plan_id)):
        texts.setdefault(item_id, []).append(text)
    changed = changed_here("commitment")
    rows = {row.item_id: row for row in db.session.scalars(select(Commitment))}
    seen: set[str] = set()
    for position, new in enumerate(commitments):
        if new.code in seen:
            raise Invalid(N_("Commitment %(item)s stands twice in the file."), item=new.code)
        seen.add(new.code)
        item = items.get(new.code)
        row = rows.get(item.id) if item is not None else None
        quote = gate.standing(row.item_id, "quote", new.quote, row.quote) if row is not None else new.quote
        clause = _clause_of(replace(new, quote=quote), items, texts, areas)
        if item is None:
            item = items[new.code] = Item(plan_id=plan_id, code=new.code, kind=ItemKind.COMMITMENT.value)
            db.session.add(item)
        stays = changed.get(item.id, frozenset())
        if "title" not in stays:
            item.title, item.title_hant = new.title, traditional(new.title)
        if "title_en" not in stays:
            item.title_en = new.title_en
        item.parent_id, item.position, item.withdrawn = clause.id, AFTER_PROJECTS + position, False
        item.first_line, item.last_line = clause.first_line, clause.last_line
    db.session.flush()
    for new in commitments:
        item = items[new.code]
        row = rows.get(item.id) or Commitment(item_id=item.id)
        row.area = row.area if "area" in changed.get(item.id, ()) else new.area
        row.clause_id = items[new.clause].id
        _save_commitment(gate, row, item.code, new, new_row=item.id not in rows)
    for item in items.values():
        # One that was listed on the site isn't in the file.
        gone = item.code not in seen and "quote" not in changed.get(item.id, ())
        if item.kind == ItemKind.COMMITMENT.value and gone and not item.withdrawn:
            item.withdrawn = True
            gate.allow(item.id, item.code, Subject.ITEM, *GONE)
    gate.close()
    renew_reference()
    publish(PlacesChanged())


def _clause_of(
    new: NewCommitment, items: dict[str, Item], texts: dict[int, list[str]], areas: frozenset[str]
) -> Item:
    """The clause that a commitment quotes word for word."""
    clause = items.get(new.clause)
    if clause is None:
        raise Invalid(
            N_("%(item)s names clause %(clause)s, which the plan doesn't have."),
            item=new.code,
            clause=new.clause,
        )
    if new.area not in areas:
        raise Invalid(
            N_("%(item)s names the livelihood area %(area)s, which the district doesn't have."),
            item=new.code,
            area=new.area,
        )
    if not any(new.quote in text for text in texts.get(clause.id, ())):
        raise Invalid(
            N_("The quote of %(item)s is not word for word in clause %(clause)s."),
            item=new.code,
            clause=new.clause,
        )
    return clause


def _save_commitment(gate: Gate, row: Commitment, code: str, new: NewCommitment, *, new_row: bool) -> None:
    """Write words, measure and day; of a published promise only what the gate allows."""
    given: dict[str, Any] = {
        "quote": new.quote,
        "measure": dict(new.measure) if new.measure else None,
        "deadline": new.deadline.isoformat() if new.deadline else None,
    }
    if not new_row:
        day = row.deadline.isoformat() if row.deadline else None
        stands = {"quote": row.quote, "measure": row.measure, "deadline": day}
        for name, subject in PROMISED.items():
            said = gate.standing(row.item_id, name, given[name], stands[name])
            if said != stands[name]:
                old, asked = {name: stands[name]}, {name: said}
                allowed = gate.allow(row.item_id, code, subject, old, asked)
                said = said if allowed else stands[name]
                row.adjustment_id = allowed.adjustment_id or row.adjustment_id
            given[name] = said
    if new_row or given["quote"] != row.quote:
        row.quote, row.quote_hant = str(given["quote"]), traditional(str(given["quote"]))
    row.measure = given["measure"]
    row.deadline = date.fromisoformat(given["deadline"]) if given["deadline"] else None
    db.session.add(row)


def load_responsibilities(
    plan_slug: str, duties: Mapping[str, Duty], departments: Mapping[str, int], since: date | None
) -> None:
    """Write who answers for which item; refuses unknown items and departments."""
    plan_id = _plan(plan_slug).id
    items = dict(db.session.execute(select(Item.code, Item.id).where(Item.plan_id == plan_id)).all())
    before: dict[int, list[tuple[int, str, str]]] = {}
    stored = (
        select(Responsibility).join(Item, Item.id == Responsibility.item_id).where(Item.plan_id == plan_id)
    )
    for row in db.session.scalars(stored.order_by(Responsibility.item_id, Responsibility.position)):
        before.setdefault(row.item_id, []).append((row.department_id, row.role, row.official))
    changed = changed_here("responsibility")
    for code, duty in duties.items():
        if code not in items:
            raise Invalid(N_("Responsibilities name %(item)s, which the plan doesn't have."), item=code)
        item_id, wanted = items[code], _wanted(code, duty, departments)
        if before.get(item_id) == wanted or item_id in changed:
            continue
        if item_id in before:
            db.session.execute(delete(Responsibility).where(Responsibility.item_id == item_id))
        db.session.add_all(
            Responsibility(
                item_id=item_id,
                department_id=department_id,
                role=role,
                official=official,
                position=position,
                since=since,
            )
            for position, (department_id, role, official) in enumerate(wanted)
        )
    renew_reference()


def _wanted(code: str, duty: Duty, departments: Mapping[str, int]) -> list[tuple[int, str, str]]:
    """(department, role, responsible official) in order, the lead first."""
    wanted: list[tuple[int, str, str]] = []
    for key, role in ((duty.lead, "lead"), *((k, "support") for k in duty.support)):
        if key not in departments:
            raise Invalid(
                N_("%(item)s names the department %(key)s, which the district doesn't have."),
                item=code,
                key=key,
            )
        if departments[key] in {department for department, _, _ in wanted}:
            raise Invalid(N_("%(item)s names the department %(key)s twice."), item=code, key=key)
        wanted.append((departments[key], role, duty.official if role == "lead" else ""))
    return wanted


def _plan(slug: str) -> Plan:
    plan: Plan | None = db.session.scalar(select(Plan).where(Plan.slug == slug))
    if plan is None:
        raise Invalid(N_("There is no plan %(slug)s."), slug=slug)
    return plan
