"""Where each role works: the first page after signing in."""

from __future__ import annotations

from flask import current_app

from civic.core.actor import Actor, Role

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


def home_of(actor: Actor) -> str:
    """The endpoint on which this person's work begins."""
    for role, endpoint in HOMES:
        if actor.has(role) and endpoint in current_app.view_functions:
            return endpoint
    return "staff.account"
