"""Published assessments: the list, the page, and the same to be taken along."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from civic.supervision import queries
from civic.supervision.reading import DEFINITIONS, reader
from civic.supervision.views.files import Format, report_file
from civic.web.access import access
from civic.web.locale import current_locale

public = Blueprint("assessments", __name__)


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
    return _file(plan, number, Format.XLSX)


@public.get("/plans/<plan>/assessments/<int:number>.docx")
@access("public")
def document(plan: str, number: int) -> Response:
    """The same as a Word file in the layout of official documents."""
    return _file(plan, number, Format.DOCX)


def _file(plan: str, number: int, wanted: Format) -> Response:
    from civic.supervision.reports.assessment import assessment_report

    report = assessment_report(queries.public_assessment(plan, number))
    return report_file(report, wanted, f"assessment-{plan}-{number}-{current_locale()}")
