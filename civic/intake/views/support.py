"""Supporting what somebody else has said: counted once per browser, taken back at any time, never a vote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases import services as cases
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.errors import TooMany
from civic.core.extensions import csrf
from civic.core.windows import DAY, HOUR, Limit
from civic.intake import queries
from civic.intake.browsers import browser, number_browser
from civic.intake.forms import NO_COOKIE, SupportForm
from civic.intake.views import bp
from civic.intake.views.limiting import limited
from civic.web import senders
from civic.web.access import access
from civic.web.senders import Allowance, clock_time, this_sender

PRESS = "support"
PRESSES = Allowance(address=(Limit(60, HOUR), Limit(200, DAY)))
"""Presses per address, of support and of taking it back: neighbours share one, a program has no use for more."""


@bp.route("/cases/<reference>/support", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def support(reference: str) -> Response | str | tuple[str, int]:
    """One published message, how many support it, and the button. ``about`` is the form somebody came from."""
    form = SupportForm()
    if request.method == "POST":
        return _press(reference, form, cases.support_voice, _("Your support is counted."))
    form.about.data = request.args.get("about", "")
    number_browser()
    page = queries.support_page(reference, browser(), form.about.data, clock.now())
    if page.supported.voice.reference != reference:
        return redirect(_address(page.supported.voice.reference, form))
    return _page(form, page)


@bp.post("/cases/<reference>/support/back")
@csrf.exempt
@access("resident")
def take_back_support(reference: str) -> Response | tuple[str, int]:
    """Forget this browser's support."""
    return _press(reference, SupportForm(), cases.take_back_support, _("Your support is taken back."))


def _press(
    reference: str, form: SupportForm, do: Callable[[str, str, datetime], None], done: str
) -> Response | tuple[str, int]:
    """Do it once; a second press, a page left open and a browser without cookies do no harm."""
    number, now = browser(), clock.now()
    sender, waits = this_sender(now), None
    if form.validate() and number is None:
        form.form_errors.append(NO_COOKIE)
    if number is not None and not form.errors:
        try:
            with unit_of_work():
                senders.require(PRESS, sender, PRESSES, now)
                do(reference, number, now)
                senders.count(PRESS, *sender, now=now)
        except TooMany as error:
            waits = error
            form.form_errors.append(
                _(
                    "Very many presses came from your connection. Nothing was counted; please try again "
                    "after %(time)s.",
                    time=clock_time(error.again_at, now),
                )
            )
        else:
            flash(done, "success")
            return redirect(_address(reference, form))
    number_browser()
    page = _page(form, queries.support_page(reference, number, form.about.data or "", now))
    return limited(page, waits, now) if waits else (page, 422)


def _address(reference: str, form: SupportForm) -> str:
    return url_for("intake.support", reference=reference, about=form.about.data or None)


def _page(form: SupportForm, page: queries.SupportPage) -> Any:
    return render_template("intake/public/support.html", form=form, page=page)
