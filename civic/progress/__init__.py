"""How far the plan has come: observations, their arithmetic, and what is published about each item."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang the commands of progress on ``flask civic``, and register the pages for editors."""
    from civic.core.delivery import register_handler
    from civic.plans.queries import register_export_part, register_export_values
    from civic.plans.services import register_ledger
    from civic.progress import cli  # noqa: F401 (its commands register themselves)
    from civic.progress.queries.adjustments import exported_adjustments
    from civic.progress.queries.exporting import exported_values
    from civic.progress.rules.differences import FIELD_LABELS
    from civic.progress.rules.updates import STATE_LABELS, UPDATE_LABELS
    from civic.progress.services.ledger import AdjustmentLedger
    from civic.progress.services.updating import SCRIPT, write_script
    from civic.progress.views import bp

    app.register_blueprint(bp)
    register_handler(app, SCRIPT, write_script, repeatable=True)
    register_ledger(app, AdjustmentLedger())
    register_export_part(app, "adjustments", exported_adjustments)
    register_export_values(app, exported_values)
    app.jinja_env.globals.update(
        FIELD_LABELS=FIELD_LABELS, UPDATE_LABELS=UPDATE_LABELS, UPDATE_STATE_LABELS=STATE_LABELS
    )
