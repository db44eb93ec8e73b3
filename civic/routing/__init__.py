"""Which department gets a case, and why: the plan's division of work, then a table of rules, then a person."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Load ``routing.yaml`` whenever a district is loaded; tell templates how to say a reason."""
    from civic.core.events import subscribe
    from civic.departments.services import DistrictLoaded, Part, register_part
    from civic.routing import cli, queries, services  # noqa: F401 (the commands register themselves)

    services.register_rules(app)
    register_part(app, "rules", Part(services.move_rules, services.rule_holdings))
    subscribe(app, DistrictLoaded, services.load_with_district)
    app.jinja_env.globals["say_routing_reason"] = queries.say_reason
