"""Many rows in one statement come out of either database as they went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, MetaData, Table, Text, select

from civic.core.bulk import insert_rows, values_at
from civic.core.db import JsonDict, UtcDateTime, key_text, unit_of_work
from civic.core.extensions import db

ROWS = Table(
    "bulk_rows",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("name", key_text(8), primary_key=True),
    Column("held", LargeBinary),
    Column("day", Date),
    Column("at", UtcDateTime),
    Column("sure", Boolean),
    Column("told", JsonDict),
    Column("words", Text),
    Column("place", Text, nullable=False, default="nowhere"),
    prefixes=["TEMPORARY"],
)
AT = datetime(2026, 11, 20, 9, 30, 1, 250, tzinfo=timezone(timedelta(hours=8)))


def test_rows_come_out_as_they_went_in_and_change_where_they_were(app: Flask) -> None:
    row = {
        "number": 1, "name": "路", "held": b"\x00\\x'\xff", "day": date(2024, 2, 29), "at": AT, "sure": True,
        "told": {"说": ['"\\', None, 1]}, "words": "第一行\n“引”'\\n%s:name$1",
    }  # fmt: skip
    empty = dict.fromkeys(row) | {"number": 2, "name": "", "told": {}, "sure": False}
    with app.app_context(), unit_of_work():
        ROWS.create(db.session.connection())
        insert_rows(ROWS, [])
        insert_rows(ROWS, [row, empty])
        found = [dict(one._mapping) for one in db.session.execute(select(ROWS).order_by(ROWS.c.number))]
        assert found == [
            row | {"at": AT.astimezone(UTC), "place": "nowhere"}, empty | {"place": "nowhere"},
        ]  # fmt: skip

        insert_rows(ROWS, [empty | {"words": "new"}, row | {"number": 3}], lambda new: {"words": new.words})
        names = ("name", "number")
        keys = [("", 3), ("", 2), ("路", 1), ("路", 2), ("路", 3)]
        assert dict(values_at(ROWS.c.words, names, keys)) == {1: "new", 2: row["words"], 4: row["words"]}
        assert dict(values_at(ROWS.c.held, names, keys)) == {1: None, 2: row["held"], 4: row["held"]}
        assert dict(values_at(ROWS.c.held, names, [])) == {}

        with pytest.raises(Exception, match="must carry its zone"):
            insert_rows(ROWS, [row | {"number": 4, "at": AT.replace(tzinfo=None)}])
        ROWS.drop(db.session.connection())
