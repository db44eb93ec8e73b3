"""Files of staff on a case: put with the answer or for colleagues, opened, and taken away."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from civic.cases import services
from civic.cases.queries import AttachmentView
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.errors import DomainError
from civic.desk.file_forms import AttachForm
from civic.desk.policy import READERS, WORKERS
from civic.desk.queries import DeskCase
from civic.desk.views import bp
from civic.desk.views.acting import back
from civic.desk.views.case import read_case, render_case
from civic.files import queries as files
from civic.files.services import made_upload
from civic.files.views import answer_with
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form


@bp.post("/cases/<reference>/files")
@access(*WORKERS)
def attach(reference: str) -> str | BaseResponse | tuple[str, int]:
    """Put a file with the case. It changes nothing about the case, so no version is asked for."""
    page = read_case(reference)
    form = AttachForm.of(page.case)
    if form.validate_on_submit():
        try:
            upload = made_upload(form.upload.data.read(), form.upload.data.filename or "")
            with unit_of_work():
                services.attach_file(current_actor(), page.case.case_id, upload, form.target, clock.now())
        except DomainError as error:
            error.field = error.field or "upload"
            put_on_form(form, error)
        else:
            flash(_("The file is kept with the case."), "success")
            return _to_files(page)
    return render_case(page, attach=form), 422


@bp.get("/cases/<reference>/files/<int:attachment_id>")
@access(*READERS)
def attachment(reference: str, attachment_id: int) -> Response:
    """A file on the case, for who may see what it stands with."""
    found = next((one for one in _files_of(read_case(reference)) if one.id == attachment_id), None)
    if found is None:
        abort(404)
    return answer_with(files.file(found.file_key))


@bp.post("/cases/<reference>/files/<int:attachment_id>/remove")
@access(*WORKERS)
def remove_attachment(reference: str, attachment_id: int) -> BaseResponse:
    """Erase a file that has not gone out, or take down one that has."""
    page, form = read_case(reference), FlaskForm()
    if not form.validate_on_submit():
        abort(400)
    with unit_of_work():
        services.remove_attachment(current_actor(), page.case.case_id, attachment_id, clock.now())
    flash(_("The file is taken away."), "success")
    return _to_files(page)


def _files_of(page: DeskCase) -> tuple[AttachmentView, ...]:
    return (*page.case.files, *(one for reply in page.case.replies for one in reply.files))


def _to_files(page: DeskCase) -> BaseResponse:
    address = url_for("desk.case", reference=page.case.reference, back=back() or None)
    return redirect(address + "#files")
