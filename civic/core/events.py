"""In-transaction subscribers: how a lower feature tells a higher one without importing it.

A feature publishes a frozen dataclass; what was subscribed in ``create_app`` runs at
once, in the same transaction. If a subscriber fails, the whole change fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app

E = TypeVar("E")


def subscribe(app: Flask, event_type: type[E], function: Callable[[E], None]) -> None:
    """Call ``function`` with each published event of exactly this type, in order of subscription."""
    listeners = app.extensions.setdefault("civic.events", {}).setdefault(event_type, [])
    if function not in listeners:
        listeners.append(function)


def publish(event: Any) -> None:
    """Run the subscribers of this event now, inside the caller's transaction."""
    for function in current_app.extensions.get("civic.events", {}).get(type(event), ()):
        function(event)
