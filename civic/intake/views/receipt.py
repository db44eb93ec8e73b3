"""The receipt: number and query code, what happens next and when. Shown to the one browser that sent the form."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from civic.cases import services as cases
from civic.core.ids import group_code
from civic.departments import queries as departments
from civic.intake.views import bp
from civic.web.access import access


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


def track_code(reference: str, code: str) -> Markup:
    """A QR code (SVG) that opens the tracking page filled in. The code stands behind ``#``: no server sees it."""
    address = url_for("intake.track", _external=True, _scheme=request.scheme) + f"#{reference},{code}"
    out = BytesIO()
    segno.make(address, micro=False, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        svgclass="qr",
        lineclass="qr-line",
        nl=False,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 (segno's own drawing; nothing of a person's text is in it)
