"""Writing for a caller or visitor: the same form, with how it came in, and a receipt to print or read out."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases import services as cases
from civic.core import clock
from civic.core.actor import Role
from civic.core.errors import Invalid, NotFound
from civic.core.ids import group_code
from civic.departments import queries as departments
from civic.intake import queries
from civic.intake.forms import NO_ITEM, AssistedForm
from civic.intake.photos import KeptPhoto, receive_photos
from civic.intake.queries import Look, Subject
from civic.intake.tickets import new_ticket, read_ticket
from civic.intake.views import bp
from civic.intake.views.sending import fill_choices, send
from civic.plans import queries as plans
from civic.web.access import access, current_actor
from civic.web.messages import put_on_form, say
from civic.web.qr import track_code

WRITERS = (Role.HANDLER, Role.LEAD, Role.DISPATCHER)


@bp.route("/desk/intake/new", methods=["GET", "POST"])
@access(*WRITERS)
def assisted() -> Response | str | tuple[str, int]:
    """The form; without an item the likeliest ones are offered before sending, once."""
    now = clock.now()
    form = AssistedForm()
    fill_choices(form)
    if request.method == "GET":
        form.ticket.data = new_ticket(now)
        return _page(form)
    ticket = read_ticket(form.ticket.data or "", now)
    fine = form.validate()
    photos = receive_photos(current_actor(), form, now)
    if ticket is None:
        form.ticket.data = new_ticket(now)
        form.came_late()
    if not fine or form.photos.errors or ticket is None:
        return _again(form, photos), 422
    try:
        subject = _subject(form)
    except NotFound as error:
        form.item.errors = [say(error)]
        return _again(form, photos), 422
    if not form.looked.data:
        form.looked.data = "1"
        found = queries.look(form.text.data or "", subject.item, suggest=not form.about.data)
        if found:
            return _page(form, photos, found)
    try:
        receipt = send(current_actor(), form, subject, photos, ticket, now)
    except Invalid as error:
        put_on_form(form, error)
        return _again(form, photos), 422
    session["assisted"] = ticket.nonce
    return redirect(url_for("intake.assisted_receipt", reference=receipt.reference))


@bp.get("/desk/intake/<reference>/receipt")
@access(*WRITERS)
def assisted_receipt(reference: str) -> Response | str:
    """The receipt to hand over or read out; the query code is there only for who has just entered the case."""
    nonce = session.get("assisted")
    found = cases.receipt_of(nonce) if nonce else None
    if found is None or found.reference != reference:
        return redirect(url_for("intake.assisted"))
    return render_template(
        "intake/staff/receipt.html",
        receipt=found,
        code=group_code(found.query_code),
        department=departments.department(found.department_id) if found.department_id else None,
        qr=track_code(found.reference, found.query_code),
    )


def _subject(form: AssistedForm) -> Subject:
    code = (form.item.data or "").strip().upper().replace("。", ".")
    if code:
        return queries.subject_by_code(code)
    chosen = form.about.data or ""
    return Subject() if chosen in ("", NO_ITEM) else queries.find_subject(chosen)


def _again(form: AssistedForm, photos: tuple[KeptPhoto, ...]) -> str:
    return _page(form, photos, queries.look_again(form.text.data or "", None, form.about.data or ""))


def _page(form: AssistedForm, photos: tuple[KeptPhoto, ...] = (), look: Look | None = None) -> str:
    current = next((plan for plan in plans.plans() if plan.status == "published"), None)
    items = [item for item in plans.document(current.slug).items if item.kind == "clause"] if current else []
    return render_template(
        "intake/staff/form.html", form=form, photos=photos, look=look or Look(), items=items,
        title=_("Enter for a caller"), no_item=NO_ITEM,
    )  # fmt: skip
