"""What a department's people see of their own reports: their items, one item's history, what waits for approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from civic.accounts.queries import account_names
from civic.core.actor import Actor, Role
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.core.text import normalise
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.files import queries as files
from civic.files.queries import FileRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument, ResponsibilityRow
from civic.plans.queries.document import deadlines
from civic.plans.rules import ItemKind
from civic.progress import policy
from civic.progress.models import ProgressUpdate
from civic.progress.queries.items import ItemProgress, item_progress
from civic.progress.queries.updates import UpdateRow, latest, published_updates, update_row
from civic.progress.rules.differences import Differences, differences
from civic.progress.rules.updates import UpdateState

REPORTED = (ItemKind.CLAUSE, ItemKind.COMMITMENT, ItemKind.PROJECT)
"""Items that departments report on in words; indicators have values instead."""
PAGE_SIZE = 50


class ReportView(StrEnum):
    """Which of the department's items a list shows."""

    ALL = "all"
    NEVER = "never"
    LATE = "late"
    OPEN = "open"


VIEW_LABELS: Mapping[ReportView, str] = {
    ReportView.ALL: N_("All items"),
    ReportView.NEVER: N_("Nothing published yet"),
    ReportView.LATE: N_("Delayed or past the date"),
    ReportView.OPEN: N_("With an open report"),
}


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What to look for; what is empty doesn't narrow. ``kind`` an item kind, ``text`` a part of code or title."""

    view: ReportView = ReportView.ALL
    kind: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item in the list of a department; ``open``: where its report is, if one is being written."""

    ref: ItemRef
    role: str
    department: DepartmentRow
    progress: ItemProgress | None
    deadline: date | None
    open: UpdateState | None
    sent_back: bool


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """A department's items: how many are in each view, and one page of them."""

    page: Page[ItemLine]
    counts: Mapping[ReportView, int]
    departments: tuple[DepartmentRow, ...]


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """One item with everything reported on it, for its department. ``department``: for which the reader writes."""

    ref: ItemRef
    department: DepartmentRow
    duties: tuple[tuple[ResponsibilityRow, DepartmentRow], ...]
    deadline: date | None
    published: tuple[UpdateRow, ...]
    open: UpdateRow | None
    progress: ItemProgress | None
    files: Mapping[str, FileRow]
    people: Mapping[int, str]
    departments: Mapping[int, DepartmentRow]

    @property
    def current(self) -> UpdateRow | None:
        """The published report that counts."""
        return latest(self.published)

    def corrected_by(self, update_id: int) -> UpdateRow | None:
        return next((row for row in self.published if row.corrects_id == update_id), None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that waits for a lead, and who wrote it. ``refusal``: why this reader can't approve it, a msgid."""

    update: UpdateRow
    ref: ItemRef
    department: DepartmentRow
    author: str
    refusal: str


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """One waiting report beside the published one that it follows or corrects, with what differs."""

    waiting: Waiting
    before: UpdateRow | None
    changed: Differences | None
    files: Mapping[str, FileRow]
    deadline: date | None


def my_items(actor: Actor, wanted: ReportFilter, cursor: str | None, today: date) -> ItemsPage:
    """What the actor's departments lead or support, in the order of the documents. Three queries."""
    lines = list(_lines(actor, today))
    counts = {view: sum(_in_view(line, view) for line in lines) for view in ReportView}
    words = normalise(wanted.text)
    found = [
        line
        for line in lines
        if _in_view(line, wanted.view)
        and wanted.kind in ("", line.ref.kind.value)
        and (not words or words in normalise(f"{line.ref.code} {line.ref.title} {line.ref.title_hant}"))
    ]
    after = decode_cursor(cursor, 1)
    start = next((n + 1 for n, line in enumerate(found) if after and line.ref.id == after[0]), 0)
    rows = tuple(found[start : start + PAGE_SIZE])
    more = encode_cursor(rows[-1].ref.id) if len(found) > start + PAGE_SIZE else None
    mine = tuple(departments.department_names(actor.departments(Role.HANDLER, Role.LEAD)).values())
    return ItemsPage(Page(rows, more), counts, mine)


def _lines(actor: Actor, today: date) -> Iterator[ItemLine]:
    found: list[tuple[PlanDocument, ItemRef, ResponsibilityRow]] = []
    for document in plans.documents():
        for ref in document.of_kind(*REPORTED):
            duties = document.responsibilities.get(ref.id, ())
            mine = next((duty for duty in duties if policy.can_report(actor, duty.department_id)), None)
            if mine is not None:
                found.append((document, ref, mine))
    ids = [ref.id for _, ref, _ in found]
    progress = item_progress(ids, (), today=today)
    being_written = {(row.item_id, row.department_id): row for row in _open_reports(ids)}
    names = departments.department_names({duty.department_id for _, _, duty in found})
    for document, ref, duty in found:
        row = being_written.get((ref.id, duty.department_id))
        yield ItemLine(
            ref, duty.role, names[duty.department_id], progress.get(ref.id), document.deadlines.get(ref.id),
            UpdateState(row.state) if row else None, bool(row and row.sent_back_note),
        )  # fmt: skip


def _in_view(line: ItemLine, view: ReportView) -> bool:
    return {
        ReportView.ALL: True,
        ReportView.NEVER: line.progress is None or line.progress.nothing,
        ReportView.LATE: line.progress is not None and line.progress.square.value in ("late", "missed"),
        ReportView.OPEN: line.open is not None,
    }[view]


def _open_reports(item_ids: Iterable[int]) -> tuple[ProgressUpdate, ...]:
    states = (UpdateState.DRAFT.value, UpdateState.SUBMITTED.value)
    query = select(ProgressUpdate).where(
        ProgressUpdate.item_id.in_(list(item_ids)), ProgressUpdate.state.in_(states)
    )
    return tuple(db.session.scalars(query.order_by(ProgressUpdate.id)))


def reported_item(actor: Actor, plan_slug: str, code: str, today: date) -> ReportedItem:
    """One item of the actor's department; raises NotFound for any other, and for kinds that have no reports."""
    document = plans.document(plan_slug)
    ref = document.item(code)
    duties = document.responsibilities.get(ref.id, ())
    department_id = policy.reporting_department(actor, duties)
    if department_id is None or ref.kind not in REPORTED:
        raise NotFound(N_("Your department has no part in such an item."))
    published = published_updates([ref.id])
    row = next((one for one in _open_reports([ref.id]) if one.department_id == department_id), None)
    being_written = update_row(row) if row else None
    shown = [*published, *([being_written] if being_written else [])]
    names = departments.department_names(
        {*(duty.department_id for duty in duties), *(one.department_id for one in shown)}
    )
    return ReportedItem(
        ref=ref,
        department=names[department_id],
        duties=tuple((duty, names[duty.department_id]) for duty in duties),
        deadline=document.deadlines.get(ref.id),
        published=published,
        open=being_written,
        progress=item_progress([ref.id], (), today=today).get(ref.id),
        files=files.files(key for one in shown for key in one.files),
        people=account_names([i for one in shown for i in (one.drafted_by, one.approved_by)]),
        departments=names,
    )


def waiting(actor: Actor) -> tuple[Waiting, ...]:
    """Reports that wait in the departments which the actor leads, the longest waiting first."""
    query = select(ProgressUpdate).where(
        ProgressUpdate.state == UpdateState.SUBMITTED.value,
        ProgressUpdate.department_id.in_(actor.departments(Role.LEAD)),
    )
    rows = db.session.scalars(query.order_by(ProgressUpdate.submitted_at, ProgressUpdate.id))
    return _waiting(actor, [update_row(row) for row in rows])


def approval_page(actor: Actor, update_id: int) -> ApprovalPage:
    """One waiting report of a department that the actor leads; raises NotFound for any other."""
    row = db.session.get(ProgressUpdate, update_id)
    if (
        row is None
        or row.state != UpdateState.SUBMITTED.value
        or not policy.can_lead_reports(actor, row.department_id)
    ):
        raise NotFound(N_("There is no such report."))
    update = update_row(row)
    published = published_updates([row.item_id])
    before = next((one for one in published if one.id == update.corrects_id), None) or latest(published)
    shown = [update, *([before] if before else [])]
    return ApprovalPage(
        _waiting(actor, [update])[0],
        before,
        differences(before.report, update.report) if before else None,
        files.files(key for one in shown for key in one.files),
        deadlines([row.item_id]).get(row.item_id),
    )


def open_file(actor: Actor, update_id: int, key: str) -> FileRow:
    """A file of a report that isn't published yet, for its department; raises NotFound."""
    row = db.session.get(ProgressUpdate, update_id)
    if row is None or not policy.can_report(actor, row.department_id) or key not in update_row(row).files:
        raise NotFound(N_("There is no such file."))
    return files.file(key)


def own_files(actor: Actor, keys: Iterable[str]) -> dict[str, FileRow]:
    """Files that the actor has uploaded, by key."""
    return {key: row for key, row in files.files(keys).items() if row.uploaded_by == actor.account_id}


def ref_of(update_id: int) -> ItemRef:
    """The item of a report; raises NotFound."""
    item_id = db.session.scalar(select(ProgressUpdate.item_id).where(ProgressUpdate.id == update_id))
    ref = plans.item_refs([item_id]).get(item_id) if item_id is not None else None
    if ref is None:
        raise NotFound(N_("There is no such report."))
    return ref


def _waiting(actor: Actor, rows: list[UpdateRow]) -> tuple[Waiting, ...]:
    refs = plans.item_refs({row.item_id for row in rows})
    names = departments.department_names({row.department_id for row in rows})
    people = account_names([row.drafted_by for row in rows])
    return tuple(
        Waiting(
            row, refs[row.item_id], names[row.department_id], people.get(row.drafted_by or 0, ""),
            policy.can_approve_report(actor, row.department_id, row.drafted_by).reason,
        )
        for row in rows
    )  # fmt: skip
