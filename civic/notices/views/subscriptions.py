"""Pages of subscriptions: ask, confirm, end. A link alone changes nothing; the button on its page does."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response

from civic.changes import wording
from civic.changes.queries import Scope, department_scope, item_scope
from civic.core import clock
from civic.core.db import unit_of_work
from civic.core.errors import Invalid
from civic.core.extensions import csrf, limiter
from civic.notices import queries
from civic.notices.forms import ButtonForm, SubscribeForm
from civic.notices.mail import can_mail
from civic.notices.services import subscriptions as services
from civic.notices.tokens import Purpose, read_token
from civic.notices.views import bp
from civic.web.access import access
from civic.web.locale import current_locale
from civic.web.messages import put_on_form

LIMIT = "10 per hour; 30 per day"
"""Per connection; what one address is sent is limited as well (``MOST_ASKED_A_DAY``)."""

Answer = Response | str | tuple[str, int]


@bp.route("/plans/<plan>/<code>/subscribe", methods=["GET", "POST"])
@access("resident")
def subscribe_item(plan: str, code: str) -> Answer:
    """Subscribe to an item and everything below it."""
    return _subscribe(item_scope(plan, code), url_for("portal.item_feed", plan=plan, code=code))


@bp.route("/departments/<key>/subscribe", methods=["GET", "POST"])
@access("resident")
def subscribe_department(key: str) -> Answer:
    """Subscribe to all that a department leads, and its answers."""
    return _subscribe(department_scope(key), url_for("portal.department_feed", key=key))


def _subscribe(scope: Scope, feed: str) -> Answer:
    form = SubscribeForm()
    if not can_mail() or not form.is_submitted():
        return _form(form, scope, feed)
    if not form.validate():
        return _form(form, scope, feed), 422
    try:
        with limiter.limit(LIMIT):
            # A program that fills in every field gets the same answer and no message.
            if not form.website.data:
                with unit_of_work():
                    services.ask_to_subscribe(scope, form.address.data or "", current_locale(), clock.now())
    except RateLimitExceeded:
        form.form_errors.append(_("Too many requests from your connection. Please try again in an hour."))
        return _form(form, scope, feed), 429
    except Invalid as error:
        put_on_form(form, error)
        return _form(form, scope, feed), 422
    return redirect(url_for("notices.asked"))


def _form(form: SubscribeForm, scope: Scope, feed: str) -> str:
    return render_template(
        "notices/public/subscribe.html",
        form=form,
        name=wording.name_of_scope(scope),
        page=wording.page_of_scope(scope),
        is_department=scope.department is not None,
        feed=wording.absolute(feed),
    )


@bp.get("/subscriptions/asked")
@access("resident")
def asked() -> str:
    """The same for everyone who asked, whether or not the address was known."""
    return render_template("notices/public/asked.html")


@bp.route("/subscriptions/confirm/<token>", methods=["GET", "POST"])
@access("resident")
def confirm(token: str) -> Answer:
    """The link of the confirmation: one press of a button, and messages begin."""
    named = read_token(Purpose.CONFIRM, token)
    found = queries.subscription_named(named)
    if named is None or found is None or found.scope is None:
        return render_template("notices/public/void.html", ended=False), 410
    form = ButtonForm()
    done = found.confirmed_at is not None
    if form.validate_on_submit():
        with unit_of_work():
            done = services.confirm_subscription(named, clock.now())
    return render_template(
        "notices/public/confirm.html",
        form=form,
        done=done,
        name=wording.name_of_scope(found.scope),
        page=wording.page_of_scope(found.scope),
    )


@bp.route("/subscriptions/end/<token>", methods=["GET", "POST"])
@csrf.exempt
@access("resident")
def end(token: str) -> Answer:
    """The link in every message: one press ends the subscription. Mail programs post here themselves (RFC 8058),
    without cookie and form token: the signed link is what authorises it."""
    named = read_token(Purpose.END, token)
    if named is None:
        return render_template("notices/public/void.html", ended=True), 410
    found = queries.subscription_named(named)
    form = ButtonForm()
    ended = found is None
    # Not validated: whoever has the signed link may end it.
    if form.is_submitted():
        with unit_of_work():
            services.end_subscription(named)
        ended = True
    name = wording.name_of_scope(found.scope) if found and found.scope else ""
    return render_template("notices/public/end.html", form=form, ended=ended, name=name)
