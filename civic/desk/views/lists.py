"""Own lists: what a list is narrowed to, kept under a name beside the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases.queries import QueueView
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.errors import Invalid
from civic.desk import services
from civic.desk.narrowing import Narrowed, read_narrowed
from civic.desk.policy import READERS, lists_for
from civic.desk.views import bp
from civic.web.access import access, current_actor
from civic.web.messages import say

STEPS = {"up": -1, "down": 1}


@bp.post("/lists")
@access(*READERS)
def save_list() -> Response:
    """Keep the list that is shown, as narrowed and ordered as it is."""
    shown = _shown()
    return _done(lambda: services.save_list(current_actor(), _name(), shown.address), shown, _("Saved."))


@bp.post("/lists/<int:list_id>")
@access(*READERS)
def change_list(list_id: int) -> Response:
    """Rename, move or delete an own list."""
    actor, deed, shown = current_actor(), request.form.get("deed", ""), _shown()
    if deed == "rename":
        return _done(lambda: services.rename_list(actor, list_id, _name()), shown, _("Saved."))
    if deed in STEPS:
        return _done(lambda: services.move_list(actor, list_id, STEPS[deed]), shown)
    if deed != "delete":
        abort(400)
    said = _("The list is no longer kept. Its cases stay where they are.")
    return _done(lambda: services.delete_list(actor, list_id), shown, said)


def _name() -> str:
    return request.form.get("name", "")


def _shown() -> Narrowed:
    """The list from which the form was sent."""
    actor, given = current_actor(), dict(parse_qsl(request.form.get("list", "")[:1000]))
    offered = lists_for(actor.roles)
    view = QueueView(given["view"]) if given.get("view") in offered else offered[0]
    return read_narrowed(actor, view, given, clock.now())


def _done(act: Callable[[], object], shown: Narrowed, said: str = "") -> Response:
    """Do it and go back to the list; what can't be done is said there."""
    try:
        with unit_of_work():
            act()
    except Invalid as error:
        flash(say(error), "warning")
    else:
        if said:
            flash(said, "success")
    address: dict[str, Any] = shown.address
    return redirect(url_for("desk.queue", **address))
