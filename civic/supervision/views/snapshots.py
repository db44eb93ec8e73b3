"""Sealed periods: the list, each as a page, as files and as its very data; and any period as a report."""

from __future__ import annotations

from flask import Response, render_template, request

from civic.core.clock import now
from civic.supervision import queries
from civic.supervision.policy import can_read_opinions
from civic.supervision.queries.snapshots import live_document
from civic.supervision.reports.summary import live_report, sealed_report
from civic.supervision.reports.words import period_name, seen
from civic.supervision.views.asked import chosen
from civic.supervision.views.files import Format, report_file
from civic.supervision.views.summary import READERS, bp
from civic.web.access import access, current_actor
from civic.web.locale import current_locale

FORMATS = "any(xlsx, docx):wanted"


@bp.get("/snapshots")
@access(*READERS)
def snapshots() -> str:
    """All sealed periods, the newest first."""
    rows = queries.snapshots(current_actor(), request.args.get("after"))
    return render_template("supervision/staff/snapshots.html", rows=rows, period_name=period_name)


@bp.get("/snapshots/<int:number>")
@access(*READERS)
def snapshot(number: int) -> str:
    """One sealed period as a page, ready to be printed."""
    page = queries.snapshot(current_actor(), number)
    return render_template(
        "supervision/staff/snapshot.html", page=page, report=sealed_report(page), seen=seen
    )


@bp.get(f"/snapshots/<int:number>.<{FORMATS}>")
@access(*READERS)
def snapshot_file(number: int, wanted: str) -> Response:
    """The same as a workbook or a Word file."""
    page = queries.snapshot(current_actor(), number)
    name = f"supervision-{page.row.period}-{current_locale()}"
    return report_file(sealed_report(page), Format(wanted), name)


@bp.get("/snapshots/<int:number>.json")
@access(*READERS)
def snapshot_data(number: int) -> Response:
    """The sealed data to the byte: its SHA-256 is the seal."""
    page = queries.snapshot(current_actor(), number)
    return Response(
        page.text.encode(),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="supervision-{page.row.period}.json"'},
    )


@bp.get(f"/report.<{FORMATS}>")
@access(*READERS)
def report(wanted: str) -> Response:
    """The summary that an address names, as it stands now, as a workbook or a Word file."""
    at = now()
    choice = chosen()
    actor = current_actor()
    document, narrowed = live_document(actor, choice, at)
    made = live_report(document, narrowed, at, may_open=bool(can_read_opinions(actor)))
    name = f"summary-{choice.period.since}-{choice.period.until}-{current_locale()}"
    return report_file(made, Format(wanted), name)
