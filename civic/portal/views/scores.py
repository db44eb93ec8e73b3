"""How departments answer, and what was received by street and kind: as pages and as open data."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from civic.supervision import exports
from civic.supervision import queries as supervision
from civic.supervision.documents import scoreboard_document
from civic.supervision.figures import FIGURES
from civic.supervision.rules import SMALL
from civic.web.access import access


def register(bp: Blueprint) -> None:
    """Add the scoreboard and its files to the portal."""

    @bp.get("/scoreboard")
    @access("public")
    def scoreboard() -> str:
        """How departments answered in a quarter, with the number of cases behind each rate."""
        return render_template(
            "portal/public/scoreboard.html", board=supervision.scoreboard(), figures=FIGURES, small=SMALL
        )

    @bp.get("/scoreboard.csv")
    @access("public")
    def scoreboard_csv() -> Response:
        """The scoreboard as CSV."""
        return exports.scoreboard_csv(supervision.scoreboard())

    @bp.get("/scoreboard.json")
    @access("public")
    def scoreboard_json() -> Response:
        """The scoreboard as JSON, with its definitions."""
        return jsonify(scoreboard_document(supervision.scoreboard()))

    @bp.get("/scoreboard/streets")
    @access("public")
    def scoreboard_streets() -> str:
        """What was received by street and kind in a quarter, without small counts."""
        return render_template("portal/public/streets.html", board=supervision.scoreboard(), small=SMALL)

    @bp.get("/scoreboard/streets.csv")
    @access("public")
    def scoreboard_streets_csv() -> Response:
        """The same as CSV."""
        return exports.streets_csv(supervision.scoreboard())
