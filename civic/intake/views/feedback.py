"""Saying something: about an item, a paragraph, or without knowing what it belongs to.

The form comes back with everything in it whatever goes wrong: an error, a page left open overnight, too
many messages in a short time. One look at fitting items, similar voices and other
channels comes before sending, once, and never stops anyone.
"""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.cases import queries as cases
from civic.cases import services as case_services
from civic.cases.queries import SentBefore
from civic.core import clock
from civic.core.actor import RESIDENT
from civic.core.config import settings
from civic.core.errors import Invalid, TooMany
from civic.core.extensions import csrf
from civic.core.text import tidy
from civic.core.windows import DAY
from civic.intake import queries
from civic.intake.browsers import number_browser
from civic.intake.forms import LONGEST, NO_ITEM, FeedbackForm
from civic.intake.photos import KeptPhoto, receive_photos
from civic.intake.queries import Look, Subject
from civic.intake.services import Arrival
from civic.intake.tickets import new_ticket, read_ticket
from civic.intake.views import bp
from civic.intake.views.limiting import limited, when_again
from civic.intake.views.sending import fill_choices, send
from civic.web.access import access
from civic.web.messages import put_on_form
from civic.web.senders import this_sender

REMEMBERED = 8
"""Forms that a browser was given and still knows: to say that the very same message was sent before."""


@bp.route("/feedback/new", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def new_feedback_anywhere() -> Response | str | tuple[str, int]:
    """Say something without knowing the item; the likeliest ones are offered before sending."""
    return _form(Subject())


@bp.route("/plans/<plan>/<code>/feedback", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def new_feedback(plan: str, code: str) -> Response | str | tuple[str, int]:
    """Say something about an item, or about one of its paragraphs (``?paragraph=p2``)."""
    return _form(queries.subject(plan, code, request.args.get("paragraph", "")))


@bp.post("/feedback/words")
@csrf.exempt
@access("resident")
def in_own_words() -> Response | str:
    """What was typed into a search, carried over to the form with the items it fits. By POST: it's nobody's log's."""
    words = tidy(request.form.get("q", ""))[:LONGEST]
    if not words:
        return redirect(url_for("intake.new_feedback_anywhere"))
    form = FeedbackForm(formdata=None, text=words, ticket=_ticket(clock.now()))
    fill_choices(form)
    found = queries.look(words, None, suggest=True)
    if found:
        form.looked.data = "1"
    if found.similar:
        number_browser()
    return _page(form, Subject(), look=found, early=True)


def _form(subject: Subject) -> Response | str | tuple[str, int]:
    now = clock.now()
    sender = this_sender(now)
    form = FeedbackForm()
    fill_choices(form)
    if request.method == "GET":
        form.ticket.data = _ticket(now)
        return _page(form, subject)
    ticket = read_ticket(form.ticket.data or "", now)
    fine = form.validate()
    photos = receive_photos(RESIDENT, form, now, sender)
    if ticket is None:
        form.ticket.data = _ticket(now)
        form.came_late()
    if not fine or form.photos.errors or ticket is None:
        return _again(form, subject, photos), 422
    known = case_services.receipt_of(ticket.nonce)
    if known:
        return _received(ticket.nonce, known.case_id)
    about = _about(form, subject)
    if not form.looked.data:
        form.looked.data = "1"
        found = queries.look(form.text.data or "", about.item, suggest=not form.about.data)
        if found.similar:
            number_browser()
        if found:
            return _page(form, subject, photos, found)
    before = _sent_before(form, about, now)
    if before:
        session["receipt"], session["case"] = before.nonce, before.case_id
        return _again(form, subject, photos, before), 422
    arrival = Arrival(
        sender=sender,
        nonce=ticket.nonce,
        text=form.text.data or "",
        proof=form.altcha.data or "",
        trap=bool(form.website.data),
        quick=ticket.is_quick(now),
    )
    try:
        # Whoever writes here writes for themselves, also with a staff session in the same browser.
        receipt = send(RESIDENT, form, about, photos, ticket, now, arrival=arrival)
    except TooMany as error:
        very_many = _("Very many messages came from this browser or connection in a short time.")
        form.must_wait(very_many, *when_again(error, now))
        return limited(_again(form, subject, photos), error, now)
    except Invalid as error:
        put_on_form(form, error)
        return _again(form, subject, photos), 422
    return _received(ticket.nonce, receipt.case_id)


def _received(nonce: str, case_id: int) -> Response:
    session["receipt"], session["case"] = nonce, case_id
    _remember(nonce)
    return redirect(url_for("intake.receipt"))


def _ticket(now: datetime) -> str:
    """A fresh ticket that this browser remembers from now on, so also if the answer to its form gets lost."""
    ticket = new_ticket(now)
    read = read_ticket(ticket, now)
    assert read is not None
    _remember(read.nonce)
    return ticket


def _remember(nonce: str) -> None:
    session["forms"] = [*(one for one in session.get("forms", ()) if one != nonce), nonce][-REMEMBERED:]


def _sent_before(form: FeedbackForm, about: Subject, now: datetime) -> SentBefore | None:
    """The message that this browser has sent within a day with the same words about the same thing."""
    street_id, community_id = queries.place_of(form.where.data or "")
    same = {
        "item_id": about.item.id if about.item else None,
        "street_id": street_id,
        "community_id": community_id,
        "place": (form.place.data or "").strip(),
    }
    return cases.sent_before(session.get("forms", ()), form.text.data or "", same, now - DAY)


def _about(form: FeedbackForm, subject: Subject) -> Subject:
    chosen = form.about.data or ""
    return subject if subject.item or chosen in ("", NO_ITEM) else queries.find_subject(chosen)


def _again(
    form: FeedbackForm,
    subject: Subject,
    photos: tuple[KeptPhoto, ...],
    before: SentBefore | None = None,
) -> str:
    """The form as it was filled in, with the item that was chosen and where else to turn at once."""
    look = queries.look_again(form.text.data or "", subject.item, form.about.data or "")
    return _page(form, subject, photos, look, before=before)


def _page(
    form: FeedbackForm,
    subject: Subject,
    photos: tuple[KeptPhoto, ...] = (),
    look: Look | None = None,
    *,
    early: bool = False,
    before: SentBefore | None = None,
) -> str:
    return render_template(
        "intake/public/form.html",
        form=form,
        subject=subject,
        photos=photos,
        look=look or Look(),
        early=early,
        before=before,
        asks_proof=settings().rate_limits and settings().proof_difficulty > 0,
        answers=queries.answer_deadlines(subject.lead, clock.now()),
        no_item=NO_ITEM,
        contact_days=settings().contact_days,
    )
