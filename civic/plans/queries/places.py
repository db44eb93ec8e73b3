"""In which chapter an item stands, and which livelihood area it belongs to."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from civic.core.extensions import db
from civic.plans.models import Commitment, Item, Plan
from civic.plans.queries.rows import ItemPlace
from civic.plans.rules import ItemKind
from civic.web.caching import kept


def item_places() -> tuple[ItemPlace, ...]:
    """Every item's place, in the order of the documents.

    The area of a clause is that of most of its commitments (on a tie the one that comes first),
    so that a case about the clause counts once.
    """
    return kept("plans.item_places", _item_places)


def _item_places() -> tuple[ItemPlace, ...]:
    query = (
        select(Item.id, Item.parent_id, Item.kind, Item.code, Item.title, Item.title_hant)
        .add_columns(Plan.slug, Plan.short_name, Plan.short_name_hant)
        .join(Plan, Plan.id == Item.plan_id)
        .order_by(Plan.first_year.desc(), Item.plan_id, Item.position, Item.id)
    )
    rows = {row.id: row for row in db.session.execute(query)}
    areas = _areas()
    places = []
    for item_id, row in rows.items():
        chapter = row
        while chapter.parent_id is not None:
            chapter = rows[chapter.parent_id]
        named = chapter.kind in (ItemKind.CHAPTER.value, ItemKind.PREFACE.value)
        code = chapter.code if named else "indicators"
        title, hant = (chapter.title, chapter.title_hant) if named else (row.short_name, row.short_name_hant)
        area = areas.get(item_id)
        places.append(
            ItemPlace(item_id, row.slug, code, title, hant, area, row.code, row.title, row.title_hant)
        )
    return tuple(places)


def _areas() -> dict[int, str]:
    """{item id: area} of commitments and of the clauses they quote."""
    query = select(Commitment.item_id, Commitment.clause_id, Commitment.area)
    found: dict[int, str] = {}
    votes: dict[int, Counter[str]] = {}
    for row in db.session.execute(query.join(Item, Item.id == Commitment.item_id).order_by(Item.position)):
        found[row.item_id] = row.area
        votes.setdefault(row.clause_id, Counter())[row.area] += 1
    found.update({clause: counted.most_common(1)[0][0] for clause, counted in votes.items()})
    return found
