"""The public list of adjustments of a plan."""

from __future__ import annotations

from flask import Blueprint, render_template

from civic.core.clock import now
from civic.departments.queries import local_day
from civic.portal.queries.adjustments import adjustments_page
from civic.web.access import access


def register(bp: Blueprint) -> None:
    """Add the page to the portal."""

    @bp.get("/plans/<plan>/adjustments")
    @access("public")
    def adjustments(plan: str) -> str:
        """What was adjusted, what is proposed, what was withdrawn, and the errata."""
        page = adjustments_page(plan, local_day(now()))
        return render_template("portal/public/adjustments.html", page=page)
