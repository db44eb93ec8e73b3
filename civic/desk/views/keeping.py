"""Keeping what is being written on the server, in every pause and until it's saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.errors import Stale
from civic.desk import queries, services
from civic.desk.keeping import Keeping, keeping_of
from civic.desk.policy import WORKERS
from civic.desk.quality import WRITING
from civic.desk.queries import DeskCase
from civic.desk.rules import KEEPS, KEPT_BESIDE, Keepable
from civic.desk.services import Typed
from civic.desk.views import bp
from civic.desk.views.acting import back
from civic.desk.views.forming import form_of
from civic.desk.views.wording import hour
from civic.web.access import access, current_actor
from civic.web.filters import minute


@bp.post("/cases/<reference>/<slug>/keep")
@access(*WORKERS)
def keep(reference: str, slug: str) -> Response | tuple[Response, int]:
    """Keep what is being typed; for the script of the page alone, which sends it in every pause."""
    what = _keepable(slug)
    actor, now = current_actor(), clock.now()
    page = queries.desk_case(actor, reference, now)
    try:
        with unit_of_work():
            kept = services.keep_text(actor, page.case, what, _typed(), now, stands=_stands(page, what))
    except Stale:
        return jsonify(_other_window(keeping_of(actor, page.case, now), what)), 409
    others = keeping_of(actor, page.case, now).others.get(what, ())
    return jsonify(
        said=_("Kept at %(time)s, not saved yet.", time=hour(now)) if kept else "",
        others=" ".join(
            _("%(name)s has an unsaved text here since %(time)s.", name=one.name, time=minute(one.at))
            for one in others
        ),
    )


@bp.post("/cases/<reference>/<slug>/kept")
@access(*WORKERS)
def drop_kept(reference: str, slug: str) -> Response:
    """Discard the kept text and go back to the form."""
    what = _keepable(slug)
    page = queries.desk_case(current_actor(), reference, clock.now())
    with unit_of_work():
        services.drop_kept(current_actor(), page.case.case_id, what)
    anchor = "notes" if what is Keepable.NOTE else slug
    return redirect(url_for("desk.case", reference=page.case.reference, back=back() or None, _anchor=anchor))


def _keepable(slug: str) -> Keepable:
    if slug not in set(Keepable):
        abort(404)
    return Keepable(slug)


def _typed() -> Typed:
    sent = request.form
    return Typed(
        text=sent.get("text", ""),
        visit=sent.get("visit", "")[:32],
        turn=min(sent.get("turn", 0, type=int), 10**6),
        over=sent.get("over", "")[:32],
        begun_with=sent.get("begun_with", "")[:24],
        beside={name: sent[name] for name in KEPT_BESIDE if name in sent},
    )


def _stands(page: DeskCase, what: Keepable) -> Mapping[str, Any]:
    """What was saved already, by field: a request that comes after its page was saved keeps nothing."""
    if what not in KEEPS:
        own = [one.text for one in page.case.notes if one.account_id == current_actor().account_id]
        return {"text": own[-1] if own else ""}
    action = KEEPS[what]
    begun = form_of(page, action).data if action in WRITING else {}
    why = [entry.text for entry in page.case.history if entry.action is action]
    return {**begun, "text": page.current_text(action), "reason": why[-1] if why else ""}


def _other_window(keeping: Keeping, what: Keepable) -> dict[str, Any]:
    kept = keeping.own[what]
    return {
        "text": kept.text,
        "beside": dict(kept.beside),
        "visit": kept.visit,
        "begun_with": kept.begun_with,
        "said": _("Kept at %(time)s in another window, and not saved:", time=minute(kept.at)),
    }
