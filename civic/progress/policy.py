"""Who may say what has come of the plan."""

from __future__ import annotations

from civic.core.actor import Actor, ActorKind, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused


def can_record_observation(actor: Actor) -> Decision:
    """Editors publish values of indicators; so does the operator on the command line."""
    if actor.kind is ActorKind.SYSTEM or actor.has(Role.EDITOR):
        return ALLOWED
    return refused(N_("Only an editor may publish values of indicators."))
