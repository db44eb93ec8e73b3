"""Commitments and responsibilities: who promised what to residents, and who answers for which item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Commitment, Item, Paragraph, Plan, Responsibility
from civic.plans.rules import ItemKind
from civic.web.caching import renew_reference

AFTER_PROJECTS = 30_000


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
    plan_slug: str, commitments: Sequence[NewCommitment], areas: frozenset[str], now: datetime
) -> None:
    """Write the commitments of a plan; refuses a quote that isn't word for word in its clause, an unknown
    clause or area, and a code that stands twice. What is no longer listed is withdrawn, its page stays."""
    plan_id = _plan_id(plan_slug)
    items = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    seen: set[str] = set()
    for position, new in enumerate(commitments):
        if new.code in seen:
            raise Invalid(N_("Commitment %(item)s stands twice in the file."), item=new.code)
        seen.add(new.code)
        _save_commitment(plan_id, items, areas, new, AFTER_PROJECTS + position)
    for item in items.values():
        if item.kind == ItemKind.COMMITMENT.value:
            item.withdrawn = item.code not in seen
    renew_reference()


def _save_commitment(
    plan_id: int, items: dict[str, Item], areas: frozenset[str], new: NewCommitment, position: int
) -> None:
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
    texts = db.session.scalars(select(Paragraph.text).where(Paragraph.item_id == clause.id))
    if not any(new.quote in text for text in texts):
        raise Invalid(
            N_("The quote of %(item)s is not word for word in clause %(clause)s."),
            item=new.code,
            clause=new.clause,
        )
    item = items.get(new.code)
    if item is None:
        item = items[new.code] = Item(plan_id=plan_id, code=new.code, kind=ItemKind.COMMITMENT.value)
        db.session.add(item)
    item.title, item.title_hant, item.title_en = new.title, traditional(new.title), new.title_en
    item.parent_id, item.position, item.withdrawn = clause.id, position, False
    item.first_line, item.last_line = clause.first_line, clause.last_line
    db.session.flush()
    row = db.session.get(Commitment, item.id) or Commitment(item_id=item.id)
    row.clause_id, row.area = clause.id, new.area
    row.quote, row.quote_hant = new.quote, traditional(new.quote)
    row.measure, row.deadline = (dict(new.measure) if new.measure else None), new.deadline
    db.session.add(row)


def load_responsibilities(
    plan_slug: str, duties: Mapping[str, Duty], departments: Mapping[str, int], since: date | None
) -> None:
    """Write who answers for which item; refuses unknown items and departments."""
    plan_id = _plan_id(plan_slug)
    items = dict(db.session.execute(select(Item.code, Item.id).where(Item.plan_id == plan_id)).all())
    for code, duty in duties.items():
        if code not in items:
            raise Invalid(N_("Responsibilities name %(item)s, which the plan doesn't have."), item=code)
        _save_duty(items[code], code, duty, departments, since)
    renew_reference()


def _save_duty(
    item_id: int, code: str, duty: Duty, departments: Mapping[str, int], since: date | None
) -> None:
    wanted: list[tuple[int, str]] = []
    for key, role in ((duty.lead, "lead"), *((k, "support") for k in duty.support)):
        if key not in departments:
            raise Invalid(
                N_("%(item)s names the department %(key)s, which the district doesn't have."),
                item=code,
                key=key,
            )
        if departments[key] in {d for d, _ in wanted}:
            raise Invalid(N_("%(item)s names the department %(key)s twice."), item=code, key=key)
        wanted.append((departments[key], role))
    rows = list(db.session.scalars(select(Responsibility).where(Responsibility.item_id == item_id)))
    if sorted((r.position, r.department_id, r.role) for r in rows) == sorted(
        (i, *w) for i, w in enumerate(wanted)
    ):
        return
    db.session.execute(delete(Responsibility).where(Responsibility.item_id == item_id))
    for position, (department_id, role) in enumerate(wanted):
        db.session.add(
            Responsibility(
                item_id=item_id, department_id=department_id, role=role, position=position, since=since,
                official=duty.official if role == "lead" else "",
            )
        )  # fmt: skip


def _plan_id(slug: str) -> int:
    plan_id = db.session.scalar(select(Plan.id).where(Plan.slug == slug))
    if plan_id is None:
        raise Invalid(N_("There is no plan %(slug)s."), slug=slug)
    return plan_id
