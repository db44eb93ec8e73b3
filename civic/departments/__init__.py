"""Departments, streets, communities, calendars, service levels, and the district's own settings."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Know the command; let places, calendars and deadlines be changed with a date, which the worker applies."""
    from civic.core import clock
    from civic.core.dated import apply_due
    from civic.core.jobs import register_job
    from civic.departments import cli  # noqa: F401 (its command registers itself)
    from civic.departments.queries import local_day
    from civic.departments.services import (
        Part,
        apply_reorganisations,
        move_streets,
        register_calendars,
        register_levels,
        register_part,
        register_places,
        street_holdings,
    )

    register_places(app)
    register_calendars(app)
    register_levels(app, lambda: local_day(clock.now()))
    register_part(app, "streets", Part(move_streets, street_holdings))
    register_job(app, "apply_dated_changes", 60, lambda now: apply_due(now, local_day(now)))
    register_job(app, "apply_reorganisations", 60, apply_reorganisations)
