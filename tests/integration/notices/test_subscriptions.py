"""Subscriptions from the form to the mailbox and back out, through a real mail server, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due, recover_claims
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage, OutboxStatus
from civic.notices.models import Subscription
from civic.notices.services import subscriptions as services
from tests.factories.pages import submit
from tests.integration.notices.post import Mailbox, mail_server
from tests.integration.progress.office import WORDS, open_office

EVENING = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
"""20:00 in the district: no digest leaves any more."""
MORNING = datetime(2024, 3, 2, 0, 0, tzinfo=UTC)
"""08:00 in the district, the next day."""
FORM = "/plans/taijiang-14/6.3.1/subscribe"
ADDRESS = "wang@example.org"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def site(taijiang: Flask, post: Mailbox) -> Flask:
    """The real district with a mail server."""
    given: Settings = taijiang.extensions["settings"]
    given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", post.port, "none"
    given.smtp_from = "台江规划 <plan@example.org>"
    given.base_url = "http://127.0.0.1:8000"
    return taijiang


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture(autouse=True)
def evening() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


def deliver(site: Flask, at: datetime) -> int:
    with site.app_context():
        return deliver_due(at)


def hourly(site: Flask, at: datetime) -> int:
    with site.app_context(), unit_of_work():
        return services.run_hourly(at)


def rows(site: Flask) -> list[Subscription]:
    with site.app_context():
        return list(db.session.scalars(select(Subscription)))


def link_in(words: str, part: str) -> str:
    return next(found for found in LINK.findall(words) if part in found)


def subscribe(site: Flask, post: Mailbox, client: FlaskClient, form: str = FORM, prefix: str = "") -> str:
    """Through the form and the link; returns the path of the link that confirms."""
    answer = submit(client, prefix + form, {"address": ADDRESS})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{prefix}/subscriptions/asked"
    assert deliver(site, EVENING) == 1
    link = link_in(post.text(), "/subscriptions/confirm/")
    assert submit(client, link, {}).status_code == 200
    return link


def publish(site: Flask, at: datetime) -> None:
    """A report, and what the worker does with it at once."""
    with site.app_context():
        open_office().publish(now=at)
        deliver_due(at)


def test_from_the_form_to_the_digest_and_out(site: Flask, post: Mailbox, client: FlaskClient) -> None:
    subscribe(site, post, client)
    assert post.received[0]["Subject"] == "请确认订阅：“6.3.1 完善全民健身网络服务体系”"
    assert post.received[0]["X-To"] == ADDRESS
    publish(site, EVENING + timedelta(hours=1))
    assert hourly(site, EVENING + timedelta(hours=2)) == 0, "not at night"
    assert hourly(site, MORNING) == 1
    assert hourly(site, MORNING + timedelta(hours=1)) == 1
    assert deliver(site, MORNING) == 1, "one digest a day, however often the job runs"
    digest = post.received[1]
    assert digest["Subject"] == "“6.3.1 完善全民健身网络服务体系”的新进展"
    assert digest["From"].addresses[0].addr_spec == "plan@example.org"
    assert digest["Auto-Submitted"] == "auto-generated"
    assert WORDS in post.text()
    assert "/plans/taijiang-14/6.3.1" in post.text()
    end = link_in(post.text(), "/subscriptions/end/")
    assert digest["List-Unsubscribe"] == f"<http://127.0.0.1:8000{end}>"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # Nothing new, no message.
    assert hourly(site, MORNING + timedelta(days=1)) == 0
    assert client.get(end).status_code == 200
    assert len(rows(site)) == 1, "looking at the page ends nothing"
    stranger = site.test_client()
    answer = stranger.post(end, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, "a mail program has neither cookie nor token"
    assert rows(site) == []
    assert "已退订" in stranger.post(end).get_data(as_text=True), "twice is as good as once"


def test_the_address_is_kept_unreadable_and_goes_with_the_subscription(
    site: Flask, post: Mailbox, client: FlaskClient
) -> None:
    subscribe(site, post, client)
    with site.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(table.select()):
                assert ADDRESS not in str(tuple(row)), table.name
        (row,) = db.session.scalars(select(Subscription))
        assert ADDRESS.encode() not in row.address
        with unit_of_work():
            db.session.delete(row)
        assert db.session.scalar(text("SELECT count(*) FROM subscription")) == 0


def test_nothing_is_sent_before_the_button_is_pressed(
    site: Flask, post: Mailbox, client: FlaskClient
) -> None:
    submit(client, FORM, {"address": ADDRESS})
    deliver(site, EVENING)
    link = link_in(post.text(), "/subscriptions/confirm/")
    assert client.get(link).status_code == 200
    publish(site, EVENING + timedelta(minutes=5))
    assert hourly(site, MORNING) == 0
    assert [row.confirmed_at for row in rows(site)] == [None], "looking at the page confirms nothing"
    # After 48 hours the link is void and the address gone.
    with time_machine.travel(EVENING + timedelta(hours=49), tick=False):
        assert client.get(link).status_code == 410
        hourly(site, EVENING + timedelta(hours=49))
    assert rows(site) == []


def test_every_answer_is_the_same_whoever_is_subscribed(
    site: Flask, post: Mailbox, client: FlaskClient
) -> None:
    first = submit(client, FORM, {"address": ADDRESS})
    pending = submit(client, FORM, {"address": ADDRESS.upper()})
    deliver(site, EVENING)
    submit(client, link_in(post.text(), "/subscriptions/confirm/"), {})
    confirmed = submit(client, FORM, {"address": ADDRESS})
    robot = submit(client, FORM, {"address": "robot@example.org", "website": "https://spam.example"})
    answers = [(one.status_code, one.headers["Location"]) for one in (first, pending, confirmed, robot)]
    assert len(set(answers)) == 1
    deliver(site, EVENING + timedelta(hours=1))
    assert len(post.received) == 1, "and only one message was sent"
    assert len(rows(site)) == 1


def test_nobody_is_flooded_through_the_form(site: Flask, post: Mailbox, client: FlaskClient) -> None:
    for code in ("6.3.1", "6.3.2", "6.3.3", "6.2.1", "6.2.2", "6.1.1", "5.1.1"):
        submit(client, f"/plans/taijiang-14/{code}/subscribe", {"address": ADDRESS})
    for _ in range(3):
        submit(client, FORM, {"address": ADDRESS})
    deliver(site, EVENING)
    assert len(post.received) == 5
    with time_machine.travel(EVENING + timedelta(minutes=11), tick=False):
        submit(client, FORM, {"address": ADDRESS})
    deliver(site, EVENING + timedelta(minutes=12))
    assert len(post.received) == 5


@pytest.mark.parametrize("typed", ["wang", "wang@", "a b@c", "wang@example.org\r\nBcc: x@example.org", ""])
def test_what_is_no_address_is_said_at_the_field(
    site: Flask, post: Mailbox, client: FlaskClient, typed: str
) -> None:
    answer = submit(client, FORM, {"address": typed})
    assert answer.status_code == 422
    assert 'href="#address"' in answer.get_data(as_text=True)
    assert rows(site) == []


def test_links_are_good_for_one_purpose_and_one_subscription(
    site: Flask, post: Mailbox, client: FlaskClient
) -> None:
    link = subscribe(site, post, client)
    token = link.rsplit("/", 1)[1]
    assert client.get(f"/subscriptions/end/{token}").status_code == 410
    # Not at its very end, where different letters may stand for the same bits.
    assert client.get(f"/subscriptions/confirm/{token[:-8]}{token[-8:][::-1]}").status_code == 410
    with site.app_context(), unit_of_work():
        # The same id given out again to somebody else.
        row = db.session.scalars(select(Subscription)).one()
        row.nonce = "another"
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("prefix", "subject", "word"),
    [("/en", "News about", "Progress: Under way"), ("/zh-hant", "的新進展", "進展：")],
)
def test_messages_speak_the_language_of_the_form(
    site: Flask, post: Mailbox, client: FlaskClient, prefix: str, subject: str, word: str
) -> None:
    subscribe(site, post, client, prefix=prefix)
    publish(site, EVENING + timedelta(hours=1))
    hourly(site, MORNING)
    deliver(site, MORNING)
    assert subject in post.received[-1]["Subject"]
    assert word in post.text()
    paths = [urlsplit(found).path for found in LINK.findall(post.text())]
    assert paths
    assert all(path.startswith(f"{prefix}/") for path in paths), paths


def test_a_department_and_a_chapter_bring_what_is_below_them(
    site: Flask, post: Mailbox, client: FlaskClient
) -> None:
    subscribe(site, post, client, "/departments/mct/subscribe")
    subscribe(site, post, client, "/plans/taijiang-14/6/subscribe")
    publish(site, EVENING + timedelta(hours=1))
    assert hourly(site, MORNING) == 2
    assert deliver(site, MORNING) == 2
    assert all(WORDS in post.text(number) for number in (-1, -2))


def test_a_mail_server_that_is_away_loses_nothing(site: Flask, post: Mailbox, client: FlaskClient) -> None:
    subscribe(site, post, client)
    publish(site, EVENING + timedelta(hours=1))
    hourly(site, MORNING)
    given = site.extensions["settings"]
    given.smtp_port = 9
    assert deliver(site, MORNING) == 0
    given.smtp_port = post.port
    assert deliver(site, MORNING + timedelta(seconds=30)) == 0, "it waits a minute"
    assert deliver(site, MORNING + timedelta(minutes=1)) == 1
    assert WORDS in post.text()


def test_what_was_in_flight_when_a_worker_died_is_not_sent_twice(
    site: Flask, post: Mailbox, client: FlaskClient
) -> None:
    subscribe(site, post, client)
    publish(site, EVENING + timedelta(hours=1))
    hourly(site, MORNING)
    deliver(site, MORNING)
    with site.app_context():
        with unit_of_work():
            message = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
            assert message is not None
            message.status = OutboxStatus.CLAIMED.value
        recover_claims(MORNING)
        db.session.rollback()
        state = db.session.scalar(select(OutboxMessage.status).order_by(OutboxMessage.id.desc()))
    assert state == OutboxStatus.UNCERTAIN
    assert deliver(site, MORNING) == 0
    assert len(post.received) == 2


def test_an_address_that_is_refused_for_good_is_forgotten(
    site: Flask, post: Mailbox, client: FlaskClient
) -> None:
    subscribe(site, post, client)
    publish(site, EVENING + timedelta(hours=1))
    post.refuse = "450 try later"
    hourly(site, MORNING)
    assert deliver(site, MORNING) == 0
    assert len(rows(site)) == 1
    post.refuse = "550 no such mailbox"
    deliver(site, MORNING + timedelta(minutes=2))
    assert rows(site) == []
    with site.app_context():
        assert db.session.scalars(select(OutboxMessage.status)).all() == ["done", "done", "dropped"]


def test_the_platform_signs_in_where_the_server_asks_for_it(site: Flask, client: FlaskClient) -> None:
    given = site.extensions["settings"]
    with mail_server("plan", "secret") as guarded:
        given.smtp_port, given.smtp_user, given.smtp_password = guarded.port, "plan", "wrong"
        submit(client, FORM, {"address": ADDRESS})
        assert deliver(site, EVENING) == 0
        given.smtp_password = "secret"
        assert deliver(site, EVENING + timedelta(minutes=2)) == 1
    assert len(guarded.received) == 1


def test_without_a_mail_server_the_page_says_so_and_takes_no_address(taijiang: Flask) -> None:
    client = taijiang.test_client()
    page = client.get(FORM).get_data(as_text=True)
    assert "本站暂不发送电子邮件" in page
    assert "/plans/taijiang-14/6.3.1/feed.atom" in page
    assert 'name="address"' not in page
    with taijiang.app_context():
        assert db.session.scalar(select(Subscription.id)) is None
