"""The stage on which every endpoint is tried: one account for each role, two departments, what pages need to show."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from civic.core.actor import Actor, Role
from civic.core.extensions import db
from tests.factories import make_account, make_department, sign_in

PERSONAS = (
    "nobody", "handler", "lead", "other", "dispatcher", "editor", "deputy", "auditor", "admin",
)  # fmt: skip
"""``handler`` and ``lead`` belong to the department of the case; ``other`` is both, elsewhere."""


@dataclass
class Stage:
    """An application on SQLite with its data, which can be put back to where it was."""

    app: Flask
    saved: Path
    department_id: int = 0
    other_department_id: int = 0
    accounts: dict[str, Actor] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    """What lines need beyond that: ids and references, by name."""
    cookies: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["facts"][name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, persona: str) -> FlaskClient:
        """A browser in which this persona is signed in."""
        client = self.app.test_client()
        if persona != "nobody":
            client.set_cookie(self._cookie_name, self.cookies[persona])
        return client

    def save(self) -> None:
        """Sign everybody in, and keep the database as it then is."""
        for persona, account in self.accounts.items():
            cookie = sign_in(self.app.test_client(), account).get_cookie(self._cookie_name)
            assert cookie is not None
            self.cookies[persona] = cookie.value
        with self.app.app_context():
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        shutil.copy(self._database, self.saved)

    def restore(self) -> None:
        """Put the database back to where it was saved."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for leftover in ("-wal", "-shm"):
            self._database.with_name(self._database.name + leftover).unlink(missing_ok=True)
        shutil.copy(self.saved, self._database)

    def watched(self) -> Watch:
        """Tells from now on whether anything was written."""
        return Watch(self._database)

    @property
    def _cookie_name(self) -> str:
        return str(self.app.config["SESSION_COOKIE_NAME"])

    @property
    def _database(self) -> Path:
        return Path(self.app.instance_path) / "civic.db"


def set_stage(app: Flask, saved: Path) -> Stage:
    """Make accounts and departments; what features add is in ``tests.access.lines``."""
    stage = Stage(app, saved)
    with app.app_context():
        stage.department_id = make_department("ours", "本局")
        stage.other_department_id = make_department("theirs", "他局")
        ours, theirs = stage.department_id, stage.other_department_id
        stage.accounts = {
            "handler": make_account(Role.HANDLER, department_id=ours),
            "lead": make_account(Role.LEAD, department_id=ours),
            "other": make_account(Role.HANDLER, Role.LEAD, department_id=theirs),
            **{role.value: make_account(role) for role in Role if role not in (Role.HANDLER, Role.LEAD)},
        }
    return stage


class Watch:
    """A second connection to a SQLite database, which SQLite tells when another one has committed a change."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database)
        self._before = self._version()

    def has_changed(self) -> bool:
        """Whether a row of any table was written since; ends the watch."""
        with closing(self._connection):
            return self._version() != self._before

    def _version(self) -> int:
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version
