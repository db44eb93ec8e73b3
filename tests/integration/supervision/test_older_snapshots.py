"""What earlier releases sealed still opens, is taken along and comes out again. ``sealed/`` holds the rows of a small
district and two periods of it as those releases wrote them, version 1 and 2 of the document; neither is made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table

from civic.core.actor import Actor, ActorKind, Role
from civic.core.db import UtcDateTime
from civic.core.extensions import db
from tests.factories import sign_in
from tests.integration.supervision.opened import page_tables, sheets
from tests.integration.supervision.reported import says_the_same

SEALED = Path(__file__).parent / "sealed"
NOW = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
VERSIONS = (1, 2)


@pytest.fixture
def deputy(app_context: Flask) -> Iterator[FlaskClient]:
    """Reads in the district as the rows have it, with an account that is among them."""
    rows = json.loads((SEALED / "rows.json").read_text("utf-8"))
    rows["snapshot"] = [
        {**row, "document": (SEALED / f"version-{row['number']}.json").read_text("utf-8")}
        for row in rows["snapshot"]
    ]
    for table in db.metadata.sorted_tables:
        for row in rows.get(table.name, ()):
            db.session.execute(table.insert().values(typed(table, row)))
    db.session.commit()
    account = next(one["account_id"] for one in rows["role_grant"] if one["role"] == Role.DEPUTY)
    with time_machine.travel(NOW, tick=False):
        yield sign_in(app_context.test_client(), Actor(ActorKind.STAFF, account))


def typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row as the database takes it: days and moments are written as text in the file."""

    def value(name: str, found: Any) -> Any:
        kind = table.c[name].type
        if not isinstance(found, str):
            return found
        if isinstance(kind, UtcDateTime):
            return datetime.fromisoformat(found)
        return date.fromisoformat(found) if kind.python_type is date else found

    return {name: value(name, found) for name, found in row.items()}


def test_documents_of_earlier_versions_open_and_come_out_again(app: Flask, deputy: FlaskClient) -> None:
    for number in VERSIONS:
        written = (SEALED / f"version-{number}.json").read_bytes()
        place = f"/supervision/snapshots/{number}"
        assert deputy.get(f"{place}.json").data == written
        document = json.loads(written)
        assert document["version"] == number
        assert ("opinions" in document) == (number >= 2)
        says_the_same(deputy, number)
        page = deputy.get(place).get_data(as_text=True)
        assert ("代表督办意见" in page) == (number >= 2)
        assert "话题" not in sheets(deputy, f"{place}.xlsx"), "nothing is said of what wasn't sealed"
        received = next(row for row in page_tables(page)[0] if row[0].text == "已收到")
        assert received[1].text == str(document["total"]["received"])
    verified = app.test_cli_runner().invoke(args=["civic", "verify-snapshots"])
    assert verified.output.splitlines() == [
        "1 2026-09: fits its seal, comes out again from the events",
        "2 2026-10: fits its seal, comes out again from the events",
        "2 sealed, 0 broken",
    ]
