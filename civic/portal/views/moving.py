"""What moved this month, what has not moved for long, and what each department answers for."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from civic.core.clock import now
from civic.core.config import settings
from civic.departments.queries import local_day
from civic.portal.queries import names_of
from civic.portal.queries.departments import department_list, department_page
from civic.portal.queries.moving import month_page, quiet_page
from civic.supervision.figures import FIGURES
from civic.supervision.rules import SMALL
from civic.web.access import access


def register(bp: Blueprint) -> None:
    """Add the pages of progress and of departments to the portal."""

    @bp.get("/progress")
    @access("public")
    def progress() -> str:
        """What moved in a month, day by day (``?month=2026-11``)."""
        page = month_page(request.args.get("month", ""), now())
        return render_template("portal/public/progress.html", page=page)

    @bp.get("/progress/quiet")
    @access("public")
    def quiet() -> str:
        """What was not updated for long, by department."""
        page = quiet_page(now(), settings().quiet_months)
        return render_template("portal/public/quiet.html", page=page)

    @bp.get("/departments")
    @access("public")
    def department_index() -> str:
        """All departments with what each leads."""
        return render_template("portal/public/departments.html", rows=department_list(local_day(now())))

    @bp.get("/departments/<key>")
    @access("public")
    def department(key: str) -> str:
        """All that a department leads, in one list that prints as a document."""
        page = department_page(key, now())
        return render_template(
            "portal/public/department.html",
            page=page,
            names=names_of(page.voices.rows),
            figures=FIGURES,
            small=SMALL,
        )
