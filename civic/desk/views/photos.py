"""Photos of messages: each is looked at by itself before the public sees it, and parts of it can be covered."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from civic.cases import queries as cases
from civic.cases import services
from civic.cases.queries import PhotoRow
from civic.cases.rules import PhotoState
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.errors import Invalid
from civic.desk.policy import READERS
from civic.desk.queries import DeskCase
from civic.desk.views import bp
from civic.desk.views.case import read_case
from civic.files import queries as files
from civic.files.rules import COLUMNS, rows_of
from civic.files.views import answer_with, small_answer_with
from civic.web.access import access, current_actor
from civic.web.messages import say

LISTS = ("photos", "review")
"""Where a decision can be come to from, and goes on afterwards."""


@bp.get("/photos")
@access(Role.DISPATCHER)
def photos() -> str:
    """Photos that nobody has decided on, the oldest first."""
    return render_template(
        "desk/photos.html", waiting=cases.waiting_photos(), count=cases.count_waiting_photos()
    )


@bp.get("/cases/<reference>/photos/<int:photo_id>/<any(small,full):size>")
@access(*READERS)
def original_photo(reference: str, photo_id: int, size: str) -> Response:
    """A photo of the case, or of one merged into it, as it was sent; for who may see the case."""
    key = cases.photo_within_case(read_case(reference).case.case_id, photo_id).seen_key
    if key is None:
        abort(404)
    row = files.file(key)
    return small_answer_with(row) if size == "small" else answer_with(row)


@bp.route("/cases/<reference>/photos/<int:photo_id>", methods=["GET", "POST"])
@access(Role.DISPATCHER)
def decide_photo(reference: str, photo_id: int) -> str | BaseResponse | tuple[str, int]:
    """Show one photo to the public, with or without covered squares, or hold it back."""
    page = read_case(reference)
    photo = cases.photo_within_case(page.case.case_id, photo_id)
    if photo.reference != page.case.reference:
        # While its message is part of another case the public reads nothing of it.
        abort(404)
    if request.method == "GET":
        return _page(page, photo, photo.squares)
    squares = frozenset(
        int(one) for one in request.form.getlist("square") if one.isdecimal() and len(one) < 4
    )
    choice = request.form.get("choice", "")
    try:
        with unit_of_work():
            services.decide_photo(
                current_actor(),
                page.case.case_id,
                photo.number,
                PhotoState(choice) if choice in set(PhotoState) else PhotoState.WAITING,
                clock.now(),
                squares=squares,
            )
    except Invalid as error:
        return _page(page, photo, squares, say(error)), 422
    if choice == PhotoState.HELD:
        flash(_("The photo is held back."), "success")
    else:
        flash(_("The photo stands with the message as long as that is public."), "success")
    return redirect(_next(page))


def _page(page: DeskCase, photo: PhotoRow, squares: frozenset[int], problem: str = "") -> str:
    file = files.file(photo.seen_key) if photo.seen_key else None
    return render_template(
        "desk/photo.html",
        page=page,
        photo=photo,
        file=file,
        squares=squares,
        columns=COLUMNS,
        rows=rows_of(file.width or 1, file.height or 1) if file else 0,
        problem=problem,
        came_from=_came_from(),
    )


def _came_from() -> str:
    given = request.values.get("from", "")
    return given if given in LISTS else ""


def _next(page: DeskCase) -> str:
    """The next photo that waits, or the list or case from which this one was opened."""
    came_from, reference = _came_from(), page.case.reference
    if came_from == "review":
        return url_for("desk.review", case=reference)
    if came_from == "":
        return url_for("desk.case", reference=reference)
    following = next(iter(cases.waiting_photos(1)), None)
    if following is None:
        return url_for("desk.photos")
    values = {"reference": following.reference, "photo_id": following.id, "from": came_from}
    return url_for("desk.decide_photo", **values)  # type: ignore[arg-type]
