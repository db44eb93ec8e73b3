"""Paragraphs keep their anchors by their text, so that feedback goes on pointing to what it meant."""

from __future__ import annotations

from difflib import SequenceMatcher

from sqlalchemy import delete, select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Item, Paragraph

SIMILAR = 0.6
"""From this likeness on a changed paragraph is the same paragraph."""


def stored_paragraphs(plan_id: int) -> dict[int, list[Paragraph]]:
    """The paragraphs of a plan as they stand, in order, by item."""
    found: dict[int, list[Paragraph]] = {}
    query = select(Paragraph).join(Item, Item.id == Paragraph.item_id).where(Item.plan_id == plan_id)
    for row in db.session.scalars(query.order_by(Paragraph.item_id, Paragraph.position)):
        found.setdefault(row.item_id, []).append(row)
    return found


Rewritten = tuple[str, str, str]
"""The anchor of a paragraph, its text before ('' if it is new) and after ('' if it is gone)."""


def save_paragraphs(item_id: int, texts: list[str], before: list[Paragraph]) -> list[Rewritten]:
    """Write an item's paragraphs in order; returns what changed. ``before``: as they stand.

    Where only their order changes, that is said under the anchor ''.
    """
    if [p.text for p in before] == texts:
        return []
    stood = {p.anchor: p.text for p in before}
    matched = match_paragraphs([p.text for p in before], texts)
    used = {before[i].anchor for i in matched.values()}
    kept = {before[i].id for i in matched.values()}
    gone = [p.id for p in before if p.id not in kept]
    after: dict[str, str] = {}
    if gone:
        db.session.execute(delete(Paragraph).where(Paragraph.id.in_(gone)))
    ever = {p.anchor for p in before}
    next_number = max((int(anchor[1:]) for anchor in ever), default=0) + 1
    for position, text in enumerate(texts):
        row = before[matched[position]] if position in matched else None
        if row is None:
            anchor, next_number = f"p{next_number}", next_number + 1
            row = Paragraph(item_id=item_id, anchor=anchor)
            db.session.add(row)
            used.add(anchor)
        row.position, row.text, row.text_hant = position, text, traditional(text)
        after[row.anchor] = text
    changed = [
        (anchor, stood.get(anchor, ""), after.get(anchor, ""))
        for anchor in {**stood, **after}
        if stood.get(anchor) != after.get(anchor)
    ]
    return changed or [("", "、".join(stood), "、".join(after))]


def match_paragraphs(before: list[str], after: list[str]) -> dict[int, int]:
    """{index after: index before}: same texts first, then the most alike of what is left."""
    matched: dict[int, int] = {}
    free = set(range(len(before)))
    for new, text in enumerate(after):
        same = next((old for old in sorted(free) if before[old] == text), None)
        if same is not None:
            matched[new] = same
            free.discard(same)
    pairs = sorted(
        (
            (-SequenceMatcher(None, before[old], after[new], autojunk=False).ratio(), new, old)
            for new in range(len(after))
            if new not in matched
            for old in free
        ),
    )
    for likeness, new, old in pairs:
        if -likeness >= SIMILAR and new not in matched and old in free:
            matched[new] = old
            free.discard(old)
    return matched
