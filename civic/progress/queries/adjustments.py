"""Adjustments as readers and editors see them: old and new, reason, and who decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.departments.queries import local_day
from civic.files import queries as files
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.plans.rules import AdjustmentSubject
from civic.progress.models import Adjustment
from civic.progress.rules.adjusting import (
    NOTICE_LABELS,
    STATE_LABELS,
    SUBJECT_LABELS,
    AdjustmentState,
    Line,
    Notice,
    lines,
    notice_of,
)
from civic.web.caching import kept


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One adjustment of one item."""

    id: int
    version: int
    item_id: int
    subject: AdjustmentSubject
    anchor: str
    state: AdjustmentState
    lines: tuple[Line, ...]
    quotes: tuple[tuple[str, Line], ...]
    """Code and words of each promise that changes with the paragraph."""
    reason: str
    reason_hant: str
    approving_body: str
    approving_body_hant: str
    document_number: str
    approved_on: date | None
    link: str
    file: str
    file_name: str
    """Of the stored decision; '' without one, or where it was taken down."""
    notice_from: date | None
    notice_until: date | None
    in_force_on: date | None
    withdrawn_on: date | None
    withdrawn_reason: str
    withdrawn_reason_hant: str
    recorded_on: date

    @property
    def is_open(self) -> bool:
        return self.state is AdjustmentState.PROPOSED

    @property
    def state_label(self) -> str:
        """A msgid, like the other labels."""
        return STATE_LABELS[self.state]

    @property
    def subject_label(self) -> str:
        return SUBJECT_LABELS[self.subject]

    def notice_label(self, today: date) -> str:
        notice = self.notice(today)
        return NOTICE_LABELS[notice] if notice else ""

    def may_take_effect(self, today: date) -> bool:
        """Whether it's a proposal whose notice period is over."""
        return self.is_open and self.notice(today) in {None, Notice.OVER}

    def notice(self, today: date) -> Notice | None:
        """Where a proposal stands in its notice period today; None for anything else."""
        if self.state is not AdjustmentState.PROPOSED:
            return None
        return notice_of(self.notice_from, self.notice_until, today)


@dataclass(frozen=True, slots=True)
class AdjustmentShown:
    """An adjustment with its item."""

    row: AdjustmentRow
    ref: ItemRef


def adjustments(plan_id: int) -> tuple[AdjustmentRow, ...]:
    """All adjustments of a plan, the newest first; kept in memory until plans change."""
    return kept(f"adjustments:{plan_id}", lambda: _rows(plan_id))


def adjustments_of(plan_id: int, item_ids: Collection[int]) -> tuple[AdjustmentRow, ...]:
    """Those of some items of a plan."""
    return tuple(row for row in adjustments(plan_id) if row.item_id in item_ids)


def adjusted_items() -> frozenset[int]:
    """Ids of all items with an adjustment in force; kept in memory until plans change."""
    return kept("adjusted_items", _adjusted)


def adjustment(adjustment_id: int) -> AdjustmentShown:
    """One adjustment for its editor; raises :class:`NotFound`."""
    row = db.session.get(Adjustment, adjustment_id)
    ref = plans.item_ref(row.item_id) if row is not None else None
    if row is None or ref is None:
        raise NotFound(N_("There is no such adjustment."))
    return AdjustmentShown(_row(row, _file_names([row.file])), ref)


def exported_adjustments(plan_slug: str) -> list[dict[str, Any]]:
    """All adjustments of a plan for its export, the oldest first; the shape is in ``docs/data-format.md``."""
    plan = plans.plan_by_slug(plan_slug, drafts=True)
    query = select(Adjustment).where(Adjustment.plan_id == plan.id).order_by(Adjustment.id)
    rows = db.session.scalars(query).all()
    refs = plans.item_refs(row.item_id for row in rows)
    return [
        {
            "item": refs[row.item_id].code,
            "subject": row.subject,
            "paragraph": row.anchor or None,
            "state": row.state,
            "old": _plain(row.old),
            "new": _plain(row.new),
            "reason": row.reason,
            "approving_body": row.approving_body or None,
            "document_number": row.document_number or None,
            "approved_on": _iso(row.approved_on),
            "link": row.link or None,
            "notice_from": _iso(row.notice_from),
            "notice_until": _iso(row.notice_until),
            "in_force_on": _iso(row.in_force_on),
            "withdrawn_on": _iso(row.withdrawn_on),
        }
        for row in rows
    ]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Without the Traditional forms, which follow from the text."""
    return {name: value for name, value in values.items() if not name.endswith("_hant")}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _rows(plan_id: int) -> tuple[AdjustmentRow, ...]:
    query = select(Adjustment).where(Adjustment.plan_id == plan_id).order_by(Adjustment.id.desc())
    rows = db.session.scalars(query).all()
    names = _file_names(row.file for row in rows)
    return tuple(_row(row, names) for row in rows)


def _file_names(keys: Iterable[str]) -> dict[str, str]:
    found = files.files(key for key in keys if key)
    return {key: row.name for key, row in found.items() if row.public}


def _adjusted() -> frozenset[int]:
    in_force = Adjustment.state == AdjustmentState.IN_FORCE.value
    return frozenset(db.session.scalars(select(Adjustment.item_id).where(in_force)))


def _row(row: Adjustment, file_names: Mapping[str, str]) -> AdjustmentRow:
    quotes = tuple((code, _quote(row, code)) for code in row.new.get("quotes", {}))
    return AdjustmentRow(
        id=row.id,
        version=row.version,
        item_id=row.item_id,
        subject=AdjustmentSubject(row.subject),
        anchor=row.anchor,
        state=AdjustmentState(row.state),
        lines=lines(row.old, row.new),
        quotes=quotes,
        reason=row.reason,
        reason_hant=row.reason_hant,
        approving_body=row.approving_body,
        approving_body_hant=row.approving_body_hant,
        document_number=row.document_number,
        approved_on=row.approved_on,
        link=row.link,
        file=row.file,
        file_name=file_names.get(row.file, ""),
        notice_from=row.notice_from,
        notice_until=row.notice_until,
        in_force_on=row.in_force_on,
        withdrawn_on=row.withdrawn_on,
        withdrawn_reason=row.withdrawn_reason,
        withdrawn_reason_hant=row.withdrawn_reason_hant,
        recorded_on=local_day(row.recorded_at),
    )


def _quote(row: Adjustment, code: str) -> Line:
    old, new = (
        {"quote": side["quotes"][code], "quote_hant": side.get("quotes_hant", {}).get(code, "")}
        for side in (row.old, row.new)
    )
    return lines(old, new)[0]
