"""What everybody may take away: rates with their numbers, and nothing from which one resident could be made out."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError

from civic.cases import services
from civic.cases.rules import CaseAction, RatingLevel, Resolution, Solved
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.supervision.figures import FIGURES
from civic.supervision.models import ScoreboardEdition
from civic.supervision.services import publish_scoreboard
from tests.integration.cases.worlds import World
from tests.integration.supervision.test_summary import key_of

FILES = ("/en/scoreboard.csv", "/scoreboard.json", "/en/scoreboard/streets.csv")
QUARTER_OVER = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def files(client: FlaskClient) -> list[bytes]:
    return [client.get(address).get_data() for address in FILES]


def published(at: datetime) -> int:
    with unit_of_work():
        return publish_scoreboard(at)


def answered_in_public(world: World, n: int) -> None:
    """As many more cases that everybody can read, answered and rated."""
    for _ in range(n):
        case_id = world.submit().case_id
        world.do(services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH)
        world.answered(case_id)
        world.do(services.rate_reply, RESIDENT, case_id, RatingLevel.SATISFIED, solved=Solved.SOLVED)


def test_the_scoreboard_is_open_data_of_a_whole_quarter(app: Flask, world: World) -> None:
    """Of the department's rated answers all can be read; of what it received two, which is told with three others."""
    answered_in_public(world, 5)
    water, client = key_of(world.water), app.test_client()
    assert "No figures yet" in client.get("/en/scoreboard").get_data(as_text=True)
    assert client.get("/scoreboard.json").get_json()["period"] is None
    assert published(world.now) == 0, "the quarter isn't over"
    with time_machine.travel(QUARTER_OVER, tick=False):
        assert (published(QUARTER_OVER), published(QUARTER_OVER)) == (1, 0), "once for all"
        row = {row["Key"]: row for row in table(client, "/en/scoreboard.csv")}[water]
        assert (row["From day"], row["To day"]) == ("2026-07-01", "2026-09-30")
        assert (row["Rated"], row["Satisfied"], row["Satisfied: share"]) == ("7", "6", "0.8571")
        assert (row["Received"], row["Open"]) == ("", ""), "two that nobody can read; two open ones"
        document = client.get("/scoreboard.json").get_json()
        named = {one["key"]: one for one in document["departments"]}[water]
        assert (named["received"], named["satisfied"]["whole"]) == (None, 7)
        assert (document["smallest"], set(document["definitions"]) < set(FIGURES)) == (5, True)
        assert "not published" in client.get("/en/scoreboard").get_data(as_text=True)
        rows = {row["Key"]: row for row in table(client, "/en/scoreboard/streets.csv")}
        counts = [n for row in rows.values() for n in list(row.values())[4:9]]
        assert not {"1", "2", "3", "4"} & set(counts)
        assert rows["yz"]["Complaint"] == "0", "nobody is in a nought"
        assert "not published" in client.get("/en/scoreboard/streets").get_data(as_text=True)


def test_an_edition_follows_no_case(app: Flask, world: World) -> None:
    """What comes late into a finished quarter, and whatever becomes of its cases, changes none of its figures."""
    answered_in_public(world, 3)
    with time_machine.travel(QUARTER_OVER, tick=False):
        published(QUARTER_OVER)
        client = app.test_client()
        before = files(client)
        world.submit(
            wants_publication=False
        )  # Within the quarter still, as past cases of another system are.
        world.now = QUARTER_OVER
        world.answered(world.sent[5].case_id, resolution=Resolution.EXPLAINED)
        world.do(services.unpublish_case, world.dispatcher, world.sent[0].case_id, reason="本人要求。")
        assert files(client) == before
        with pytest.raises(DatabaseError), unit_of_work() as session:
            session.execute(db.update(ScoreboardEdition).values(document="{}"))
    with time_machine.travel(QUARTER_OVER + timedelta(days=92), tick=False):
        assert published(QUARTER_OVER + timedelta(days=92)) == 1
        assert {row["From day"] for row in table(client, "/en/scoreboard.csv")} == {"2026-10-01"}
