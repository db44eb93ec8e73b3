"""Published assessments: the list, the page, and the same as a workbook."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from civic.supervision import queries
from civic.supervision.reading import DEFINITIONS, reader
from civic.web.access import access
from civic.web.locale import current_locale

public = Blueprint("assessments", __name__)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@public.get("/assessments")
@access("public")
def index() -> str:
    """All published assessments."""
    return render_template("supervision/public/assessments.html", rows=queries.published_assessments())


@public.get("/plans/<plan>/assessments/<int:number>")
@access("public")
def page(plan: str, number: int) -> str:
    """One published assessment, ready to be printed."""
    shown = queries.public_assessment(plan, number)
    return render_template(
        "supervision/public/assessment.html", page=shown, say=reader(shown), definitions=DEFINITIONS
    )


@public.get("/plans/<plan>/assessments/<int:number>.xlsx")
@access("public")
def workbook(plan: str, number: int) -> Response:
    """The same as an Excel workbook."""
    from civic.supervision.workbooks import workbook_of

    content = workbook_of(queries.public_assessment(plan, number))
    name = f"assessment-{plan}-{number}-{current_locale()}.xlsx"
    return Response(
        content, content_type=WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
