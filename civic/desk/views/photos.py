"""Photos of messages: each is looked at by itself before the public sees it, and parts of it can be covered."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from civic.cases import queries as cases
from civic.cases import services
from civic.cases.rules import PhotoState
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.desk.policy import READERS
from civic.desk.views import bp
from civic.desk.views.case import read_case
from civic.files import queries as files
from civic.files.rules import COLUMNS, ROWS
from civic.files.views import answer_with
from civic.web.access import access, current_actor


@bp.get("/photos")
@access(Role.DISPATCHER)
def photos() -> str:
    """Photos that nobody has decided on, the oldest first."""
    return render_template(
        "desk/photos.html", waiting=cases.waiting_photos(), count=cases.count_waiting_photos()
    )


@bp.get("/cases/<reference>/photos/<int:number>/original")
@access(*READERS)
def original_photo(reference: str, number: int) -> Response:
    """The photo as it was sent, for who may see the case."""
    key = cases.photo_of_case(read_case(reference).case.case_id, number).file_key
    if key is None:
        abort(404)
    return answer_with(files.file(key))


@bp.route("/cases/<reference>/photos/<int:number>", methods=["GET", "POST"])
@access(Role.DISPATCHER)
def decide_photo(reference: str, number: int) -> str | BaseResponse:
    """Show one photo to the public, with or without covered squares, or hold it back."""
    page = read_case(reference)
    if request.method == "GET":
        photo = cases.photo_of_case(page.case.case_id, number)
        return render_template("desk/photo.html", page=page, photo=photo, columns=COLUMNS, rows=ROWS)
    choice = request.form.get("choice", "")
    squares = frozenset(
        int(one) for one in request.form.getlist("square") if one.isdecimal() and len(one) < 4
    )
    with unit_of_work():
        services.decide_photo(
            current_actor(),
            page.case.case_id,
            number,
            PhotoState(choice) if choice in set(PhotoState) else PhotoState.WAITING,
            clock.now(),
            squares=squares,
        )
    if choice == PhotoState.HELD:
        flash(_("The photo is held back."), "success")
    else:
        flash(_("The photo stands with the message as long as that is public."), "success")
    following = cases.waiting_photos(1)
    if following and request.form.get("from") == "photos":
        return redirect(
            url_for("desk.decide_photo", reference=following[0].reference, number=following[0].number)
        )
    return redirect(url_for("desk.case", reference=page.case.reference))
