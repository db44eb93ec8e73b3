"""Supporting what somebody else has said: counted once per browser, taken back at any time, never a vote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response

from civic.cases import services as cases
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.extensions import csrf, limiter
from civic.intake import queries
from civic.intake.browsers import browser, number_browser
from civic.intake.forms import NO_COOKIE, SupportForm
from civic.intake.views import bp
from civic.web.access import access

LIMIT = "60 per hour; 200 per day"
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
    number, status = browser(), 422
    if form.validate() and number is None:
        form.form_errors.append(NO_COOKIE)
    if number is not None and not form.errors:
        try:
            with limiter.limit(LIMIT), unit_of_work():
                do(reference, number, clock.now())
        except RateLimitExceeded:
            form.form_errors.append(
                _("Very many presses came from your connection. Nothing was counted; please try in an hour.")
            )
            status = 429
        else:
            flash(done, "success")
            return redirect(_address(reference, form))
    number_browser()
    return _page(form, queries.support_page(reference, number, form.about.data or "", clock.now())), status


def _address(reference: str, form: SupportForm) -> str:
    return url_for("intake.support", reference=reference, about=form.about.data or None)


def _page(form: SupportForm, page: queries.SupportPage) -> Any:
    return render_template("intake/public/support.html", form=form, page=page)
