"""What many tests begin with is built once per process and database; each test gets it back as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from hashlib import md5
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import event, update

from civic.core.extensions import db
from civic.web.caching import ContentVersion
from tests.copies import Rows, put_back, rows_of

T = TypeVar("T")

REFERENCE = frozenset({
    "adjustment", "annual_target", "budget", "calendar_day", "calendar_year", "commitment", "community", "department",
    "district_setting", "indicator", "item", "paragraph", "plain_summary", "plan", "plan_table", "project",
    "reorganisation", "responsibility", "routing_rule", "service_level", "statutory_channel", "street",
})  # fmt: skip
"""The tables of what a process keeps in memory until it changes: see ``civic.web.caching.kept``."""

OF_REFERENCE = ("civic.kept", "civic.search")
"""Where a process keeps what it has read of them, each with the mark that it had; the search index stands for it."""

WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})


def built_once(app: Flask, name: str, build: Callable[[], T]) -> T:
    """What ``build`` returns after writing into the empty database of ``app``; from the second time on restored.

    Needs an application context. The result is copied, so a test may change its own.
    """
    kept: dict[str, tuple[Any, Any]] = app.extensions["tests.snapshots"]
    if name in kept:
        result, saved = kept[name]
        db.session.remove()
        _restore(app, saved)
    else:
        result = build()
        _mark_reference(name)
        db.session.remove()
        kept[name] = (deepcopy(result), _save(app, name))
    app.extensions["tests.own_reference"] = True
    app.extensions.pop("tests.reference_written", None)
    copied: T = deepcopy(result)
    return copied


def _mark_reference(name: str) -> None:
    """Let reference data be kept, as where a district was loaded; :func:`forget_reference` sees what tests change."""
    if db.session.get(ContentVersion, 1) is None:
        db.session.add(ContentVersion(id=1, version=0))
    db.session.flush()
    db.session.execute(
        update(ContentVersion).values(reference=md5(name.encode(), usedforsecurity=False).hexdigest()[:16])
    )
    db.session.commit()


def forget_reference(app: Flask) -> None:
    """Have a small world's reference data read anew whenever a test writes to it by hand, or takes that back."""

    unsaved = False

    def written(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal unsaved
        verb, _, rest = statement.lstrip().partition(" ")
        if verb not in WRITES:
            return
        words = rest.removeprefix("INTO ").removeprefix("FROM ").split(None, 1)
        if words[0].strip('"') in REFERENCE:
            app.extensions["tests.reference_written"] = True
            if "tests.own_reference" in app.extensions:
                app.extensions.pop("civic.kept", None)
                unsaved = True

    def taken_back(_connection: Any) -> None:
        nonlocal unsaved
        if unsaved:
            app.extensions.pop("civic.kept", None)
        unsaved = False

    event.listen(db.engine, "before_cursor_execute", written)
    event.listen(db.engine, "rollback", taken_back)


def database_file(app: Flask) -> Path:
    """Where an application on SQLite has its database."""
    return Path(app.instance_path) / "civic.db"


def copy_database(template: Path, app: Flask) -> None:
    """Put a copy of a SQLite database in the place of the application's: a new file, not new bytes in the old one.

    Into that, a connection that somebody left open would still write what it holds when it is closed at last.
    """
    own = database_file(app)
    copied = Path(shutil.copy(template, own.with_name("next.db")))
    for leftover in ("-wal", "-shm"):
        own.with_name(own.name + leftover).unlink(missing_ok=True)
    copied.replace(own)


def _save(app: Flask, name: str) -> Path | Rows:
    with db.engine.connect() as connection:
        if db.engine.dialect.name != "sqlite":
            return rows_of(connection)
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    return Path(shutil.copy(database_file(app), database_file(app).with_name(f"{name}.saved")))


def _restore(app: Flask, saved: Path | Rows) -> None:
    if isinstance(saved, Path):
        db.engine.dispose()
        copy_database(saved, app)
        return
    with db.engine.begin() as connection:
        put_back(connection, saved.tables, saved.sequences)
