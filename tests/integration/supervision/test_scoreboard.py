"""What everybody may take away: rates with their numbers, and nothing from which one resident could be made out."""

from __future__ import annotations

import csv
import io
import re
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
from civic.supervision.queries.editions import edition_document
from civic.supervision.rules import quarter_of
from civic.supervision.services import publish_scoreboard
from tests.integration.cases.worlds import World
from tests.integration.supervision.test_summary import key_of

FILES = ("/en/scoreboard.csv", "/scoreboard.json", "/en/scoreboard/streets.csv")
THIRD = ("/en/scoreboard/2026-Q3.csv", "/scoreboard/2026-Q3.json", "/en/scoreboard/2026-Q3/streets.csv")
QUARTER_OVER = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def files(client: FlaskClient, addresses: tuple[str, ...] = FILES) -> list[bytes]:
    return [client.get(address).get_data() for address in addresses]


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
        for locale, said in (("", '86% <span class="small soft">（7 件）<'), ("/en", ">(n = 7)<")):
            assert said in client.get(f"{locale}/scoreboard").get_data(as_text=True)
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
    with time_machine.travel(half_a_year_later := QUARTER_OVER + timedelta(days=184), tick=False):
        assert (published(half_a_year_later), published(half_a_year_later)) == (2, 0), "none is skipped"
        assert {row["From day"] for row in table(client, "/en/scoreboard.csv")} == {"2027-01-01"}
        assert files(client, THIRD) == before, "each keeps its address"
        archive_leads_to_every_quarter(client)


def archive_leads_to_every_quarter(client: FlaskClient) -> None:
    """From the page of the newest to all of them, and from each to the one before it and back."""
    assert 'href="/en/scoreboard/quarters"' in client.get("/en/scoreboard").get_data(as_text=True)
    listed = client.get("/en/scoreboard/quarters").get_data(as_text=True)
    heads, first = (
        re.search(r"<tr>(.*?)</tr>", listed[listed.index(part) :], re.DOTALL) for part in ("<thead", "<tbody")
    )
    assert heads
    assert first
    assert heads[1].count("<th ") == first[1].count("<th ") + first[1].count("<td"), (
        "each figure under its name"
    )
    quarters = re.findall(r'href="/en(/scoreboard/\d[^"./]+)"', listed)
    assert quarters == ["/scoreboard/2027-Q1", "/scoreboard/2026-Q4", "/scoreboard/2026-Q3"]
    for older, newer in zip(quarters[1:], quarters[:-1], strict=True):
        for part in ("", "/streets"):
            assert f'rel="prev" href="{older}{part}"' in client.get(newer + part).get_data(as_text=True)
            assert f'rel="next" href="{newer}{part}"' in client.get(older + part).get_data(as_text=True)
    for link in re.findall(r'href="/en(/scoreboard/[^"]+[.](?:csv|json))"', listed):
        assert client.get(link).status_code == 200
    for nowhere in ("/scoreboard/2026-Q2", "/scoreboard/2026-Q2.csv", "/scoreboard/2026-Q2/streets"):
        assert client.get(nowhere).status_code == 404


def test_what_may_be_published_later_is_no_cover_for_the_rest(app: Flask, world: World) -> None:
    """Of many that wait for review all but a few may be read one day: then the few would be left of the count."""
    water, quarter = key_of(world.water), quarter_of(world.now.date())

    def received() -> int | None:
        found = {row["key"]: row["figures"]["received"] for row in edition_document(quarter)["departments"]}
        count: int | None = found[water]
        return count

    for _ in range(5):
        world.submit(item_id=None, wants_publication=False)
    for _ in range(9):
        world.submit()
    assert received() is None
    for _ in range(3):
        world.submit(wants_publication=False)
    assert received() is None, "four are private for good"
    world.submit(wants_publication=False)
    assert received() == 17
