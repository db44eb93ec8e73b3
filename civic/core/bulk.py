"""Many rows in one statement, whose text is the same for any number of them.

PostgreSQL takes them as one parameter of JSON: a statement with a place for each value would be made, parsed and
planned anew for each number of rows, and one row after the other costs some times what the row itself does. SQLite,
which is in this process, takes rows one by one as fast.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Integer, Table, Text, and_, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from civic.core.extensions import db

Row = Mapping[str, Any]
Becomes = Callable[[Any], Mapping[str, Any]]
"""What becomes of a row that is there already, given the one that was to be inserted."""


def insert_rows(table: Table, rows: Sequence[Row], becomes: Becomes | None = None) -> None:
    """Insert rows that have the same columns, in their order.

    With ``becomes`` those whose primary key is there change the row that has it; no key may be among them twice.
    """
    if not rows:
        return
    if db.engine.dialect.name == "sqlite":
        db.session.execute(_following(sqlite_insert(table), table, becomes), list(rows))
        return
    given = given_rows([table.c[name] for name in rows[0]], rows)
    statement = postgresql_insert(table).from_select(list(rows[0]), select(*given.c))
    db.session.execute(_following(statement, table, becomes))


def _following(statement: Any, table: Table, becomes: Becomes | None) -> Any:
    if becomes is None:
        return statement
    key = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(index_elements=key, set_=becomes(statement.excluded))


def given_rows(columns: Iterable[Any], rows: Sequence[Row]) -> Any:
    """Rows of these columns as a table that a statement on PostgreSQL can read, in their order."""
    typed = [column(one.name, one.type) for one in columns]
    return func.json_to_recordset(_document(rows)).table_valued(*typed).render_derived(with_types=True)


def values_at(
    wanted: Column[Any], names: Sequence[str], keys: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Any]]:
    """The column's value in each row that has one of the keys, with the place of its key among them.

    The keys are different from each other, and ``names`` are their columns.
    """
    columns = wanted.table.c
    if db.engine.dialect.name == "sqlite":
        given = func.json_each(json.dumps(keys, default=_plain)).table_valued("key", "value")
        place = given.c.key
        same = [
            columns[name] == func.json_extract(given.c.value, f"$[{at}]") for at, name in enumerate(names)
        ]
    else:
        rows = [{"place": at, **dict(zip(names, key, strict=True))} for at, key in enumerate(keys)]
        given = given_rows([Column("place", Integer), *(columns[name] for name in names)], rows)
        place = given.c.place
        same = [columns[name] == given.c[name] for name in names]
    found = db.session.execute(select(place, wanted).select_from(given.join(wanted.table, and_(*same))))
    yield from (tuple(row) for row in found)


def _document(rows: Sequence[Row]) -> Any:
    text = json.dumps(rows, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return cast(bindparam(None, text, type_=Text), JSON)


def _plain(value: Any) -> str:
    """As PostgreSQL reads it: a day, a moment with its zone, bytes."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a stored time must carry its zone")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no column holds {type(value).__name__}")
