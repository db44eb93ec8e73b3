"""Plans: documents, items, paragraphs, responsibilities, and the importer that loses nothing."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang the commands of plans on ``flask civic``; let the district's data of plans be changed with a date."""
    from civic.core.delivery import register_handler
    from civic.departments.services import Part, register_part
    from civic.plans import cli  # noqa: F401 (its commands register themselves)
    from civic.plans.services import item_holdings, move_responsibilities, register_plan_data, summarising

    register_plan_data(app)
    register_part(app, "items", Part(move_responsibilities, item_holdings))
    register_handler(app, summarising.KIND, summarising.write_plain_traditional, repeatable=True)
