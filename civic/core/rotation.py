"""Encrypting everything again under the newest contact key, so that an old key can be thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.fernet import InvalidToken
from flask import Flask, current_app
from sqlalchemy import LargeBinary, Table, select, update

from civic.core.actor import SYSTEM
from civic.core.audit import record
from civic.core.crypto import is_newest, rotate
from civic.core.db import unit_of_work
from civic.core.extensions import db

BATCH = 500
"""Rows per transaction: nobody waits for long, and a run that was broken off goes on where it stopped."""

Renew = Callable[[Any], Any]
"""Gives a value encrypted under the newest key, None if it is already; raises :class:`Unopenable`."""


class Unopenable(Exception):
    """None of the keys opens this value."""


class Seal(StrEnum):
    """Under which key a value lies."""

    NEWEST = "newest"
    OLDER = "older"
    UNOPENABLE = "unopenable"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One encrypted value: where it lies and under which key it was found."""

    table: str
    column: str
    row_id: int
    seal: Seal


def register_sealing(app: Flask, table: str, column: str, renew: Renew) -> None:
    """Name a column that is encrypted in a way of its own.

    Binary columns need no naming: they are contact data, unless their ``info`` says that they aren't ``encrypted``.
    """
    app.extensions.setdefault("civic.sealings", {})[table, column] = renew


def sealings() -> dict[Table, dict[str, Renew]]:
    """All encrypted columns, by table, each with how a value of it is renewed."""
    found: dict[Table, dict[str, Renew]] = {}
    named: dict[tuple[str, str], Renew] = current_app.extensions.get("civic.sealings", {})
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            binary = isinstance(column.type, LargeBinary) and column.info.get("encrypted", True)
            own = _renewed_contact if binary else None
            renew = named.get((table.name, column.name), own)
            if renew is not None:
                found.setdefault(table, {})[column.name] = renew
    return found


def look_through() -> list[Sealed]:
    """Every encrypted value and under which key it lies; changes nothing."""
    return [
        _renewal(table, column, row, renew)[0]
        for table, columns in sealings().items()
        for rows in _batches(table, columns)
        for row in rows
        for column, renew in columns.items()
        if row[column] is not None
    ]


def rotate_all(now: datetime) -> list[Sealed]:
    """Encrypt again what lies under an older key; returns how each value was found.

    What no key opens stays as it is. Each batch is a transaction of its own; at the end an audit row
    says how many were changed.
    """
    found: list[Sealed] = []
    for table, columns in sealings().items():
        for rows in _batches(table, columns):
            with unit_of_work():
                found += [one for row in rows for one in _renew_row(table, columns, row)]
    changed = sum(one.seal is Seal.OLDER for one in found)
    with unit_of_work():
        record(SYSTEM, "contact_keys.rotate", "contact_keys", "newest", now, changed=changed, seen=len(found))
    return found


def _renew_row(table: Table, columns: dict[str, Renew], row: Any) -> Iterator[Sealed]:
    for column, renew in columns.items():
        if row[column] is None:
            continue
        sealed, value = _renewal(table, column, row, renew)
        if sealed.seal is Seal.OLDER:
            # Only if it's still the value that was read: it may have been changed or erased meanwhile.
            same = (table.c.id == row["id"]) & (table.c[column] == row[column])
            db.session.execute(update(table).where(same).values({column: value}))
        yield sealed


def _renewal(table: Table, column: str, row: Any, renew: Renew) -> tuple[Sealed, Any]:
    try:
        value = renew(row[column])
        seal = Seal.NEWEST if value is None else Seal.OLDER
    except Unopenable:
        value, seal = None, Seal.UNOPENABLE
    return Sealed(table.name, column, row["id"], seal), value


def _renewed_contact(value: bytes) -> bytes | None:
    try:
        return None if is_newest(value) else rotate(value)
    except InvalidToken:
        raise Unopenable from None


def _batches(table: Table, columns: dict[str, Renew]) -> Iterator[list[Any]]:
    last, wanted = 0, [table.c.id, *(table.c[name] for name in columns)]
    while True:
        query = select(*wanted).where(table.c.id > last).order_by(table.c.id).limit(BATCH)
        rows = list(db.session.execute(query).mappings())
        db.session.rollback()
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]
