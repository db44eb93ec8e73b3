"""What a database is asked, for tests that count it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from civic.core.extensions import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the database is sent, transaction control left out."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def between_changes(seen: list[str]) -> list[str]:
    """What was asked from the first change of a case to the last."""
    changes = [n for n, statement in enumerate(seen) if statement.startswith("INSERT INTO case_event")]
    return seen[changes[0] : changes[-1]]
