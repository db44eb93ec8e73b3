"""Who may upload."""

from __future__ import annotations

from civic.core.actor import Actor, ActorKind
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused


def can_store(actor: Actor) -> Decision:
    """Whoever is signed in; the feature that the file belongs to asks the finer question itself."""
    if actor.is_staff or actor.kind is ActorKind.SYSTEM:
        return ALLOWED
    return refused(N_("Only staff may upload files here."))


def can_draft(actor: Actor) -> Decision:
    """Photos with a message: residents too. A draft is shown to nobody else and erased after a day."""
    if actor.kind is ActorKind.RESIDENT:
        return ALLOWED
    return can_store(actor)
