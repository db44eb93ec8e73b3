"""What the outbox could not deliver, for a person to decide: no text, no address, no case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic.admin import queries, services
from civic.admin.rules import DELIVERY_NAMES, DELIVERY_STATES, why_not_delivered
from civic.admin.views import bp
from civic.core import clock
from civic.core.actor import Actor, Role
from civic.core.db import unit_of_work
from civic.core.errors import Stale
from civic.web.access import access, current_actor
from civic.web.messages import say


@bp.get("/deliveries")
@access(Role.ADMIN)
def deliveries() -> str:
    """How much was delivered, and what waits for a decision."""
    return render_template(
        "admin/deliveries.html",
        page=queries.deliveries_page(current_actor(), request.args.get("after")),
        names=DELIVERY_NAMES,
        states=DELIVERY_STATES,
        why=why_not_delivered,
    )


@bp.get("/deliveries/<int:message_id>")
@access(Role.ADMIN)
def delivery(message_id: int) -> str:
    """One message, and what each decision leads to."""
    return render_template(
        "admin/delivery.html",
        row=queries.delivery(current_actor(), message_id),
        names=DELIVERY_NAMES,
        states=DELIVERY_STATES,
        why=why_not_delivered,
        action=FlaskForm(),
    )


@bp.post("/deliveries/<int:message_id>/again")
@access(Role.ADMIN)
def send_delivery_again(message_id: int) -> Response:
    """Try it once more."""
    return _decide(services.send_again, message_id, _("It is tried again within a minute."))


@bp.post("/deliveries/<int:message_id>/leave")
@access(Role.ADMIN)
def leave_delivery(message_id: int) -> Response:
    """Let it rest."""
    return _decide(services.leave_delivery, message_id, _("It is left as it is."))


def _decide(service: Callable[[Actor, int, datetime], None], message_id: int, done: str) -> Response:
    try:
        with unit_of_work():
            service(current_actor(), message_id, clock.now())
    except Stale as error:
        flash(say(error), "error")
    else:
        flash(done, "success")
    return redirect(url_for("admin.deliveries"))
