"""Sessions exist only where a page needs one: a public page neither reads nor sets a cookie."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException

from civic.web.access import is_public


class NoSession(dict[str, Any], SessionMixin):
    """The session of a public page: empty, and what is put in is forgotten with the request."""

    modified = False
    accessed = False
    permanent = False


class QuietSessions(SecureCookieSessionInterface):
    """Opens no session for public endpoints, so that no library can add ``Vary: Cookie`` to them."""

    def open_session(self, app: Flask, request: Request) -> Any:
        if is_public(app, _endpoint()):
            return NoSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if isinstance(session, NoSession):
            return
        super().save_session(app, session, response)


def _endpoint() -> str | None:
    """Where the request goes. Flask opens the session before it matches the address, so this is asked here."""
    if request_ctx.url_adapter is None:
        return None
    try:
        endpoint: str = request_ctx.url_adapter.match()[0]
    except HTTPException:
        return None
    return endpoint


def init_app(app: Flask) -> None:
    app.session_interface = QuietSessions()
