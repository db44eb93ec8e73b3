"""Changing what a published plan promises. Only an adjustment in force may: the database asks for its id.

``new`` holds the fields of :func:`civic.plans.queries.standing` that change. Anchors and codes stay, so
that feedback goes on pointing to what it meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from civic.core.errors import N_, Invalid
from civic.core.events import publish
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.plans.models import Commitment, Indicator, Item, Paragraph, Project
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.rules import ItemKind, Nature, ParsedIndicator, TargetKind, read_printed, target_kind
from civic.plans.services.indicators import cell_of, in_traditional, printed_as_json
from civic.plans.services.items import PlacesChanged
from civic.web.caching import renew_reference

Values = Mapping[str, Any]
CELLS = ("baseline", "target", "target_rate", "result", "result_rate")


def change_item(item_id: int, subject: Subject, anchor: str, new: Values, adjustment_id: int) -> None:
    """Change one item as an adjustment in force says."""
    if subject is Subject.TARGET:
        change_target(item_id, new, adjustment_id)
    elif subject is Subject.DEADLINE:
        change_deadline(item_id, new, adjustment_id)
    elif subject is Subject.TEXT:
        change_text(item_id, anchor, new, adjustment_id)
    else:
        change_title(item_id, new, adjustment_id)


def change_target(item_id: int, new: Values, adjustment_id: int) -> None:
    """Another target of an indicator, or another measure of a promise."""
    item = db.session.get_one(Item, item_id)
    if item.kind == ItemKind.COMMITMENT.value:
        promise = db.session.get_one(Commitment, item_id)
        promise.measure, promise.adjustment_id = new["measure"], adjustment_id
    else:
        row = db.session.get_one(Indicator, item_id)
        row.printed = {**row.printed, **{name: new[name] for name in CELLS if name in new}}
        for name in ("target_year", "target_kind"):
            if name in new:
                setattr(row, name, new[name])
        row.adjustment_id, row.hant = adjustment_id, in_traditional(row)
    _renewed(item)


def change_deadline(item_id: int, new: Values, adjustment_id: int) -> None:
    """Another target year of an indicator; another day for a promise or a project."""
    item = db.session.get_one(Item, item_id)
    if item.kind == ItemKind.INDICATOR.value:
        row = db.session.get_one(Indicator, item_id)
        row.target_year, row.adjustment_id = new["target_year"], adjustment_id
    else:
        promised = item.kind == ItemKind.COMMITMENT.value
        dated: Commitment | Project = (
            db.session.get_one(Commitment, item_id) if promised else db.session.get_one(Project, item_id)
        )
        dated.deadline = date.fromisoformat(new["deadline"]) if new["deadline"] else None
        dated.adjustment_id = adjustment_id
    _renewed(item)


def change_text(item_id: int, anchor: str, new: Values, adjustment_id: int) -> None:
    """Other words in one paragraph, or in the quote of a promise, which must stand in its clause."""
    item = db.session.get_one(Item, item_id)
    if item.kind == ItemKind.COMMITMENT.value:
        promise = db.session.get_one(Commitment, item_id)
        check_quote(promise.clause_id, item.code, new["quote"])
        promise.quote, promise.quote_hant = new["quote"], traditional(new["quote"])
        promise.adjustment_id = adjustment_id
    else:
        query = select(Paragraph).where(Paragraph.item_id == item_id, Paragraph.anchor == anchor)
        paragraph = db.session.scalars(query).one()
        paragraph.text, paragraph.text_hant = new["text"], traditional(new["text"])
    _renewed(item)


def change_title(item_id: int, new: Values, _adjustment_id: int) -> None:
    """Another title of an item of the plan."""
    item = db.session.get_one(Item, item_id)
    item.title, item.title_hant = new["title"], traditional(new["title"])
    _renewed(item)


def check_quote(clause_id: int, code: str, quote: str) -> None:
    """Raise :class:`Invalid` unless the quote stands word for word in its clause."""
    texts = db.session.scalars(select(Paragraph.text).where(Paragraph.item_id == clause_id))
    if not any(quote in text for text in texts):
        raise Invalid(
            N_("The quote of %(item)s is not word for word in its clause."), field="quote", item=code
        )


def read_target(item_id: int, target: str, rate: str, year: int) -> dict[str, Any]:
    """The fields of a new target, as an editor writes them: cells as a document would print them.

    The kind of the target follows from the print, unless the district's file says otherwise.
    """
    row, title = db.session.get_one(Indicator, item_id), db.session.get_one(Item, item_id).title
    cells = {**row.printed, "target": _cell(target), "target_rate": _cell(rate)}
    follows = target_kind(_as_parsed(title, row, row.printed)) == TargetKind(row.target_kind)
    kind = target_kind(_as_parsed(title, row, cells)).value if follows else row.target_kind
    return {
        "target": cells["target"],
        "target_rate": cells["target_rate"],
        "target_year": year,
        "target_kind": kind,
    }


def _cell(text: str) -> dict[str, Any] | None:
    return printed_as_json(read_printed(text))


def _as_parsed(title: str, row: Indicator, cells: Values) -> ParsedIndicator:
    read = {name: cell_of(cells.get(name)) for name in CELLS}
    return ParsedIndicator(
        code="", number=row.number, name=title, unit=row.unit, category=row.category, line=0,
        nature=Nature(row.nature) if row.nature else None,
        baseline_year=row.baseline_year, target_year=row.target_year, **read,
    )  # fmt: skip


def _renewed(item: Item) -> None:
    """Let pages and search follow."""
    db.session.flush()
    renew_reference()
    publish(PlacesChanged())
