"""Staff accounts and browsers in which they are signed in."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from flask import Flask, session
from flask.testing import FlaskClient

from civic.accounts import credentials, queries, security, services
from civic.accounts.models import Account
from civic.core import clock
from civic.core.actor import SYSTEM, Actor, Grant, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db

PASSWORD = "seven calm herons by the river"
"""The password of every account made here."""

_numbers = itertools.count(1)


def make_account(
    *roles: Role | str,
    department_id: int | None = None,
    grants: Iterable[Grant] = (),
    name: str | None = None,
    email: str | None = None,
) -> Actor:
    """An account with a password and no second factor, as an actor (``.account_id``, ``.grants``).

    ``roles`` that belong to a department are held in ``department_id``; ``grants`` come on top.
    Needs an application context::

        handler = make_account(Role.HANDLER, department_id=office)
        admin = make_account("admin")
    """
    number = next(_numbers)
    held = {Role(role) for role in roles}
    given = {Grant(r, department_id if r in (Role.HANDLER, Role.LEAD) else None) for r in held}
    new = services.NewAccount(
        email=email or f"staff{number}@example.org",
        name=name or f"Staff {number}",
        grants=tuple(given | set(grants)),
        password=PASSWORD,
    )
    with unit_of_work():
        account_id = services.create_account(SYSTEM, new, clock.now())
    actor = queries.actor_of(account_id)
    db.session.rollback()
    return actor


def sign_in(client: FlaskClient, account: Actor) -> FlaskClient:
    """Sign the account in without going through the pages: real session row, real cookie. Returns the client."""
    app: Flask = client.application
    assert account.account_id is not None
    with app.test_request_context("/staff/sign-in"):
        row = db.session.get_one(Account, account.account_id)
        security.sign_in(row, "password", clock.now())
        cookie = dict(session)
        db.session.remove()
    with client.session_transaction("/staff/sign-in") as stored:
        stored.clear()
        stored.update(cookie)
    return client


def sign_out(client: FlaskClient) -> FlaskClient:
    """Forget the browser's session."""
    client.delete_cookie("civic")
    return client


def enrol(account: Actor) -> str:
    """Give the account an authenticator app; returns its (encrypted) seed. See ``current_code``."""
    assert account.account_id is not None
    seed = credentials.new_seed()
    with unit_of_work():
        services.set_up_second_factor(account.account_id, seed, current_code(seed), clock.now())
        # The proof was made a while ago, so that the test can use the present code.
        db.session.get_one(Account, account.account_id).tf_last_counter = None
    return seed


def current_code(seed: str) -> str:
    """What the authenticator app shows now."""
    return str(credentials._totp().generate_totp_password(seed))
