"""What an administrator decides about messages that did not arrive, or may not have. Callers commit."""

from __future__ import annotations

from datetime import datetime

from civic.admin.policy import can_decide_deliveries
from civic.core import audit, outbox
from civic.core.actor import Actor
from civic.core.errors import N_, Stale


def send_again(actor: Actor, message_id: int, now: datetime) -> None:
    """Let it be tried once more. Raises :class:`Stale` if somebody decided meanwhile."""
    can_decide_deliveries(actor).require()
    if not outbox.send_again(message_id, now):
        raise _decided()
    audit.record(actor, "delivery.again", "delivery", message_id, now)


def leave_delivery(actor: Actor, message_id: int, now: datetime) -> None:
    """Let it rest. Raises :class:`Stale` if somebody decided meanwhile."""
    can_decide_deliveries(actor).require()
    if not outbox.leave(message_id, now):
        raise _decided()
    audit.record(actor, "delivery.left", "delivery", message_id, now)


def _decided() -> Stale:
    return Stale(N_("This message waits for nobody any more."), code="decided")
