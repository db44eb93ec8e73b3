"""Showing somebody the own photos: on the form that isn't sent yet, and with the own case."""

from __future__ import annotations

from flask import Response, abort, request, session

from civic.cases import queries as cases
from civic.files import queries as files
from civic.files.views import answer_with
from civic.intake.photos import read_photo
from civic.intake.views import bp
from civic.web.access import access


@bp.get("/feedback/photo")
@access("resident")
def draft_photo() -> Response:
    """A photo of a form that isn't sent yet: the signed name is what opens it."""
    key = read_photo(request.args.get("token", ""))
    if key is None:
        abort(404)
    return answer_with(files.file(key))


@bp.get("/track/case/photos/<int:number>")
@access("resident")
def own_photo(number: int) -> Response:
    """A photo of the own case, as it was sent."""
    case_id = session.get("case")
    if case_id is None:
        abort(404)
    key = cases.photo_of_case(case_id, number).file_key
    if key is None:
        abort(404)
    return answer_with(files.file(key))
