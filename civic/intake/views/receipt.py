"""The receipt: number and query code, what happens next and when. Shown to the one browser that sent the form."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from civic.cases import services as cases
from civic.core.ids import group_code
from civic.departments import queries as departments
from civic.intake.views import bp
from civic.web.access import access
from civic.web.qr import track_code


@bp.get("/feedback/receipt")
@access("resident")
def receipt() -> Response | str:
    """The receipt of what this browser just sent; later only the person has the code."""
    nonce = session.get("receipt")
    found = cases.receipt_of(nonce) if nonce else None
    if found is None:
        return redirect(url_for("intake.track"))
    return render_template(
        "intake/public/receipt.html",
        receipt=found,
        code=group_code(found.query_code),
        department=departments.department(found.department_id) if found.department_id else None,
        qr=track_code(found.reference, found.query_code),
    )
