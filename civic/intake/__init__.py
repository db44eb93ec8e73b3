"""The resident's side: saying something, the receipt, following and judging; and staff who write for a caller."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from civic.intake.views import bp

    app.register_blueprint(bp)
