"""The text of a plan becomes items: preface, chapters, sections and clauses with their paragraphs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Item, Paragraph
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.rules import ItemKind, ParsedItem, ParsedPlan
from civic.plans.services.diffs import Diff
from civic.plans.services.gate import Gate, differing
from civic.plans.services.paragraphs import save_paragraphs, stored_paragraphs

TEXT_KINDS = (ItemKind.PREFACE, ItemKind.CHAPTER, ItemKind.SECTION, ItemKind.CLAUSE)
NEW, GONE = ({"item": False}, {"item": True}), ({"item": True}, {"item": False})


@dataclass(frozen=True, slots=True)
class PlacesChanged:
    """Published in the transaction in which items may have come, or gone to another chapter or livelihood area."""


def save_items(gate: Gate, parsed: ParsedPlan, diff: Diff, unmended: ParsedPlan | None = None) -> None:
    """Write the items of a document in place.

    ``unmended``: the same document with the errata that stand. What differs only by errata needs no approval.
    """
    plan_id = gate.plan.id
    known = {item.code: item for item in db.session.scalars(select(Item).where(Item.plan_id == plan_id))}
    before = stored_paragraphs(plan_id)
    without = {item.code: item for item in unmended.items} if unmended is not None else {}
    asked: list[Callable[[], object]] = []
    mended: set[str] = set()
    for position, one in enumerate(parsed.items):
        item = known.get(one.code)
        if item is not None and _stands(gate, item, without.get(one.code), before):
            mended.add(one.code)
        if item is None:
            item = known[one.code] = Item(plan_id=plan_id, code=one.code, kind=one.kind.value)
            diff.added.append(one.code)
            asked.append(_whole(gate, item, one.code, NEW))
            item.title, item.number = one.title, one.number
        else:
            retitle(gate, item, one.title, one.number, diff, free=one.code in mended)
        item.title_hant = traditional(item.title)
        item.position, item.withdrawn = position, False
        last = one.paragraphs[-1].lines[-1] if one.paragraphs else one.lines[-1]
        item.first_line, item.last_line = one.lines[0], last
    _hang_up(parsed.items, known)
    for ask in asked:
        ask()
    for one in parsed.items:
        item = known[one.code]
        stood = before.get(item.id, [])
        texts = _standing_texts(gate, item.id, one, without.get(one.code), stood)
        for anchor, old, new in save_paragraphs(item.id, texts, stood):
            diff.note(one.code)
            if one.code in diff.added or one.code in mended:
                continue
            name = "text" if anchor else "order"
            gate.allow(item.id, one.code, Subject.TEXT, {name: old}, {name: new}, anchor)


def retitle(gate: Gate, item: Item, title: str, number: str, diff: Diff, *, free: bool = False) -> None:
    """Another title or number of an item that is there already, or its return into the document."""
    stands = {"title": item.title, "number": item.number}
    given = {
        "title": gate.standing(item.id, "title", title, item.title),
        "number": gate.standing(item.id, "number", number, item.number),
    }
    old, new = differing(stands, given)
    if new:
        diff.note(item.code)
        if not free:
            gate.allow(item.id, item.code, Subject.TITLE, old, new)
    if item.withdrawn:
        diff.note(item.code)
        gate.allow(item.id, item.code, Subject.ITEM, *NEW)
    item.title, item.number, item.withdrawn = given["title"], given["number"], False


def withdraw(gate: Gate, item: Item, diff: Diff) -> None:
    """Take out an item that the document no longer has; its page and its feedback stay."""
    if item.withdrawn:
        return
    item.withdrawn = True
    diff.withdrawn.append(item.code)
    gate.allow(item.id, item.code, Subject.ITEM, *GONE)


def withdraw_missing(gate: Gate, parsed: ParsedPlan, diff: Diff) -> None:
    """Take out what the document no longer has."""
    codes = {item.code for item in parsed.items}
    kinds = [kind.value for kind in TEXT_KINDS]
    query = select(Item).where(Item.plan_id == gate.plan.id, Item.kind.in_(kinds))
    for item in db.session.scalars(query.order_by(Item.position)):
        if item.code not in codes:
            withdraw(gate, item, diff)


def _whole(
    gate: Gate, item: Item, code: str, change: tuple[dict[str, bool], dict[str, bool]]
) -> Callable[[], object]:
    """Asked later, when the item has its id."""
    return lambda: gate.allow(item.id, code, Subject.ITEM, *change)


def _stands(gate: Gate, item: Item, without: ParsedItem | None, before: dict[int, list[Paragraph]]) -> bool:
    """Whether the document says of an item what the plan says, but for the errata that are new."""
    if without is None:
        return False
    stood = before.get(item.id, [])
    if [p.text for p in stood] != _standing_texts(gate, item.id, without, None, stood):
        return False
    title = gate.standing(item.id, "title", without.title, item.title)
    return (title, without.number) == (item.title, item.number)


def _standing_texts(
    gate: Gate, item_id: int, parsed: ParsedItem, without: ParsedItem | None, stood: list[Paragraph]
) -> list[str]:
    """The paragraphs of a document; one whose text an adjustment has replaced since stays as adjusted."""
    texts = [p.text for p in parsed.paragraphs]
    plain = [p.text for p in without.paragraphs] if without is not None else texts
    if len(plain) != len(texts):
        plain = texts
    for row in stood:
        if row.text in texts:
            continue
        for index, (text, unmended) in enumerate(zip(texts, plain, strict=True)):
            if gate.replaced(item_id, "text", text, row.anchor) or gate.replaced(
                item_id, "text", unmended, row.anchor
            ):
                texts[index] = row.text
                break
    return texts


def _hang_up(items: tuple[ParsedItem, ...], known: dict[str, Item]) -> None:
    """Hang each item below its parent, level by level: a parent has its id before its children need it."""
    for _depth, level in groupby(sorted(items, key=_depth_of), _depth_of):
        for parsed in level:
            item = known[parsed.code]
            item.parent_id = known[parsed.parent].id if parsed.parent else None
            db.session.add(item)
        db.session.flush()


def _depth_of(item: ParsedItem) -> int:
    return item.code.count(".") if item.parent else -1
