"""What is published about the progress of items, for the margin and the squares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from civic.core.errors import N_
from civic.departments.queries import local_day
from civic.plans.queries import IndicatorRow, indicators_among
from civic.plans.queries.document import deadlines
from civic.progress.queries.adjustments import adjusted_items
from civic.progress.queries.observations import NOTHING, facts_of, observations_of, published
from civic.progress.queries.tolerances import tolerances
from civic.progress.queries.updates import current_updates
from civic.progress.rules import Reason, Square, assess, judged_year, square_of
from civic.progress.rules.squares import label_of
from civic.progress.rules.updates import standing

NO_PROGRESS = N_("No progress published yet")


@dataclass(frozen=True, slots=True)
class ItemProgress:
    """What is published about one item. ``label`` is a msgid; ``on`` the day it was published."""

    square: Square
    label: str
    on: date | None = None
    adjusted: bool = False
    """The plan was adjusted there, or the department reports so."""

    @property
    def nothing(self) -> bool:
        """Nothing is published about it; only the mark of an adjustment is to be seen."""
        return self.label == NO_PROGRESS


def item_progress(
    item_ids: Iterable[int], indicators: Iterable[IndicatorRow] | None = None, *, today: date
) -> dict[int, ItemProgress]:
    """Published progress by item id; an item about which nothing is published is not in it,
    unless it was adjusted.

    ``indicators``: those among the items, if the caller has read them already; without it they
    are looked up. ``today``: indicators are judged for the last year that is over then, and what was due
    before is past its date. One query for all values of indicators (none if no indicator is among the items), one
    for all reports.
    """
    wanted = set(item_ids)
    rows = indicators_among(wanted) if indicators is None else indicators
    rows = [row for row in rows if row.ref.id in wanted]
    found = {**_reported(wanted - {row.ref.id for row in rows}, today), **_measured(rows, judged_year(today))}
    bare = ItemProgress(Square.EMPTY, NO_PROGRESS)
    marked = {id_: replace(found.get(id_, bare), adjusted=True) for id_ in wanted & adjusted_items()}
    return {**found, **marked}


def _measured(rows: list[IndicatorRow], year: int) -> dict[int, ItemProgress]:
    known = published([row.ref.id for row in rows])
    cuts = tolerances()
    found: dict[int, ItemProgress] = {}
    for row in rows:
        about = known.get(row.ref.id, NOTHING)
        verdict = assess(facts_of(row, about), observations_of(row, None, about), year, cuts)
        if verdict.reason is Reason.NO_DATA:
            continue
        label = label_of(verdict.status, verdict.reason)
        on = local_day(about.on) if about.on else None
        found[row.ref.id] = ItemProgress(square_of(verdict.status), label, on)
    return found


def _reported(item_ids: set[int], today: date) -> dict[int, ItemProgress]:
    current = current_updates(item_ids)
    due = deadlines(current)
    found: dict[int, ItemProgress] = {}
    for item_id, one in current.items():
        looks = standing(one.status, today, expected_on=one.expected_on, deadline=due.get(item_id))
        on = local_day(one.published_at)
        found[item_id] = ItemProgress(looks.square, looks.label, on, looks.adjusted)
    return found
