"""What departments have reported on one item: the timeline on its page, and its versions with what each changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from civic.core.errors import N_, NotFound
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.files import queries as files
from civic.files.queries import FileRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanRow
from civic.progress.queries.reports import REPORTED
from civic.progress.queries.updates import UpdateRow, latest, published_updates
from civic.progress.rules.differences import Differences, Piece, differences, text_pieces

SHOWN = 3


@dataclass(frozen=True, slots=True)
class ReportShown:
    """One published report. ``corrected_by``: the published report that takes its place."""

    update: UpdateRow
    department: DepartmentRow | None
    corrected_by: UpdateRow | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest reports on an item (``total`` in all) with the files they show."""

    reports: tuple[ReportShown, ...]
    total: int
    files: Mapping[str, FileRow]


@dataclass(frozen=True, slots=True)
class Version:
    """A report and what it changed against ``before``: the one it corrects, else the one published before it.

    ``words``, ``words_hant``: the text with its changes marked, in both scripts.
    """

    shown: ReportShown
    before: UpdateRow | None
    changed: Differences | None
    words: tuple[Piece, ...] = ()
    words_hant: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """All versions of what is published about an item, the newest first; who answers for it, and since when."""

    plan: PlanRow
    ref: ItemRef
    ancestors: tuple[ItemRef, ...]
    lead: DepartmentRow | None
    since: date | None
    versions: tuple[Version, ...]
    current: UpdateRow | None
    files: Mapping[str, FileRow]


def timeline(ref: ItemRef) -> Timeline | None:
    """The newest reports on an item; None for kinds on which departments don't report. Two queries at most."""
    if ref.kind not in REPORTED:
        return None
    rows = published_updates([ref.id])
    shown = _shown(rows)[:SHOWN]
    return Timeline(shown, len(rows), files.files(key for one in shown for key in one.update.files))


def item_history(slug: str, code: str) -> ItemHistory:
    """Everything published about an item; raises NotFound, also for kinds on which departments don't report."""
    document = plans.document(slug)
    ref = document.item(code)
    if ref.kind not in REPORTED:
        raise NotFound(N_("Departments report on clauses, promises and projects; this item has no reports."))
    rows = published_updates([ref.id])
    lead = document.lead(ref)
    return ItemHistory(
        plan=document.plan,
        ref=ref,
        ancestors=document.ancestors(ref),
        lead=departments.department_names([lead.department_id]).get(lead.department_id) if lead else None,
        since=lead.since if lead else None,
        versions=tuple(_version(one, rows) for one in _shown(rows)),
        current=latest(rows),
        files=files.files(key for row in rows for key in row.files),
    )


def _shown(rows: Iterable[UpdateRow]) -> tuple[ReportShown, ...]:
    rows = tuple(rows)
    names = departments.department_names({row.department_id for row in rows})
    corrections = {row.corrects_id: row for row in rows if row.corrects_id is not None}
    return tuple(ReportShown(row, names.get(row.department_id), corrections.get(row.id)) for row in rows)


def _version(shown: ReportShown, rows: tuple[UpdateRow, ...]) -> Version:
    update = shown.update
    before = next((row for row in rows if row.id == update.corrects_id), None)
    if before is None:
        before = next(iter(rows[rows.index(update) + 1 :]), None)
    if before is None:
        return Version(shown, None, None)
    changed = differences(before.report, update.report)
    return Version(shown, before, changed, changed.pieces, text_pieces(_hant(before), _hant(update)))


def _hant(update: UpdateRow) -> str:
    return update.hant.get(update.report.text, update.report.text)
