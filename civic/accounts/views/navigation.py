"""Where each role works: the first page after signing in, and the links at the top of every staff page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from civic.core.actor import Actor, Role
from civic.core.errors import N_
from civic.web.access import current_actor


@dataclass(frozen=True, slots=True)
class Place:
    """A page that is somebody's place of work."""

    endpoint: str
    label: str
    roles: frozenset[Role]


PLACES = (
    Place("desk.triage", N_("Triage"), frozenset({Role.DISPATCHER})),
    Place("desk.review", N_("Review"), frozenset({Role.DISPATCHER})),
    Place("desk.queue", N_("Cases"), frozenset({Role.HANDLER, Role.LEAD, Role.DISPATCHER, Role.AUDITOR})),
    Place(
        "supervision.summary",
        N_("Supervision"),
        frozenset({Role.DEPUTY, Role.AUDITOR, Role.LEAD, Role.DISPATCHER}),
    ),
    Place("progress.values", N_("Indicators and money"), frozenset({Role.EDITOR})),
    Place("admin.accounts", N_("Accounts"), frozenset({Role.ADMIN})),
    Place("admin.audit", N_("Audit trail"), frozenset({Role.ADMIN, Role.AUDITOR})),
)
"""In the order in which they are shown; a page that isn't there yet is left out."""

HOMES = (
    (Role.DISPATCHER, "desk.triage"),
    (Role.HANDLER, "desk.queue"),
    (Role.LEAD, "desk.queue"),
    (Role.DEPUTY, "supervision.summary"),
    (Role.AUDITOR, "supervision.summary"),
    (Role.EDITOR, "progress.values"),
    (Role.ADMIN, "admin.accounts"),
)
"""Who holds several roles starts where the work is most urgent."""


def staff_nav() -> list[tuple[str, str]]:
    """Endpoint and label of each page that the signed-in person may open."""
    actor = current_actor()
    return [
        (place.endpoint, _(place.label))
        for place in PLACES
        if place.endpoint in current_app.view_functions and actor.has(*place.roles)
    ]


def home_of(actor: Actor) -> str:
    """The endpoint on which this person's work begins."""
    for role, endpoint in HOMES:
        if actor.has(role) and endpoint in current_app.view_functions:
            return endpoint
    return "staff.account"
