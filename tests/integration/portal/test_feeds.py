"""Atom feeds: what is published, nothing else; links from the settings; kept and renewed like any public page."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.cases import services as cases
from civic.cases.models import Case
from civic.cases.rules import Resolution
from civic.core.clock import now
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.portal.atom import ATOM
from tests.integration.portal.test_public_pages import SECRET, Town
from tests.integration.portal.test_public_pages import town as town
from tests.integration.progress.office import WORDS, Office, open_office

MARCH = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
ANSWER = "步道的灯下月装好，共十二盏。"


@pytest.fixture
def client(taijiang: Flask) -> FlaskClient:
    return taijiang.test_client()


@pytest.fixture
def office(taijiang: Flask) -> Office:
    with taijiang.app_context():
        return open_office()


def feed(client: FlaskClient, address: str, **headers: str) -> Element:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    return fromstring(answer.data)


def entries(root: Element) -> list[tuple[str, str]]:
    found = root.iter(f"{{{ATOM}}}entry")
    return [(e.findtext(f"{{{ATOM}}}title") or "", e.findtext(f"{{{ATOM}}}content") or "") for e in found]


def answer_it(town: Town, office: Office, text: str) -> str:
    """A public word about the item with a published answer; returns its reference."""
    receipt = town.say(text, publish=True)
    with town.app.app_context(), unit_of_work():
        version = lambda: db.session.scalar(select(Case.version).where(Case.id == receipt.case_id))  # noqa: E731
        cases.accept_case(office.handler, receipt.case_id, version(), now=now())
        cases.draft_reply(
            office.handler, receipt.case_id, version(), text=ANSWER, resolution=Resolution.RESOLVED, now=now()
        )
        cases.send_for_approval(office.handler, receipt.case_id, version(), now=now())
        cases.approve_reply(office.lead, receipt.case_id, version(), now=now(), publish=True)
    return receipt.reference


def test_a_report_stands_in_the_feeds_of_its_item_its_chapter_its_department_and_of_all(
    client: FlaskClient, taijiang: Flask, office: Office
) -> None:
    with taijiang.app_context():
        office.publish(now=MARCH)
        key = departments.department(office.department_id).key
    for address in (
        "/plans/taijiang-14/6.3.1",
        "/plans/taijiang-14/6.3",
        "/plans/taijiang-14/6",
        f"/departments/{key}",
        "/progress",
    ):
        ((title, text),) = entries(feed(client, f"{address}/feed.atom"))
        assert "6.3.1" in title
        assert "进行中" in title
        assert text == WORDS
    assert entries(feed(client, "/plans/taijiang-14/5/feed.atom")) == []
    assert entries(feed(client, "/departments/edu/feed.atom")) == []


def test_ids_stay_and_links_are_the_configured_address(
    client: FlaskClient, taijiang: Flask, office: Office
) -> None:
    with taijiang.app_context():
        office.publish(now=MARCH)
    mine = feed(client, "/plans/taijiang-14/6/feed.atom")
    forged = feed(client, "/plans/taijiang-14/6/feed.atom", Host="evil.example")
    for root in (mine, forged):
        links = [one.get("href") or "" for one in root.iter(f"{{{ATOM}}}link")]
        assert all(link.startswith("http://127.0.0.1:8000/") for link in links), links
        assert all((one.text or "").startswith("tag:127.0.0.1,2026:") for one in root.iter(f"{{{ATOM}}}id"))
    english = feed(client, "/en/plans/taijiang-14/6/feed.atom")
    assert "http://127.0.0.1:8000/en/plans/taijiang-14/6.3.1" in [
        one.get("href") for one in english.iter(f"{{{ATOM}}}link")
    ]
    ids = [[e.findtext(f"{{{ATOM}}}id") for e in root.iter(f"{{{ATOM}}}entry")] for root in (mine, english)]
    assert ids[0] == ids[1]


def test_only_public_words_and_their_answers_stand_in_a_feed(
    client: FlaskClient, town: Town, office: Office
) -> None:
    town.say(SECRET, wants_publication=False)
    town.say("还没人答复的公开的话。", publish=True)
    reference = answer_it(town, office, "步道要装灯，晚上太暗。")
    address = "/plans/taijiang-14/6.3/feed.atom"
    shown = client.get(address)
    ((title, text),) = entries(fromstring(shown.data))
    assert "已解决" in title
    assert ANSWER in text
    assert "步道要装灯" in text
    assert f"/cases/{reference}" in shown.get_data(as_text=True)
    assert ANSWER in client.get("/progress/feed.atom").get_data(as_text=True)
    with town.app.app_context():
        row = db.session.execute(select(Case.id, Case.version).where(Case.reference == reference)).one()
        with unit_of_work():
            cases.unpublish_case(town.dispatcher, row.id, row.version, reason="涉及个人信息。", now=now())
    again = client.get(address, headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 200, "a takedown shows on the next request"
    assert entries(fromstring(again.data)) == []


def test_a_feed_is_kept_like_a_page(client: FlaskClient, taijiang: Flask) -> None:
    first = client.get("/progress/feed.atom")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/progress/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_pages_name_their_feeds(client: FlaskClient, taijiang: Flask) -> None:
    for page, link in (
        ("/plans/taijiang-14/6", "/plans/taijiang-14/6/feed.atom"),
        ("/plans/taijiang-14/6.3.1", "/plans/taijiang-14/6.3.1/feed.atom"),
        ("/departments/edu", "/departments/edu/feed.atom"),
        ("/progress", "/progress/feed.atom"),
        ("/en/progress", "/en/progress/feed.atom"),
    ):
        text = client.get(page).get_data(as_text=True)
        head = text[: text.index("<body")]
        assert 'type="application/atom+xml"' in head, page
        assert f'href="{link}"' in head, page
    assert client.get("/plans/taijiang-14/9.9.9/feed.atom").status_code == 404
