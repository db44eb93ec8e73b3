"""Showing somebody the photos of the own case, as they were sent, and the files of its answers."""

from __future__ import annotations

from flask import Response, abort, session

from civic.cases import queries as cases
from civic.core import clock
from civic.files import queries as files
from civic.files.views import answer_with, small_answer_with
from civic.intake import queries
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


@bp.get("/track/case/files/<int:attachment_id>")
@access("resident")
def own_file(attachment_id: int) -> Response:
    """A file that went out with an answer to the own case."""
    case_id = session.get("case")
    if case_id is None:
        abort(404)
    page = queries.tracked(case_id, clock.now())
    shown = (one for reply in page.case.replies if not reply.is_concealed for one in reply.files)
    found = next((one for one in shown if one.id == attachment_id), None)
    if found is None:
        abort(404)
    return answer_with(files.file(found.file_key))
