"""Showing somebody the photos of the own case, as they were sent."""

from __future__ import annotations

from flask import Response, abort, session

from civic.cases import queries as cases
from civic.files import queries as files
from civic.files.views import answer_with, small_answer_with
from civic.intake.views import bp
from civic.web.access import access


@bp.get("/track/case/photos/<int:number>/<any(small,full):size>")
@access("resident")
def own_photo(number: int, size: str) -> Response:
    """A photo of the own case; once the original was erased, the copy that the public sees."""
    case_id = session.get("case")
    key = cases.photo_of_case(case_id, number).seen_key if case_id is not None else None
    if key is None:
        abort(404)
    row = files.file(key)
    return small_answer_with(row) if size == "small" else answer_with(row)
