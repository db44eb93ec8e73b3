"""Finding the own case again by number and query code, and leaving it."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases import queries as cases
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.errors import NotFound, TooMany
from civic.core.extensions import csrf
from civic.core.windows import HOUR, Limit
from civic.intake import queries
from civic.intake.forms import TrackForm
from civic.intake.views import bp
from civic.intake.views.limiting import limited, when_again
from civic.intake.views.steps import forms_for
from civic.web import senders
from civic.web.access import access
from civic.web.senders import Allowance, this_sender

TRY = "wrong_code"
TRIES = Allowance(address=(Limit(120, HOUR),), browser=(Limit(15, HOUR),))
"""Wrong tries only. A code has 65 bits, so this is against noise rather than guessing."""


@bp.route("/track", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def track() -> Response | str | tuple[str, int]:
    """Ask for number and code; a wrong number and a wrong code are told in the same words."""
    form = TrackForm()
    if not form.is_submitted():
        return render_template("intake/public/track.html", form=form, here=session.get("case"))
    if not form.validate():
        return render_template("intake/public/track.html", form=form, here=None), 422
    now = clock.now()
    sender = this_sender(now)
    try:
        senders.require(TRY, sender, TRIES, now)
    except TooMany as error:
        wrong = _("Number and query code did not fit very many times.")
        form.must_wait(wrong, *when_again(error, now))
        return limited(render_template("intake/public/track.html", form=form, here=None), error, now)
    found = cases.tracking(*form.receipt, now)
    if found is None:
        with unit_of_work():
            senders.count(TRY, *sender, now=now)
        form.form_errors.append(
            _("No message fits this number and query code. Please compare both with your receipt.")
        )
        return render_template("intake/public/track.html", form=form, here=None), 422
    session["case"] = found.case_id
    return redirect(url_for("intake.tracked"))


@bp.get("/track/case")
@access("resident")
def tracked() -> Response | str:
    """The own case: where it is, what was answered, what can be done now."""
    case_id = session.get("case")
    if case_id is None:
        return redirect(url_for("intake.track"))
    try:
        page = queries.tracked(case_id, clock.now())
    except NotFound:
        session.pop("case", None)
        return redirect(url_for("intake.track"))
    return render_template("intake/public/case.html", page=page, forms=forms_for(page))


@bp.post("/track/leave")
@access("resident")
def leave() -> Response:
    """Forget the case in this browser: on a shared phone or at a counter."""
    session.pop("case", None)
    session.pop("receipt", None)
    session.pop("forms", None)
    flash(_("This browser has forgotten your message. Number and query code open it again."), "success")
    return redirect(url_for("intake.track"))
