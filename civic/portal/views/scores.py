"""How departments answer, and what was received by street and kind: as pages and as open data.

Without a quarter in the address it is the newest edition; with one it is that edition for good.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from civic.supervision import exports
from civic.supervision import queries as supervision
from civic.supervision.documents import scoreboard_document
from civic.supervision.figures import FIGURES
from civic.supervision.reports.words import period_name
from civic.supervision.rules import SMALL
from civic.web.access import access


def register(bp: Blueprint) -> None:
    """Add the scoreboard, its files and its archive to the portal."""

    @bp.get("/scoreboard", defaults={"quarter": None})
    @bp.get("/scoreboard/<quarter>")
    @access("public")
    def scoreboard(quarter: str | None) -> str:
        """How departments answered in a quarter, with the number of cases behind each rate."""
        return render_template(
            "portal/public/scoreboard.html",
            board=supervision.scoreboard(quarter), figures=FIGURES, small=SMALL, quarter=quarter,
            period_name=period_name,
        )  # fmt: skip

    @bp.get("/scoreboard.csv", defaults={"quarter": None})
    @bp.get("/scoreboard/<quarter>.csv")
    @access("public")
    def scoreboard_csv(quarter: str | None) -> Response:
        """The scoreboard as CSV."""
        return exports.scoreboard_csv(supervision.scoreboard(quarter))

    @bp.get("/scoreboard.json", defaults={"quarter": None})
    @bp.get("/scoreboard/<quarter>.json")
    @access("public")
    def scoreboard_json(quarter: str | None) -> Response:
        """The scoreboard as JSON, with its definitions."""
        return jsonify(scoreboard_document(supervision.scoreboard(quarter)))

    @bp.get("/scoreboard/streets", defaults={"quarter": None})
    @bp.get("/scoreboard/<quarter>/streets")
    @access("public")
    def scoreboard_streets(quarter: str | None) -> str:
        """What was received by street and kind in a quarter, without small counts."""
        return render_template(
            "portal/public/streets.html",
            board=supervision.scoreboard(quarter), small=SMALL, quarter=quarter, period_name=period_name,
        )  # fmt: skip

    @bp.get("/scoreboard/streets.csv", defaults={"quarter": None})
    @bp.get("/scoreboard/<quarter>/streets.csv")
    @access("public")
    def scoreboard_streets_csv(quarter: str | None) -> Response:
        """The same as CSV."""
        return exports.streets_csv(supervision.scoreboard(quarter))

    @bp.get("/scoreboard/quarters")
    @access("public")
    def scoreboard_quarters() -> str:
        """All quarters that were published, the newest first, with what all departments did together."""
        return render_template(
            "portal/public/quarters.html",
            boards=supervision.scoreboards(), small=SMALL, period_name=period_name,
        )  # fmt: skip
