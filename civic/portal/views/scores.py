"""How departments answer, and what was received by street and kind: as pages and as open data."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from civic.core.clock import now
from civic.supervision import exports
from civic.supervision import queries as supervision
from civic.supervision.documents import scoreboard_document
from civic.supervision.figures import FIGURES
from civic.supervision.rules import SMALL
from civic.web.access import access

DAYS = 90


def register(bp: Blueprint) -> None:
    """Add the scoreboard and its files to the portal."""

    @bp.get("/scoreboard")
    @access("public")
    def scoreboard() -> str:
        """How departments answer, with the number of cases behind each rate."""
        at = now()
        return render_template(
            "portal/public/scoreboard.html",
            rows=supervision.scoreboard(at, DAYS),
            period=supervision.scoreboard_period(at, DAYS),
            figures=FIGURES,
            small=SMALL,
        )

    @bp.get("/scoreboard.csv")
    @access("public")
    def scoreboard_csv() -> Response:
        """The scoreboard as CSV."""
        at = now()
        return exports.scoreboard_csv(
            supervision.scoreboard(at, DAYS), supervision.scoreboard_period(at, DAYS)
        )

    @bp.get("/scoreboard.json")
    @access("public")
    def scoreboard_json() -> Response:
        """The scoreboard as JSON, with its definitions."""
        at = now()
        rows = supervision.scoreboard(at, DAYS)
        return jsonify(scoreboard_document(rows, supervision.scoreboard_period(at, DAYS)))

    @bp.get("/scoreboard/streets")
    @access("public")
    def scoreboard_streets() -> str:
        """What was received by street and kind in the last finished quarter, without small counts."""
        page = supervision.streets_by_kind(now())
        return render_template("portal/public/streets.html", page=page, small=SMALL)

    @bp.get("/scoreboard/streets.csv")
    @access("public")
    def scoreboard_streets_csv() -> Response:
        """The same as CSV."""
        return exports.streets_csv(supervision.streets_by_kind(now()))
