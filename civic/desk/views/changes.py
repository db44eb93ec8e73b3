"""What a page of the desk asks for every half minute: counts, and which cases its list has now."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from flask import Response, jsonify, request
from flask_babel import ngettext

from civic.cases.queries import QueueView, latest_change
from civic.core import clock
from civic.core.actor import Actor
from civic.desk.narrowing import read_narrowed
from civic.desk.news import News, Shown, news
from civic.desk.noticing import new_notices
from civic.desk.policy import (
    LISTS,
    READERS,
    WORKERS,
    lists_counted_for,
    lists_for,
    own_list,
    search_is_recorded,
)
from civic.desk.saved import saved_lists
from civic.desk.views import bp
from civic.supervision.policy import ANSWERERS
from civic.supervision.queries.opinions import owed_opinions
from civic.web.access import access, current_actor

FRESH = 120
"""Seconds after which an unchanged answer is made anew: what is due moves by the clock alone, and of two
transactions the earlier event may be committed later."""


class Beside(StrEnum):
    """Counts in the navigation that are no list of cases."""

    OPINIONS = "opinions_owed"
    NOTICES = "notices"


@bp.get("/changes")
@access(*READERS)
def changes() -> Response:
    """Counts and cases as they are now; 304 after one look at an index while no case has changed."""
    actor, now = current_actor(), clock.now()
    mark = _mark(actor, now)
    if request.if_none_match.contains_weak(mark):
        answer = Response(status=304)
    else:
        views = lists_counted_for(actor.roles)
        found = news(actor, views, _shown(actor, views, now), now)
        own = saved_lists(actor, lists_for(actor.roles), now)
        counted = {one.count_name: one.count for one in own}
        if actor.has(*WORKERS):
            counted[Beside.NOTICES.value] = new_notices(actor, now).count
        answer = jsonify(_said(actor, found, counted))
    answer.set_etag(mark, weak=True)
    return answer


def _mark(actor: Actor, now: datetime) -> str:
    parts = (
        latest_change(),
        int(now.timestamp()) // FRESH,
        sorted(map(str, actor.grants)),
        request.full_path,
    )
    text = "\x00".join(map(str, (*parts, actor.account_id, request.script_root)))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _shown(actor: Actor, views: tuple[QueueView, ...], now: datetime) -> Shown | None:
    """The list that the page has open, if it has one. What an auditor looked for isn't looked for again unasked: each
    of their searches is written down."""
    asked = request.args.get("view", "")
    if asked not in views:
        return None
    narrowed = read_narrowed(actor, QueueView(asked), request.args, now)
    if narrowed.text and search_is_recorded(actor):
        return None
    return Shown(
        narrowed.wanted, narrowed.order, request.args.get("cursor") or None, request.args.get("until") or None
    )


def _said(actor: Actor, found: News, saved: dict[str, int]) -> dict[str, object]:
    own = own_list(actor.roles)
    counts = {view.value: count for view, count in found.counts.items()}
    if actor.has(*ANSWERERS):
        counts[Beside.OPINIONS.value] = owed_opinions(actor)
    return {
        "counts": counts | saved,
        "waiting": counts[own.value] if found.found is None else found.found,
        "found": None if found.found is None else ngettext("%(num)s case", "%(num)s cases", found.found),
        "cases": found.references,
    }


@bp.context_processor
def _counted() -> dict[str, dict[str, StrEnum]]:
    """At which entries of the navigation a count stands, and of which list; none for whoever has no lists."""
    roles = current_actor().roles
    if roles.isdisjoint(READERS):
        return {"desk_counts": {}}
    own = own_list(roles)
    work: dict[str, StrEnum] = {
        "desk.triage": QueueView.TRIAGE,
        "desk.review": QueueView.REVIEW,
        "desk.opinions": Beside.OPINIONS,
        "desk.notices": Beside.NOTICES,
    }
    return {"desk_counts": {**({"desk.queue": own} if own in LISTS else {}), **work}}
