"""One search over the items of the plans (ranked here) and the published voices (matched in the database)."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang the commands on ``flask civic``, and let the index of voices follow every case."""
    from civic.cases.rules import CaseChanged, CasesLoaded
    from civic.core.events import subscribe
    from civic.search import cli  # noqa: F401 (its commands register themselves)
    from civic.search.queries import highlight
    from civic.search.services import follow_case, follow_load

    subscribe(app, CaseChanged, follow_case)
    subscribe(app, CasesLoaded, follow_load)
    app.jinja_env.filters["highlight"] = highlight
