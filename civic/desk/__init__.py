"""The department's side: queues, the page of a case, replies and approval, the dispatcher's triage and review."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages under ``/desk/``."""
    from civic.desk.views import bp

    app.register_blueprint(bp)
