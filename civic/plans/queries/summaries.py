"""Plain summaries of items: the one that stands, and every version before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from civic.core.extensions import db
from civic.plans.models import Item, PlainSummary, Plan
from civic.web.caching import kept


@dataclass(frozen=True, slots=True)
class PlainSummaryRow:
    """One version of a summary; '' as ``text`` means that it was taken back."""

    id: int
    item_id: int
    text: str
    text_hant: str
    text_en: str
    written_by: int | None
    published_at: datetime


def plain_summaries(plan_slug: str) -> Mapping[int, PlainSummaryRow]:
    """The summaries that stand in a plan, by item; kept in the process until reference data changes."""
    return kept(f"plain:{plan_slug}", lambda: _read(plan_slug))


def plain_summary(item_id: int) -> PlainSummaryRow | None:
    """The newest version for an item, also one that took the summary back; None if there never was one."""
    versions = plain_versions(item_id)
    return versions[0] if versions else None


def plain_versions(item_id: int) -> tuple[PlainSummaryRow, ...]:
    """All versions for an item, newest first."""
    query = select(PlainSummary).where(PlainSummary.item_id == item_id).order_by(PlainSummary.id.desc())
    return tuple(_row(row) for row in db.session.scalars(query))


def _read(plan_slug: str) -> dict[int, PlainSummaryRow]:
    newer = aliased(PlainSummary)
    query = (
        select(PlainSummary)
        .join(Item, Item.id == PlainSummary.item_id)
        .join(Plan, Plan.id == Item.plan_id)
        .outerjoin(newer, newer.supersedes_id == PlainSummary.id)
        .where(Plan.slug == plan_slug, newer.id.is_(None), PlainSummary.text != "")
        .order_by(PlainSummary.item_id)
    )
    return {row.item_id: _row(row) for row in db.session.scalars(query)}


def _row(row: PlainSummary) -> PlainSummaryRow:
    return PlainSummaryRow(
        row.id, row.item_id, row.text, row.text_hant, row.text_en, row.written_by, row.published_at
    )
