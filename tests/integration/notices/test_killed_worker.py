"""The real worker, killed in the middle of a delivery: nothing arrives twice, nothing is lost without being listed."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic.cases.rules import FeedbackKind, NoticeChannel
from civic.cases.services import NewContact, NewFeedback, submit_feedback
from civic.core.actor import RESIDENT
from civic.core.config import Settings
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.core.outbox import OutboxMessage
from tests.integration.notices.post import Mailbox, mail_server
from tests.integration.notices.telephone import KEY, Gateway, text_gateway
from tests.running import PATIENCE_SECONDS, wait_until, worker

PEOPLE = 3


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with text_gateway() as found:
        yield found


@pytest.fixture
def site(taijiang: Flask, post: Mailbox, gateway: Gateway) -> Flask:
    given: Settings = taijiang.extensions["settings"]
    given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", post.port, "none"
    given.smtp_from, given.base_url = "plan@example.org", "https://plan.example"
    given.sms_url, given.sms_key = gateway.url, KEY
    return taijiang


def states(site: Flask) -> dict[str, str]:
    """The state of each notice by its key."""
    with site.app_context():
        rows = db.session.execute(
            select(OutboxMessage.key, OutboxMessage.status).where(OutboxMessage.kind.like("notice%"))
        ).all()
        db.session.remove()
    return {row.key: row.status for row in rows}


def write(site: Flask) -> None:
    """Some residents write and want to be told by both ways."""
    with site.app_context():
        for n in range(PEOPLE):
            contact = NewContact(
                email=f"person{n}@example.org", phone=f"1380000000{n}", tell_by=frozenset(NoticeChannel)
            )
            new = NewFeedback(
                kind=FeedbackKind.QUESTION,
                text=f"{n}号桥的路灯什么时候修？",
                nonce=new_nonce(),
                contact=contact,
            )
            with unit_of_work():
                submit_feedback(RESIDENT, new, datetime.now(UTC) - timedelta(minutes=1))
        db.session.remove()


def arrived(post: Mailbox, gateway: Gateway) -> Counter[str]:
    """How often each notice arrived, by its key as a mail's id carries it."""
    by_mail = [str(one["Message-ID"]).strip("<>").partition("@")[0] for one in post.received]
    return Counter(by_mail + [one["id"].replace(":", ".") for one in gateway.received])


@pytest.mark.parametrize(
    ("taijiang", "in_flight"), [("sqlite", "sms"), ("postgresql", "mail")], indirect=["taijiang"]
)
def test_a_worker_killed_mid_delivery_sends_nothing_twice_and_loses_nothing_unseen(
    site: Flask, post: Mailbox, gateway: Gateway, in_flight: str
) -> None:
    write(site)
    assert set(states(site).values()) == {"waiting"}
    slow: Mailbox | Gateway = post if in_flight == "mail" else gateway
    slow.after = PATIENCE_SECONDS
    with worker(site) as process:
        # The server has the text and doesn't answer: nobody knows whether it's delivered.
        wait_until(lambda: bool(slow.received), process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert Counter(states(site).values())["claimed"] == 1
    slow.after = 0
    with worker(site) as process:
        wait_until(lambda: set(states(site).values()) <= {"done", "uncertain"}, process)
    found = states(site)
    assert Counter(found.values()) == {"done": 2 * PEOPLE - 1, "uncertain": 1}
    times = arrived(post, gateway)
    assert set(times.values()) == {1}, "no notice arrives twice"
    assert set(times) == {key.replace(":", ".") for key in found}, "and the uncertain one had arrived"
