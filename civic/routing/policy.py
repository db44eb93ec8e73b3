"""Who may change the rules of routing."""

from __future__ import annotations

from civic.core.actor import Actor, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused

RULE_KEEPERS = (Role.DISPATCHER, Role.ADMIN)


def can_edit_rules(actor: Actor) -> Decision:
    """The dispatcher, who sees where they fail, and administrators, who keep the division of work."""
    if actor.has(*RULE_KEEPERS):
        return ALLOWED
    return refused(N_("Only the dispatcher or an administrator may change the rules of routing."))
