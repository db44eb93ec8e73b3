"""Who may write about the plan in words that are not the plan's own."""

from __future__ import annotations

from civic.core.actor import Actor, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused


def can_summarise(actor: Actor) -> Decision:
    """Editors say in plain words what an item means."""
    if actor.has(Role.EDITOR):
        return ALLOWED
    return refused(N_("Only an editor writes plain summaries."))
