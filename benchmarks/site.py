"""The application with two yardsticks beside its pages: one query and so many bytes, and one query and nothing.

Served by gunicorn as ``benchmarks.site:app``; only benchmarks use it.
"""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import text

from civic import create_app
from civic.core.extensions import db
from civic.web.access import access


def _with_yardsticks() -> Flask:
    app = create_app()

    @access("machine")
    def bytes_(size: int) -> Response:
        db.session.execute(text("SELECT 1"))
        return Response(b"x" * size, content_type="text/html; charset=utf-8")

    @access("machine")
    def nothing() -> Response:
        db.session.execute(text("SELECT 1"))
        return Response(status=304)

    app.add_url_rule("/bench/bytes/<int:size>", "bench_bytes", bytes_)
    app.add_url_rule("/bench/nothing", "bench_nothing", nothing)
    return app


app = _with_yardsticks()
