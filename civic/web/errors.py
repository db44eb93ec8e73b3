"""Error pages: a clear sentence and a way on, in the reader's language; never a traceback."""

from __future__ import annotations

import structlog
from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from civic.core.errors import DomainError
from civic.core.extensions import db
from civic.web.messages import say

PAGES = {400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503}


def _page(status: int, sentence: str = "") -> Response:
    template = f"errors/{status}.html"
    names = [template, "errors/error.html"]
    response = make_response(
        render_template(current_app.jinja_env.select_template(names), status=status, sentence=sentence),
        status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


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
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RateLimitExceeded, _limited)
    if app.extensions["settings"].environment != "testing":
        app.register_error_handler(Exception, _unexpected)
