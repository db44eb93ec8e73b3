"""What is pointed out about a reply while it's written and before it's approved, and setting it aside."""

from __future__ import annotations

from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civic.cases.rules import HintCode, differences
from civic.core import clock
from civic.core.actor import Actor
from civic.core.db import unit_of_work
from civic.desk import services
from civic.desk.forms import ReplyForm
from civic.desk.passing import case_to_change
from civic.desk.policy import WORKERS
from civic.desk.quality import WRITING, quality_of
from civic.desk.queries import DeskCase
from civic.desk.views import bp
from civic.desk.views.acting import back
from civic.desk.views.around import around
from civic.desk.views.forming import SLUGS, button_of, form_of
from civic.web.access import access, current_actor


@bp.post("/cases/<reference>/<slug>/hints")
@access(*WORKERS)
def look_over(reference: str, slug: str) -> str:
    """What there is to point out about the text as typed, which is saved nowhere.

    With a ``code`` that hint is set aside. A script gets the list alone, whoever has none the form as it was.
    """
    action = SLUGS.get(slug)
    if action not in WRITING:
        abort(404)
    actor, now = current_actor(), clock.now()
    page = case_to_change(actor, reference, now)
    if not page.case.may(action):
        abort(404)
    _note(actor, page, now)
    form = form_of(page, action, sent=True)
    assert isinstance(form, ReplyForm)
    typed, stands = form.text.data or "", page.current_text(action)
    found = quality_of(page.case, typed, form.chosen)
    changes = differences(stands, typed) if typed and stands not in ("", typed) else ()
    if request.headers.get("X-Requested-With") == "fetch":
        return render_template("desk/hints.html", page=page, quality=found, slug=slug, changes=changes)
    return render_template(
        "desk/act.html",
        page=page,
        button=button_of(page, action, form),
        quality=found,
        back=back(),
        **around(page, action),
    )


@bp.post("/cases/<reference>/hints")
@access(*WORKERS)
def set_aside(reference: str) -> Response:
    """Say that a hint about the draft that waits for approval does not apply."""
    actor, now = current_actor(), clock.now()
    page = case_to_change(actor, reference, now)
    _note(actor, page, now)
    address = url_for("desk.case", reference=page.case.reference, back=back() or None)
    return redirect(address + "#hints")


def _note(actor: Actor, page: DeskCase, now: datetime) -> None:
    code = request.form.get("code", "")
    if code in set(HintCode):
        with unit_of_work():
            services.set_hint_aside(actor, page.case, HintCode(code), now)
