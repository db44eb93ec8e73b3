"""The department's side: queues, the page of a case, replies and approval, the dispatcher's triage and review."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages under ``/desk/``; people's own lists go with their accounts."""
    from civic.accounts.rules import AccountDeactivated
    from civic.core.events import subscribe
    from civic.desk.services import forget_lists
    from civic.desk.views import bp

    subscribe(app, AccountDeactivated, forget_lists)
    app.register_blueprint(bp)
