"""Flask-Security, set up for this house: its hashing, sessions, freshness and codes, but none of its pages.

Its own views speak JSON, know auth tokens, e-mail codes and "remember me"; we have no use for
them, so they aren't registered and can't be reached. The pages are in ``civic.accounts.views``.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, request, session
from flask_login import current_user
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore
from flask_security.utils import check_and_update_authn_fresh, login_user, logout_user, set_request_attr
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from civic.accounts import credentials, queries, services
from civic.accounts.devices import device_of
from civic.accounts.models import Account
from civic.accounts.rules import FRESHNESS, PASSWORD_MIN, SEEN_EVERY
from civic.core import audit, clock
from civic.core.actor import Actor
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.web.access import register_actor_loader

SESSION_KEY = "staff_session"
"""Where the cookie keeps the token of the sign-in."""


class _NoRole(RoleMixin):
    """Flask-Security wants a role model; ours are the grants, and it never asks for one."""


def init_security(app: Flask) -> None:
    """Configure Flask-Security and say how the signed-in person is found."""
    settings: Settings = app.extensions["settings"]
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (the name of a scheme)
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SALT=settings.password_salt,
        SECURITY_PASSWORD_LENGTH_MIN=PASSWORD_MIN,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_FRESHNESS=FRESHNESS,
        SECURITY_FRESHNESS_GRACE_PERIOD=timedelta(0),
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_REQUIRED=settings.second_factor_required,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_TOTP_SECRETS=credentials.totp_secrets(settings.contact_keys),
        SECURITY_TOTP_ISSUER="Civic",
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    if settings.environment == "testing":
        # The cheapest parameters Argon2 knows: tests check the wiring, not the cost.
        app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {
            "argon2__rounds": 1,
            "argon2__memory_cost": 8,
            "argon2__parallelism": 1,
        }
    security = Security(
        app,
        SQLAlchemyUserDatastore(db, Account, _NoRole),
        register_blueprint=False,
        totp_cls=credentials.ReplaySafeTotp,
    )
    manager = security.login_manager
    manager.user_loader(_load)
    # No token in a header or an address opens a session.
    manager.request_loader(lambda _request: None)
    # Roles are asked of the actor; without this every request would load an identity as well.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    register_actor_loader(app, _actor)
    app.after_request(_note_seen)


def _load(uniquifier: str) -> Account | None:
    token = session.get(SESSION_KEY)
    if not uniquifier or not isinstance(token, str):
        return None
    found = queries.signed_in(uniquifier, token, clock.now())
    if found is None:
        return None
    g.staff_session = found
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return found.account


def _note_seen(response: Response) -> Response:
    """Note that the session is in use, at most every half an hour; a page never fails because of that."""
    found: queries.Signed | None = g.get("staff_session")
    now = clock.now()
    if found is not None and now - found.seen_at > SEEN_EVERY:
        with suppress(SQLAlchemyError), unit_of_work():
            services.note_seen(found.session_id, now)
    return response


def _actor() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    # Loading the user has found the session, but for whoever signs in with this very request.
    found: queries.Signed | None = g.get("staff_session")
    held = found.held if found is not None and found.account.id == current_user.id else None
    return queries.as_actor(current_user, held)


def sign_in(account: Account, how: str, now: datetime) -> None:
    """Open the session of an account that has proven itself; whatever the session held before is dropped."""
    with unit_of_work():
        token = services.start_session(account.id, device_of(request.user_agent.string), now)
        audit.record(queries.as_actor(account), "signed_in", "account", account.id, now, how=how)
    session.clear()
    session[SESSION_KEY] = token
    login_user(account, remember=False, authn_via=[how])


def sign_out(actor: Actor, now: datetime) -> None:
    """End the session on the server and in the browser."""
    token = session.get(SESSION_KEY)
    if isinstance(token, str):
        with unit_of_work():
            services.end_session(actor, token, now)
    logout_user()
    session.clear()


def token() -> str:
    """What this browser's cookie holds of the sign-in."""
    return str(session.get(SESSION_KEY, ""))


def is_fresh() -> bool:
    """Whether the password was typed within the last 15 minutes."""
    return bool(check_and_update_authn_fresh(FRESHNESS, timedelta(0)))


def session_user() -> Any:
    """The row of the signed-in account."""
    return current_user._get_current_object()


def refresh() -> None:
    """The password was typed just now."""
    session["fs_paa"] = time.time()
    set_request_attr("fs_paa", session["fs_paa"])
