"""Who may look after deliveries."""

from __future__ import annotations

from civic.core.actor import Actor, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused


def can_decide_deliveries(actor: Actor) -> Decision:
    """Administrators: they see that something didn't arrive, not what it said, nor to whom it went."""
    return ALLOWED if actor.has(Role.ADMIN) else refused(N_("Only administrators look after deliveries."))
