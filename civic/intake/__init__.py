"""The resident's side: saying something, the receipt, following and judging; and staff who write for a caller."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages; forget used proofs of work when they have expired."""
    from civic.core.jobs import register_job
    from civic.intake.services import forget_proofs
    from civic.intake.views import bp

    register_job(app, "forget_proofs", 60, forget_proofs)
    app.register_blueprint(bp)
