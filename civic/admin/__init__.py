"""Accounts and the audit trail, for administrators. No case, and nothing a resident wrote, is shown here."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages under ``/admin``."""
    from civic.admin.views import bp

    app.register_blueprint(bp)
