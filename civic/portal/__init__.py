"""The public pages: where plan, progress and voices meet."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the public pages and what the frame of every page shows."""
    from civic.portal import frame, views

    frame.init_app(app)
    app.register_blueprint(views.bp)
