"""A random number by which a browser that supports a voice is counted once. Set where it's needed and nowhere else."""

from __future__ import annotations

from datetime import timedelta

from flask import after_this_request, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from civic.core.config import settings
from civic.core.ids import new_nonce

COOKIE = "civic-browser"
SALT = "intake.browser"
KEPT_FOR = timedelta(days=365)


def browser() -> str | None:
    """The number that the browser brought; None without one, or with one that isn't ours."""
    try:
        return str(_signer().loads(request.cookies.get(COOKIE, "")))
    except BadSignature:
        return None


def number_browser() -> None:
    """Give the browser a number with this answer, if it has none.

    With the page and not with the press: two clicks at once are then of one browser.
    """
    if browser() is None:
        number = str(_signer().dumps(new_nonce()))
        after_this_request(lambda response: _with_number(response, number))


def _with_number(response: Response, number: str) -> Response:
    response.set_cookie(
        COOKIE, number, max_age=KEPT_FOR, secure=bool(settings().https), httponly=True, samesite="Lax"
    )
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=SALT)
