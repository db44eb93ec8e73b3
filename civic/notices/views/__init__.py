"""Pages of what is sent, by intention: subscriptions; being told of the own case."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("notices", __name__)

from civic.notices.views import residents, subscriptions  # noqa: E402, F401  (they hang their views on bp)
