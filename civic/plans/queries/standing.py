"""What a plan says now of one item, in the fields that an adjustment can change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.plans.models import Commitment, Indicator, Item, Paragraph, Plan, Project
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.rules import ItemKind
from civic.web.caching import kept

SUBJECTS: dict[ItemKind, tuple[Subject, ...]] = {
    ItemKind.INDICATOR: (Subject.TARGET, Subject.DEADLINE, Subject.TITLE),
    ItemKind.COMMITMENT: (Subject.TARGET, Subject.DEADLINE, Subject.TEXT),
    ItemKind.PROJECT: (Subject.DEADLINE, Subject.TITLE),
    **dict.fromkeys(
        (ItemKind.PREFACE, ItemKind.CHAPTER, ItemKind.SECTION, ItemKind.CLAUSE), (Subject.TEXT, Subject.TITLE)
    ),
}
"""What can be adjusted of an item. The title of a promise is the district's own, not the plan's."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A promise that quotes a paragraph."""

    item_id: int
    code: str
    quote: str


@dataclass(frozen=True, slots=True)
class AdjustingRule:
    """One text that says who may adjust the plan, quoted; ``code``: the item of the plan it stands in, or ''."""

    source: str
    source_hant: str
    quote: str
    quote_hant: str
    code: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Adjusting:
    """Who may adjust a plan: the body to suggest ('' if the district names none), and the texts that say so."""

    body: str = ""
    rules: tuple[AdjustingRule, ...] = ()


def adjusting(plan_slug: str) -> Adjusting:
    """Who may adjust a plan, as the district's file says; kept in memory until plans change."""
    return kept(f"adjusting:{plan_slug}", lambda: _adjusting(plan_slug))


def _adjusting(plan_slug: str) -> Adjusting:
    stored = db.session.scalar(select(Plan.adjusting).where(Plan.slug == plan_slug)) or {}
    return Adjusting(stored.get("body", ""), tuple(AdjustingRule(**one) for one in stored.get("rules", ())))


def standing(item_id: int, subject: Subject, anchor: str = "") -> dict[str, Any]:
    """The fields of ``subject`` as they stand; raises :class:`Invalid` where the item has no such thing.

    target: {target, target_rate: printed cells or None, target_year, target_kind} of an indicator, {measure} of
    a promise; deadline: {target_year} or {deadline: ISO day or None}; text: {text} of the paragraph ``anchor``, or
    {quote} of a promise; title: {title}.
    """
    item = db.session.get_one(Item, item_id)
    kind = ItemKind(item.kind)
    if subject not in SUBJECTS[kind]:
        raise Invalid(N_("%(item)s has nothing of that kind to adjust."), item=item.code)
    if subject is Subject.TITLE:
        return {"title": item.title}
    if kind is ItemKind.INDICATOR:
        return _of_indicator(db.session.get_one(Indicator, item_id), subject)
    if kind is ItemKind.COMMITMENT:
        return _of_commitment(db.session.get_one(Commitment, item_id), subject)
    if kind is ItemKind.PROJECT:
        day = db.session.get_one(Project, item_id).deadline
        return {"deadline": day.isoformat() if day else None}
    query = select(Paragraph.text).where(Paragraph.item_id == item_id, Paragraph.anchor == anchor)
    text = db.session.scalar(query)
    if text is None:
        raise Invalid(N_("Choose the paragraph of %(item)s that changes."), field="anchor", item=item.code)
    return {"text": text}


def quotes_of(item_id: int, text: str) -> tuple[Quote, ...]:
    """The promises that quote ``text``, a paragraph of a clause, word for word."""
    query = (
        select(Item.id, Item.code, Commitment.quote)
        .join(Commitment, Commitment.item_id == Item.id)
        .where(Commitment.clause_id == item_id, ~Item.withdrawn)
        .order_by(Item.position, Item.id)
    )
    found = (Quote(row.id, row.code, row.quote) for row in db.session.execute(query))
    return tuple(one for one in found if one.quote in text)


def _of_indicator(row: Indicator, subject: Subject) -> dict[str, Any]:
    if subject is Subject.DEADLINE:
        return {"target_year": row.target_year}
    return {
        "target": row.printed.get("target"),
        "target_rate": row.printed.get("target_rate"),
        "target_year": row.target_year,
        "target_kind": row.target_kind,
    }


def _of_commitment(row: Commitment, subject: Subject) -> dict[str, Any]:
    if subject is Subject.TARGET:
        return {"measure": row.measure}
    if subject is Subject.DEADLINE:
        return {"deadline": row.deadline.isoformat() if row.deadline else None}
    return {"quote": row.quote}
