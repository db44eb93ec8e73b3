"""The page of a plan's indicators."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from civic.core.clock import now
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.portal.queries.indicators import indicators_page
from civic.web.access import access


def register(bp: Blueprint) -> None:
    """Add the pages of indicators to the portal."""

    @bp.get("/indicators")
    @access("public")
    def indicators_current() -> Response:
        """The indicators of the current plan: a short address for menus and posters."""
        return redirect(url_for("portal.indicators", plan=plans.plans()[0].slug))

    @bp.get("/plans/<plan>/indicators")
    @access("public")
    def indicators(plan: str) -> str:
        """All indicators of a plan with their status and charts."""
        return render_template("portal/public/indicators.html", page=indicators_page(plan, local_day(now())))
