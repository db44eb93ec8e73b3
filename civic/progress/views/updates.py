"""A department's reports: its items, writing, sending, approving, sending back, discarding."""

from __future__ import annotations

from datetime import date

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import Actor, Role
from civic.core.db import unit_of_work
from civic.core.errors import N_, DomainError, Invalid, Stale
from civic.departments.queries import local_day
from civic.files.services import store_file
from civic.files.views import answer_with
from civic.progress.queries import reports
from civic.progress.queries.reports import VIEW_LABELS, ReportedItem, ReportFilter, ReportView
from civic.progress.queries.updates import UpdateRow
from civic.progress.report_forms import DeedForm, ReportForm, begin_from
from civic.progress.services import updating
from civic.progress.views import bp
from civic.web.access import access, current_actor
from civic.web.messages import say

Answer = str | tuple[str, int] | Response
WRITERS = (Role.HANDLER, Role.LEAD)
SEND = "send"
"""The button that saves a report and lays it before the lead in one go."""


@bp.get("/items")
@access(*WRITERS)
def items() -> str:
    """What my department leads or supports, with what is published of each and what is being written."""
    asked = {name: request.args.get(name, "") for name in ("view", "kind", "text")}
    view = ReportView(asked["view"]) if asked["view"] in set(ReportView) else ReportView.ALL
    wanted = ReportFilter(view, asked["kind"], asked["text"][:80])
    page = reports.my_items(current_actor(), wanted, request.args.get("after"), _today())
    return render_template("progress/staff/updates_items.html", page=page, wanted=wanted, views=VIEW_LABELS)


@bp.get("/items/<plan>/<code>")
@access(*WRITERS)
def reported_item(plan: str, code: str) -> str:
    """One item: its open report and everything published on it."""
    page = reports.reported_item(current_actor(), plan, code, _today())
    form = DeedForm(formdata=None, version=begin_from(page.open))
    return render_template("progress/staff/updates_item.html", page=page, form=form)


@bp.route("/items/<plan>/<code>/report", methods=["GET", "POST"])
@access(*WRITERS)
def write_report(plan: str, code: str) -> Answer:
    """Write the one open report on an item: a new one, a correction, or go on with the draft."""
    actor = current_actor()
    page = reports.reported_item(actor, plan, code, _today())
    if request.method == "GET":
        return _begin(page)
    form = ReportForm()
    # Its token was checked before; what it says is for the rules to judge.
    _take_files_in(actor, form)
    report = form.report()
    if report is None:
        return _writing(page, form, 422)
    now = clock.now()
    try:
        with unit_of_work():
            saved = updating.save_report(
                actor, page.ref.id, report, now, version=form.seen_version, corrects_id=form.corrected
            )
            if request.form.get("then") == SEND:
                updating.send_report(actor, saved.id, saved.version, now)
    except updating.ReportRefused as refused:
        form.blame(refused.flaws)
    except Stale:
        fresh = reports.reported_item(actor, plan, code, _today())
        return _too_late(fresh, form)
    except Invalid as error:
        form.refuse(error)
    else:
        sent = request.form.get("then") == SEND
        flash(_("The report is sent for approval.") if sent else _("The draft is saved."), "success")
        return redirect(url_for("progress.reported_item", plan=plan, code=code))
    return _writing(page, form, 422)


def _begin(page: ReportedItem) -> str | Response:
    form = ReportForm(formdata=None)
    asked = request.args.get("corrects", "")
    corrected = next((row for row in page.published if str(row.id) == asked), None)
    if asked and (corrected is None or page.open or page.corrected_by(corrected.id)):
        return redirect(url_for("progress.reported_item", plan=page.ref.plan_slug, code=page.ref.code))
    form.version.data = begin_from(page.open)
    form.corrects.data = str(corrected.id) if corrected else ""
    whole = page.open or corrected
    source = whole or page.current
    form.begin(source.report if source else None, _today(), everything=whole is not None)
    return _writing(page, form, 200)[0]


def _writing(
    page: ReportedItem, form: ReportForm, status: int, stale: UpdateRow | None = None
) -> tuple[str, int]:
    form.add_spares()
    shown = {**page.files}
    keys = [entry.form.file.data for entry in form.evidence.entries if entry.form.file.data]
    if any(key not in shown for key in keys):
        shown.update(reports.own_files(current_actor(), keys))
    corrected = next((row for row in page.published if str(row.id) == form.corrects.data), None)
    if page.open and page.open.corrects_id:
        corrected = next((row for row in page.published if row.id == page.open.corrects_id), None)
    return (
        render_template(
            "progress/staff/updates_write.html",
            page=page, form=form, files=shown, corrected=corrected, stale=stale, too_late=status == 409,
        ),
        status,
    )  # fmt: skip


def _too_late(page: ReportedItem, form: ReportForm) -> tuple[str, int]:
    """Somebody else saved: both texts are shown, and what was typed can be saved over it knowingly."""
    form.version.data = begin_from(page.open)
    form.corrects.data = ""
    return _writing(page, form, 409, page.open or page.current)


def _take_files_in(actor: Actor, form: ReportForm) -> None:
    """Store what was uploaded whatever else is wrong with the form: a browser sends a file once."""
    for row, content, name, title in form.new_files():
        try:
            with unit_of_work():
                stored = store_file(actor, content, name, clock.now())
        except DomainError as error:
            form.refuse_file(row, error)
        else:
            form.keep_file(row, stored, title)


@bp.get("/approvals")
@access(Role.LEAD)
def approvals() -> str:
    """What waits for my approval, the longest waiting first."""
    return render_template("progress/staff/updates_approvals.html", rows=reports.waiting(current_actor()))


@bp.get("/approvals/<int:update_id>")
@access(Role.LEAD)
def approval(update_id: int) -> str:
    """One waiting report beside the published one, with what differs."""
    return _approval(update_id, DeedForm(formdata=None))[0]


def _approval(update_id: int, form: DeedForm, status: int = 200) -> tuple[str, int]:
    page = reports.approval_page(current_actor(), update_id)
    form.version.data = str(page.waiting.update.version)
    return render_template("progress/staff/updates_approval.html", page=page, form=form), status


DEEDS = {
    "send": updating.send_report,
    "discard": updating.discard_report,
    "approve": updating.approve_report,
}
DONE = {
    "send": N_("The report is sent for approval."),
    "discard": N_("The report is discarded."),
    "approve": N_("The report is published."),
    "send-back": N_("The report is sent back."),
}


@bp.post("/updates/<int:update_id>/<deed>")
@access(*WRITERS)
def decide(update_id: int, deed: str) -> Answer:
    """Send, approve, send back or discard an open report."""
    if deed not in DONE:
        abort(404)
    actor, form, now = current_actor(), DeedForm(), clock.now()
    if not form.validate():
        abort(400)
    try:
        with unit_of_work():
            if deed == "send-back":
                note = form.note.data or ""
                updating.send_back_report(actor, update_id, form.seen_version, now, note=note)
            else:
                DEEDS[deed](actor, update_id, form.seen_version, now)
    except Stale as error:
        flash(say(error), "error")
    except updating.ReportRefused as refused:
        flash(" ".join(_(flaw.text, **flaw.params) for flaw in refused.flaws), "error")
    except Invalid as error:
        form.note.errors = [say(error)]
        return _approval(update_id, form, 422)
    else:
        flash(_(DONE[deed]), "success")
    if deed in ("approve", "send-back"):
        return redirect(url_for("progress.approvals"))
    ref = reports.ref_of(update_id)
    return redirect(url_for("progress.reported_item", plan=ref.plan_slug, code=ref.code))


@bp.get("/updates/<int:update_id>/files/<key>")
@access(*WRITERS)
def report_file(update_id: int, key: str) -> FlaskResponse:
    """A file of a report that isn't public yet."""
    return answer_with(reports.open_file(current_actor(), update_id, key))


@bp.post("/updates/<int:update_id>/files/<key>/withdraw")
@access(Role.LEAD)
def withdraw_file(update_id: int, key: str) -> Answer:
    """Take a published file down that shows what it must not."""
    if not DeedForm().validate():
        abort(400)
    with unit_of_work():
        updating.withdraw_evidence(current_actor(), update_id, key, clock.now())
    flash(_("The file is taken down."), "success")
    ref = reports.ref_of(update_id)
    return redirect(url_for("progress.reported_item", plan=ref.plan_slug, code=ref.code))


def _today() -> date:
    return local_day(clock.now())
