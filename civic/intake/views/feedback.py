"""Saying something: about an item, a paragraph, or without knowing what it belongs to.

The form comes back with everything in it whatever goes wrong: an error, a page left open overnight, too
many messages from one connection. One look at fitting items, similar voices and other
channels comes before sending, once, and never stops anyone.
"""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response

from civic.core import clock
from civic.core.actor import RESIDENT
from civic.core.config import settings
from civic.core.errors import Invalid
from civic.core.extensions import csrf, limiter
from civic.core.text import tidy
from civic.intake import queries
from civic.intake.browsers import number_browser
from civic.intake.forms import LONGEST, NO_ITEM, FeedbackForm
from civic.intake.photos import KeptPhoto, receive_photos
from civic.intake.queries import Look, Subject
from civic.intake.tickets import new_ticket, read_ticket
from civic.intake.views import bp
from civic.intake.views.sending import fill_choices, send
from civic.web.access import access
from civic.web.messages import put_on_form

LIMIT = "20 per hour; 60 per day"
"""Messages per address; a neighbourhood centre helps many people from one connection."""


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
    form = FeedbackForm(formdata=None, text=words, ticket=new_ticket(clock.now()))
    fill_choices(form)
    found = queries.look(words, None, suggest=True)
    if found:
        form.looked.data = "1"
    if found.similar:
        number_browser()
    return _page(form, Subject(), look=found, early=True)


def _form(subject: Subject) -> Response | str | tuple[str, int]:
    now = clock.now()
    form = FeedbackForm()
    fill_choices(form)
    if request.method == "GET":
        form.ticket.data = new_ticket(now)
        return _page(form, subject)
    ticket = read_ticket(form.ticket.data or "", now)
    fine = form.validate()
    photos = receive_photos(RESIDENT, form, now)
    if ticket is None:
        form.ticket.data = new_ticket(now)
        form.came_late()
    if not fine or form.photos.errors or ticket is None:
        return _again(form, subject, photos), 422
    about = _about(form, subject)
    if not form.looked.data:
        form.looked.data = "1"
        found = queries.look(form.text.data or "", about.item, suggest=not form.about.data)
        if found.similar:
            number_browser()
        if found:
            return _page(form, subject, photos, found)
    held = bool(form.website.data) or ticket.is_quick(now)
    try:
        with limiter.limit(LIMIT):
            # Whoever writes here writes for themselves, also with a staff session in the same browser.
            receipt = send(RESIDENT, form, about, photos, ticket, now, held=held)
    except RateLimitExceeded:
        form.form_errors.append(
            _(
                "Very many messages came from your connection. Your text is kept on this page: wait an hour and "
                "press the button again, or call the hotline."
            )
        )
        return _again(form, subject, photos), 429
    except Invalid as error:
        put_on_form(form, error)
        return _again(form, subject, photos), 422
    session["receipt"] = ticket.nonce
    session["case"] = receipt.case_id
    return redirect(url_for("intake.receipt"))


def _about(form: FeedbackForm, subject: Subject) -> Subject:
    chosen = form.about.data or ""
    return subject if subject.item or chosen in ("", NO_ITEM) else queries.find_subject(chosen)


def _again(form: FeedbackForm, subject: Subject, photos: tuple[KeptPhoto, ...]) -> str:
    """The form as it was filled in, with the item that was chosen and where else to turn at once."""
    look = queries.look_again(form.text.data or "", subject.item, form.about.data or "")
    return _page(form, subject, photos, look)


def _page(
    form: FeedbackForm,
    subject: Subject,
    photos: tuple[KeptPhoto, ...] = (),
    look: Look | None = None,
    *,
    early: bool = False,
) -> str:
    return render_template(
        "intake/public/form.html",
        form=form,
        subject=subject,
        photos=photos,
        look=look or Look(),
        early=early,
        answers=queries.answer_deadlines(subject.lead, clock.now()),
        no_item=NO_ITEM,
        contact_days=settings().contact_days,
    )
