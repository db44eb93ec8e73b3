"""Supervision: summaries that can be trusted, because every figure opens the list behind it; assessments; opinions."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages, commands and messages of supervision."""
    from civic.cases.rules import CaseChanged
    from civic.core.delivery import register_handler
    from civic.core.events import subscribe
    from civic.core.jobs import register_job
    from civic.departments.services import DistrictLoaded, Part, register_part
    from civic.supervision import cli, views
    from civic.supervision.services import load_warnings_with_district, publish_scoreboard, seal_due_periods
    from civic.supervision.services.opinions import move_opinion_deadlines, pass_opinions
    from civic.supervision.services.scripts import SCRIPT, write_script
    from civic.supervision.services.topics import follow_case, sweep_topics

    cli.init_app(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(views.public)
    app.register_blueprint(views.public_opinions)
    register_part(app, "opinions", Part(pass_opinions))
    register_job(app, "move_opinion_deadlines", 5, move_opinion_deadlines)
    subscribe(app, DistrictLoaded, load_warnings_with_district)
    register_job(app, "seal_periods", 60, seal_due_periods, outside=True)
    register_job(app, "publish_scoreboard", 60, publish_scoreboard)
    register_handler(app, SCRIPT, write_script, repeatable=True)
    register_job(app, "sweep_topics", 1440, sweep_topics, outside=True)
    subscribe(app, CaseChanged, follow_case)
