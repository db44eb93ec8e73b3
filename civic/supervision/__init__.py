"""Supervision: summaries that can be trusted, because every figure opens the list behind it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and commands of supervision."""
    from civic.supervision import cli, views

    cli.init_app(app)
    app.register_blueprint(views.bp)
