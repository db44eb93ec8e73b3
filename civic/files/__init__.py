"""Uploads: what is accepted, what is taken out of it, where the bytes lie, and who may fetch them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the address of public files and the commands; erase what was uploaded and never sent."""
    from civic.core.jobs import register_job
    from civic.files import cli  # noqa: F401 (its commands register themselves)
    from civic.files.services import erase_lapsed
    from civic.files.views import bp

    register_job(app, "erase_lapsed_uploads", 10, erase_lapsed)
    app.register_blueprint(bp)
