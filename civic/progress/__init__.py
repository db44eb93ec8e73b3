"""How far the plan has come: observations, their arithmetic, and what is published about each item."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang the commands of progress on ``flask civic``, and register the pages for editors."""
    from civic.progress import cli  # noqa: F401 (its commands register themselves)
    from civic.progress.views import bp

    app.register_blueprint(bp)
