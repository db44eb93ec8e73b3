"""What transactions do while a :mod:`crowd` is at work: whether any wrote something, and how they lock cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

WRITES = ("INSERT", "UPDATE", "DELETE")
WRITTEN_BY_ALL = ("UPDATE content_version", "INSERT INTO case_stat", "DELETE FROM case_stat")
"""Whoever changes cases and has written here waits for no further case, or two could wait in a circle."""


class Watch:
    """``changes``: how many transactions that wrote something were committed."""

    def __init__(self) -> None:
        self.changes = 0
        self._begun()

    def _begun(self, _connection: object = None) -> None:
        self._wrote = self._written_by_all = False
        self._held: set[int] = set()

    def _committed(self, _connection: object) -> None:
        self.changes += self._wrote

    def _said(
        self, _connection: object, _cursor: object, statement: str, parameters: Any, *_more: object
    ) -> None:
        if "FROM case_file" in statement and statement.endswith("FOR UPDATE"):
            self._locks({value for name, value in parameters.items() if name.startswith("id_")})
        elif statement.startswith(WRITES):
            self._wrote = True
            self._written_by_all |= statement.startswith(WRITTEN_BY_ALL)

    def _locks(self, cases: set[int]) -> None:
        new = cases - self._held
        if new and self._held:
            assert min(new) > max(self._held), "cases are locked in the order of their ids"
            assert not self._written_by_all, "cases are locked before what everybody writes to"
        self._held |= new


@contextmanager
def watching(engine: Engine) -> Iterator[Watch]:
    """Only one connection may be in use at a time."""
    watch = Watch()
    told = {
        "begin": watch._begun,
        "commit": watch._committed,
        "before_cursor_execute": watch._said,
    }
    for name, hear in told.items():
        event.listen(engine, name, hear)
    try:
        yield watch
    finally:
        for name, hear in told.items():
            event.remove(engine, name, hear)
