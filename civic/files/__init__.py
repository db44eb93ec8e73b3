"""Uploads: what is accepted, what is taken out of it, where the bytes lie, and who may fetch them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the address of public files and the commands."""
    from civic.files import cli  # noqa: F401 (its commands register themselves)
    from civic.files.views import bp

    app.register_blueprint(bp)
