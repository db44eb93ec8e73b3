"""What is new in one's work since one last looked, and the button that says so. Nothing of it depends on mail."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.accounts.services import mark_notices_seen
from civic.cases.rules import Noticed
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.errors import N_
from civic.desk.noticing import notices_page
from civic.desk.policy import WORKERS
from civic.desk.views import bp
from civic.supervision.rules.opinions import NoticedOpinion
from civic.web.access import access, current_actor

NOTICE_LABELS = {
    Noticed.OVERDUE: N_("Became overdue"),
    Noticed.DUE_SOON: N_("Now due soon"),
    Noticed.APPROVAL: N_("Waits for your approval"),
    Noticed.SENT_BACK: N_("Sent back to be written anew"),
    Noticed.TO_PUBLISH: N_("Approved, to be published"),
    Noticed.REOPENED: N_("Reopened: the resident is dissatisfied"),
    Noticed.ADDED: N_("The resident answered or added something"),
    Noticed.PART_ASKED: N_("A part is asked of your department"),
    Noticed.PART_GIVEN: N_("A supporting department gave its part"),
    Noticed.NOT_EXTENDED: N_("More time was refused: the deadline stays"),
    Noticed.EXTENDED: N_("More time was granted"),
    Noticed.KEPT: N_("Your department is in charge by the dispatcher’s decision"),
    Noticed.TRANSFERRED: N_("Transferred to your department"),
    Noticed.RETURNED: N_("Returned by its department, to be decided"),
    Noticed.ASSIGNED: N_("Newly given to you"),
}
OPINION_LABELS = {
    NoticedOpinion.OVERDUE: N_("became overdue"),
    NoticedOpinion.DUE_SOON: N_("now due soon"),
    NoticedOpinion.ARRIVED: N_("newly arrived"),
}


@bp.get("/notices")
@access(*WORKERS)
def notices() -> str:
    """What became overdue, is due soon, came back or was given to me since I last looked."""
    return render_template(
        "desk/notices.html",
        page=notices_page(current_actor(), clock.now()),
        labels=NOTICE_LABELS,
        opinion_labels=OPINION_LABELS,
    )


@bp.post("/notices/seen")
@access(*WORKERS)
def notices_seen() -> Response:
    """Everything up to the moment that the page showed is seen."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        abort(400)
    if until.tzinfo is None:
        abort(400)
    with unit_of_work():
        mark_notices_seen(current_actor(), until, clock.now())
    flash(_("Marked as seen. What happens from now on appears here."), "success")
    return redirect(url_for("desk.notices"))
