"""Being told of the own case: the links in messages, and the switches on the case's page.

A link alone changes nothing, so that a program that looks at links opens and ends nothing; the button on its page does.
"""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases import queries as case_queries
from civic.cases import services as cases
from civic.cases.rules import NoticeChannel
from civic.core import clock
from civic.core.actor import RESIDENT
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotFound
from civic.core.extensions import csrf
from civic.notices.forms import ButtonForm, SwitchForm
from civic.notices.links import LinkPurpose, make_link_token, may_be_ended, read_link_token
from civic.notices.services.residents import can_send
from civic.notices.views import bp
from civic.web.access import access
from civic.web.messages import say

Answer = Response | str | tuple[str, int]


@bp.route("/n/<token>", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def open_case(token: str) -> Answer:
    """The link in a message: one button opens the case, the other ends the messages.

    Its form checks the token by itself: a page that was open overnight is shown once more.
    """
    now = clock.now()
    found = read_link_token(LinkPurpose.OPEN, token, now)
    if found is None:
        return render_template("notices/public/link_void.html"), 410
    named, channel = found
    form = ButtonForm()
    if form.validate_on_submit():
        session["case"] = named.case_id
        session.pop("receipt", None)
        return redirect(url_for("intake.tracked"))
    assert named.nonce is not None
    stop_token = make_link_token(LinkPurpose.STOP, channel, named.contact_id, named.nonce, now)
    return render_template(
        "notices/public/open.html", form=form, named=named, channel=channel, stop_token=stop_token
    )


@bp.route("/n/stop/<token>", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def stop(token: str) -> Answer:
    """One press ends the messages. Mail programs post here themselves (RFC 8058), without cookie and form token:
    the signed link is what authorises it."""
    now = clock.now()
    found = read_link_token(LinkPurpose.STOP, token, now)
    if found is None:
        if may_be_ended(token, now):
            return render_template("notices/public/stopped.html", channel=None, named=None)
        return render_template("notices/public/link_void.html"), 410
    named, channel = found
    form = ButtonForm()
    # Not validated: whoever has the signed link may end it.
    if not form.is_submitted():
        return render_template("notices/public/stop.html", form=form, named=named, channel=channel)
    assert named.nonce is not None
    with unit_of_work():
        cases.end_notices(RESIDENT, named.contact_id, named.nonce, channel, now)
    return render_template("notices/public/stopped.html", channel=channel, named=named)


@bp.post("/track/case/notices")
@csrf.exempt
@access("resident")
def switch() -> Response:
    """Switch one way of being told on or off, on the page of the own case."""
    case_id = session.get("case")
    if case_id is None:
        flash(_("Your visit has ended. Enter number and query code again."), "warning")
        return redirect(url_for("intake.track"))
    form = SwitchForm()
    if not form.validate():
        flash(_("The page had been open for very long. Please press the button once more."), "warning")
        return redirect(url_for("intake.tracked"))
    if case_queries.case_id_of(form.about.data or "") != case_id:
        flash(
            _(
                "Another message was opened in this browser meanwhile: this page shows that one. "
                "Nothing was sent. To go on with the first one, open it again by its number and query code."
            ),
            "warning",
        )
        return redirect(url_for("intake.tracked"))
    channel, on = NoticeChannel(form.channel.data), form.wanted.data == "on"
    if on and not can_send(settings(), channel):
        abort(404)
    try:
        with unit_of_work():
            cases.switch_notices(RESIDENT, case_id, channel, clock.now(), on=on)
    except (Invalid, NotFound) as error:
        flash(say(error), "warning")
    else:
        flash(
            _("From now on you are told.") if on else _("Switched off. Nothing more is sent there."),
            "success",
        )
    return redirect(url_for("intake.tracked"))
