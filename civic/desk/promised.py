"""What the plan asks for where an item is no text but a line: a promise, an indicator, a project of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civic.core.errors import NotFound
from civic.plans import queries as plans
from civic.plans.queries import CommitmentRow, ItemRef, ProjectRow
from civic.plans.rules import ItemKind
from civic.progress import queries as progress
from civic.progress.queries import IndicatorStatus
from civic.progress.rules import Way, way_of


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with what is asked, what is known, and the way its target is reached."""

    status: IndicatorStatus
    way: Way


@dataclass(frozen=True, slots=True)
class Promised:
    """What is asked, by what the item is: one of the three."""

    commitment: CommitmentRow | None = None
    indicator: Measured | None = None
    project: ProjectRow | None = None


def promised_by(item: ItemRef, today: date) -> Promised | None:
    """None for an item that is text, and for one whose plan isn't published."""
    if item.kind not in _LINES:
        return None
    try:
        document = plans.document(item.plan_slug)
    except NotFound:
        return None
    found = progress.indicator_statuses(item.plan_slug, today, document=document, only=item.id)
    return Promised(
        commitment=next((row for row in document.commitments if row.ref.id == item.id), None),
        indicator=Measured(found[0], way_of(found[0].facts, progress.tolerances())) if found else None,
        project=next((row for row in document.projects if row.ref.id == item.id), None),
    )


_LINES = frozenset({ItemKind.COMMITMENT, ItemKind.INDICATOR, ItemKind.PROJECT})
