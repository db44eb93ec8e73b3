"""Who may read supervision: deputies, auditors, and those who answer for a department's figures."""

from __future__ import annotations

from civic.core.actor import Actor, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused

READERS = (Role.DEPUTY, Role.AUDITOR, Role.DISPATCHER, Role.LEAD)
"""Figures hold no contact and no text; a lead may see how the own department compares."""


def can_read_summary(actor: Actor) -> Decision:
    """Whether the actor may open a summary and the lists behind its figures."""
    if actor.has(*READERS):
        return ALLOWED
    return refused(
        N_("Supervision summaries are for deputies, auditors, the dispatcher and departments' leads.")
    )
