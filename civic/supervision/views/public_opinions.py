"""Opinions that both sides agreed to publish: the list and the page, for everyone."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from civic.core import clock
from civic.supervision.queries import opinions as queries
from civic.web.access import access

public_opinions = Blueprint("opinions", __name__)


@public_opinions.get("/opinions")
@access("public")
def index() -> str:
    """All published opinions, the newest first."""
    found = queries.public_opinions(request.args.get("after"), clock.now())
    return render_template("supervision/public/opinions.html", page=found)


@public_opinions.get("/opinions/<int:year>/<int:serial>")
@access("public")
def page(year: int, serial: int) -> str:
    """One published opinion with its answers and ratings."""
    found = queries.public_opinion(year, serial, clock.now())
    return render_template("supervision/public/opinion.html", page=found)
