"""A department's report: written, approved by somebody else, published for good, corrected only by a newer one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.core import outbox
from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.departments.queries import local_day
from civic.files import queries as files
from civic.files import services as filing
from civic.plans import queries as plans
from civic.progress import policy
from civic.progress.models import ProgressUpdate, UpdateScript
from civic.progress.queries.updates import UpdateRow, published_updates, update_row
from civic.progress.rules.updates import (
    EvidenceKind,
    Flaw,
    Milestone,
    Report,
    UpdateState,
    flaws,
    with_keys,
)
from civic.web.caching import raise_content_version

SCRIPT = "update_script"
"""The kind of the outbox message that asks for Traditional characters."""
OPEN = (UpdateState.DRAFT.value, UpdateState.SUBMITTED.value)
LONGEST_NOTE = 1000


class ReportRefused(Invalid):
    """What was written can't be saved; ``flaws`` name each place."""

    def __init__(self, found: Iterable[Flaw]) -> None:
        super().__init__(N_("The report has gaps or contradictions."), code="report_refused")
        self.flaws = tuple(found)


def save_report(
    actor: Actor, item_id: int, report: Report, now: datetime, *, version: int, corrects_id: int | None = None
) -> UpdateRow:
    """Save the department's one open report on an item, or begin it; returns it as it stands.

    ``version``: of the open report as the person saw it, 0 if there was none. A report that waited for
    approval is a draft again. ``corrects_id`` counts at the beginning only. Raises
    :class:`ReportRefused`, Stale (someone else saved, or it is no longer open), NotFound, NotAllowed.
    """
    duties = plans.responsibilities([item_id]).get(item_id, ())
    department_id = policy.reporting_department(actor, duties)
    if department_id is None:
        raise NotFound(N_("Your department has no part in such an item."))
    row = _open_report(item_id, department_id)
    if (row.version if row else 0) != version:
        raise Stale(N_("Somebody else has saved this report in the meantime."), code="stale_report")
    report = _with_true_kinds(actor, item_id, report, row)
    found = flaws(report, local_day(now))
    if found:
        raise ReportRefused(found)
    if row is None:
        corrected = _correctable(corrects_id, item_id, department_id) if corrects_id else None
        row = ProgressUpdate(
            item_id=item_id, department_id=department_id, version=0,
            corrects_id=corrected.id if corrected else None,
        )  # fmt: skip
        db.session.add(row)
    _write(row, report)
    row.state, row.submitted_at = UpdateState.DRAFT.value, None
    row.drafted_by, row.drafted_at = actor.account_id, now
    row.version += 1
    _flush()
    record(actor, "update.save", "update", row.id, now, item_id=item_id, version=row.version)
    return update_row(row)


def send_report(actor: Actor, update_id: int, version: int, now: datetime) -> UpdateRow:
    """Lay a draft before the department's lead."""
    row = _locked(actor, update_id, version, UpdateState.DRAFT)
    row.state, row.submitted_at = UpdateState.SUBMITTED.value, now
    row.sent_back_note = ""
    return _moved(actor, row, "update.submit", now)


def send_back_report(actor: Actor, update_id: int, version: int, now: datetime, *, note: str) -> UpdateRow:
    """The lead wants it changed and says what."""
    row = _locked(actor, update_id, version, UpdateState.SUBMITTED)
    policy.can_lead_reports(actor, row.department_id).require()
    if not note.strip():
        raise Invalid(N_("Say what should be changed."), field="note", code="note_missing")
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            N_("This is too long: at most %(most)s characters."), field="note", code="long", most=LONGEST_NOTE
        )
    row.state, row.submitted_at, row.sent_back_note = UpdateState.DRAFT.value, None, note.strip()
    return _moved(actor, row, "update.send_back", now)


def discard_report(actor: Actor, update_id: int, version: int, now: datetime) -> UpdateRow:
    """Give up an open report; it stays on record and out of sight."""
    row = _locked(actor, update_id, version, UpdateState.DRAFT, UpdateState.SUBMITTED)
    row.state, row.submitted_at = UpdateState.DISCARDED.value, None
    return _moved(actor, row, "update.discard", now)


def approve_report(actor: Actor, update_id: int, version: int, now: datetime) -> UpdateRow:
    """Publish a report that waits for approval: from here on nobody edits it.

    Whoever saved the words last doesn't approve them. Its files become public with it, and the worker
    writes the Traditional form of its texts. Raises Stale, NotFound, NotAllowed.
    """
    row = _locked(actor, update_id, version, UpdateState.SUBMITTED)
    policy.can_approve_report(actor, row.department_id, row.drafted_by).require()
    report = update_row(row)
    found = flaws(report.report, local_day(now))
    if found:
        raise ReportRefused(found)
    filing.make_public(actor, report.files, now)
    row.state, row.approved_by, row.published_at = UpdateState.PUBLISHED.value, actor.account_id, now
    row.sent_back_note = ""
    published = _moved(actor, row, "update.publish", now)
    outbox.enqueue(SCRIPT, f"{SCRIPT}:{row.id}", {"update_id": row.id}, now)
    raise_content_version()
    return published


def withdraw_evidence(actor: Actor, update_id: int, key: str, now: datetime) -> None:
    """Take a file of a published report down, because it shows what it must not; the report itself stays.

    The page then says that a file was taken down. Raises NotFound, NotAllowed.
    """
    row = db.session.get(ProgressUpdate, update_id)
    if (
        row is None
        or row.state != UpdateState.PUBLISHED.value
        or key not in update_row(row).files
        or not policy.can_report(actor, row.department_id)
    ):
        raise NotFound(N_("There is no such file."))
    policy.can_lead_reports(actor, row.department_id).require()
    filing.withdraw_file(actor, key, now)
    record(actor, "update.withdraw_file", "update", row.id, now)


def write_script(payload: dict[str, Any], now: datetime) -> None:
    """Write the Traditional form of a published report's texts; doing it twice changes nothing.

    The worker runs it, which alone loads OpenCC.
    """
    row = db.session.get(ProgressUpdate, payload["update_id"])
    if row is None or row.state != UpdateState.PUBLISHED.value or row.script is not None:
        return
    report = update_row(row).report
    titles = [*(one.title for one in report.milestones), *(one.title for one in report.evidence)]
    texts = {text: traditional(text) for text in (report.text, *titles)}
    db.session.add(UpdateScript(update_id=row.id, texts=texts))
    raise_content_version()


def _open_report(item_id: int, department_id: int) -> ProgressUpdate | None:
    query = select(ProgressUpdate).where(
        ProgressUpdate.item_id == item_id,
        ProgressUpdate.department_id == department_id,
        ProgressUpdate.state.in_(OPEN),
    )
    return db.session.scalar(query.with_for_update(of=ProgressUpdate))


def _locked(actor: Actor, update_id: int, version: int, *states: UpdateState) -> ProgressUpdate:
    """The report, if it is the actor's department's, still in one of those states, and as the person saw it."""
    query = select(ProgressUpdate).where(ProgressUpdate.id == update_id)
    row: ProgressUpdate | None = db.session.scalar(query.with_for_update(of=ProgressUpdate))
    if row is None or not policy.can_report(actor, row.department_id):
        raise NotFound(N_("There is no such report."))
    if row.version != version or UpdateState(row.state) not in states:
        raise Stale(
            N_("This report has changed since you opened it. Read it again first."), code="stale_report"
        )
    return row


def _moved(actor: Actor, row: ProgressUpdate, action: str, now: datetime) -> UpdateRow:
    row.version += 1
    _flush()
    record(actor, action, "update", row.id, now, item_id=row.item_id, version=row.version)
    return update_row(row)


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale(N_("Somebody else has saved this report in the meantime."), code="stale_report") from None


def _correctable(update_id: int, item_id: int, department_id: int) -> UpdateRow:
    published = published_updates([item_id])
    found = next((row for row in published if row.id == update_id), None)
    if found is None or found.department_id != department_id:
        raise NotFound(N_("There is no such report."))
    if any(row.corrects_id == found.id for row in published):
        raise Stale(N_("This report has been corrected already; correct the newer one."), code="corrected")
    return found


def _with_true_kinds(actor: Actor, item_id: int, report: Report, row: ProgressUpdate | None) -> Report:
    """The report with keyed milestones, and with files that belong to it: nobody can name another's file."""
    stored = files.files(one.file for one in report.evidence if one.file)
    known = set(update_row(row).files) if row else set()
    known |= {key for one in published_updates([item_id]) for key in one.files}
    evidence = []
    for one in report.evidence:
        if one.file:
            file = stored.get(one.file)
            if file is None or not (file.key in known or file.uploaded_by == actor.account_id):
                raise Invalid(N_("A file is no longer there; upload it again."), code="no_file")
            one = replace(one, kind=EvidenceKind(file.kind.value), url="")
        evidence.append(one)
    return replace(report, milestones=with_keys(report.milestones), evidence=tuple(evidence))


def _write(row: ProgressUpdate, report: Report) -> None:
    row.status, row.percent = report.status.value, report.percent
    row.text, row.as_of, row.expected_on = report.text, report.as_of, report.expected_on
    row.milestones = [_milestone(one) for one in report.milestones]
    row.evidence = [
        {"kind": one.kind.value, "title": one.title, "url": one.url or None, "file": one.file or None}
        for one in report.evidence
    ]


def _milestone(one: Milestone) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "planned_on": one.planned_on.isoformat() if one.planned_on else None,
        "actual_on": one.actual_on.isoformat() if one.actual_on else None,
    }
