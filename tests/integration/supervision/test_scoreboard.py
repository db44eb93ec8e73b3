"""What everybody may take away: rates with their numbers, and nothing from which one resident could be made out."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic.supervision.figures import FIGURES
from tests.integration.cases.worlds import World
from tests.integration.supervision.test_summary import key_of

AFTER_THE_QUARTER = timedelta(days=10)


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_the_scoreboard_is_open_data_without_rates_of_few(client: FlaskClient, world: World) -> None:
    water = key_of(world.water)
    row = {row["Key"]: row for row in table(client, "/en/scoreboard.csv")}[water]
    assert row["Received"] == "4"
    assert (row["Rated"], row["Satisfied"], row["Satisfied: share"]) == ("", "", ""), (
        "two ratings are too few"
    )
    document = client.get("/scoreboard.json").get_json()
    named = {one["key"]: one for one in document["departments"]}[water]
    assert named["received"] == 4
    assert named["satisfied"] is None
    assert (document["smallest"], set(document["definitions"]) < set(FIGURES)) == (5, True)
    page = client.get("/en/scoreboard").get_data(as_text=True)
    assert "too few" in page
    assert "1 / 2" not in page


def test_small_counts_of_streets_are_not_published(app: Flask, world: World) -> None:
    """Six cases in September, each kind and street with fewer than five; the quarter is over in October."""
    later: datetime = world.now + AFTER_THE_QUARTER
    with time_machine.travel(later, tick=False):
        client = app.test_client()
        rows = {row["Key"]: row for row in table(client, "/en/scoreboard/streets.csv")}
        assert {row["From day"] for row in rows.values()} == {"2026-07-01"}
        counts = [
            row[kind] for row in rows.values() for kind in ("Suggestion", "Complaint", "Question", "Total")
        ]
        assert not {"1", "2", "3", "4"} & set(counts)
        assert rows["yz"]["Complaint"] == "0", "nobody is in a nought"
        assert "not published" in client.get("/en/scoreboard/streets").get_data(as_text=True)
