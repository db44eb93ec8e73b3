"""Adjustments of a plan as the public reads them, with what residents say during a notice period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civic.cases import queries as cases
from civic.cases.queries import VoiceFilter, VoiceRow
from civic.core.errors import N_
from civic.plans import queries as plans
from civic.plans.queries import Adjusting, ErratumShown, ItemRef, PlanRow
from civic.progress import queries as progress
from civic.progress.queries import AdjustmentRow
from civic.progress.rules.adjusting import (
    NOTICE_LABELS,
    AdjustmentState,
    Notice,
)

GROUP_LABELS = {
    AdjustmentState.PROPOSED: N_("Proposed adjustments"),
    AdjustmentState.IN_FORCE: N_("Adjustments in force"),
    AdjustmentState.WITHDRAWN: N_("Withdrawn proposals"),
}


@dataclass(frozen=True, slots=True)
class AdjustmentEntry:
    """One adjustment as a page shows it; labels are msgids."""

    row: AdjustmentRow
    ref: ItemRef
    notice: Notice | None
    voices: tuple[VoiceRow, ...] = ()
    """Said about the item during the notice period; only on the item's own page."""
    voice_count: int = 0

    @property
    def open(self) -> bool:
        return self.notice is Notice.OPEN

    @property
    def notice_label(self) -> str:
        return NOTICE_LABELS[self.notice] if self.notice else ""


@dataclass(frozen=True, slots=True)
class AdjustmentGroup:
    """The adjustments in one state."""

    state: AdjustmentState
    label: str
    rows: tuple[AdjustmentEntry, ...]


@dataclass(frozen=True, slots=True)
class AdjustmentsPage:
    """All adjustments of a plan, and its errata."""

    plan: PlanRow
    adjusting: Adjusting
    groups: tuple[AdjustmentGroup, ...]
    errata: tuple[ErratumShown, ...]
    items: dict[int, ItemRef]


def adjustments_page(slug: str, today: date) -> AdjustmentsPage:
    """The public list; raises :class:`~civic.core.errors.NotFound`. One query more while something is proposed."""
    document = plans.document(slug)
    rows = progress.adjustments(document.plan.id)
    refs = plans.item_refs(row.item_id for row in rows)
    asked = {row.id: _period(row) for row in rows if row.state is AdjustmentState.PROPOSED}
    counts = cases.counts_between(asked)
    groups = []
    for state, label in GROUP_LABELS.items():
        shown = tuple(
            AdjustmentEntry(row, refs[row.item_id], row.notice(today), voice_count=counts.get(row.id, 0))
            for row in rows
            if row.state is state
        )
        if shown:
            groups.append(AdjustmentGroup(state, label, shown))
    adjusting = plans.adjusting(slug)
    return AdjustmentsPage(document.plan, adjusting, tuple(groups), document.errata, document.by_id)


def adjusted_item(plan: PlanRow, ref: ItemRef, today: date) -> tuple[AdjustmentEntry, ...]:
    """The adjustments of one item, the newest first. One query for each open proposal, none without."""
    return tuple(
        AdjustmentEntry(row, ref, row.notice(today), _voices(row))
        for row in progress.adjustments_of(plan.id, {ref.id})
    )


def _voices(row: AdjustmentRow) -> tuple[VoiceRow, ...]:
    if row.state is not AdjustmentState.PROPOSED:
        return ()
    _item, first, until = _period(row)
    wanted = VoiceFilter(item_ids=(row.item_id,), since=first, until=until)
    return cases.voices(wanted, size=50).rows


def _period(row: AdjustmentRow) -> tuple[int, date, date]:
    assert row.notice_from is not None
    assert row.notice_until is not None
    return row.item_id, row.notice_from, row.notice_until
