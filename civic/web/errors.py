"""Error pages: a clear sentence and a way on, in the reader's language; never a traceback."""

from __future__ import annotations

import re

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from civic.core import clock
from civic.core.errors import DomainError, TooMany
from civic.core.extensions import db
from civic.web.access import current_actor
from civic.web.messages import say
from civic.web.senders import clock_time, seconds_until

PAGES = {400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503}


NOT_TYPED = (
    "password",
    "again",
    "code",
    "token",
    "nonce",
    "challenge",
    "altcha",
    "ticket",
    "seen",
    "version",
    "hash",
    "next",
)
"""Parts of the names of fields that are secret or that the page itself filled in."""
CHOICE = re.compile(r"[a-z0-9_.:-]{0,6}|[a-z][a-z_-]*")
"""What a box, a list or a row's id sends; a telephone number is longer."""


def _page(status: int, sentence: str = "") -> Response:
    # When the database is in trouble nobody's session is asked for.
    staff = status < 500 and current_actor().is_staff
    page = render_template(
        "errors/error.html", status=status, sentence=sentence, staff=staff, typed=_typed(status)
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _typed(status: int) -> list[str]:
    """What a refused form held, so that the person can copy it and nothing is lost."""
    if request.method != "POST" or status == 413:
        return []
    return [
        value
        for name, value in request.form.items()
        if not CHOICE.fullmatch(value.strip()) and not any(part in name for part in NOT_TYPED)
    ]


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    response = _page(status if status in PAGES else 400)
    if status == 405:
        response.headers.extend(error.get_headers(request.environ))
        response.content_type = "text/html; charset=utf-8"
    return response


def _domain(error: DomainError) -> Response:
    return _page(error.status if error.status in PAGES else 400, say(error))


def _too_many(error: TooMany) -> Response:
    now = clock.now()
    sentence = _(
        "This was done very often in a short time. Please try again after %(time)s.",
        time=clock_time(error.again_at, now),
    )
    response = _page(429, sentence)
    response.headers["Retry-After"] = seconds_until(error.again_at, now)
    return response


def _csrf(_error: CSRFError) -> Response:
    return _page(
        400,
        _(
            "The form was open for too long or your browser blocks cookies. Go back, reload the page and send it again."
        ),
    )


def _limited(_error: RateLimitExceeded) -> Response:
    return _page(429)


def _unexpected(error: Exception) -> Response:
    structlog.get_logger().error("unexpected", exc_info=error, route=str(request.url_rule))
    db.session.rollback()
    return _page(500)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RateLimitExceeded, _limited)
    if app.extensions["settings"].environment != "testing":
        app.register_error_handler(Exception, _unexpected)
