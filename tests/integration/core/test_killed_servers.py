"""200 residents write while web processes and the worker are killed again and again: each gets one receipt, once.

What a receipt names is there once, in the words of whoever holds it, with the department that answers it, and
with every event; who wants to be told is, once.
"""

from __future__ import annotations

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from flask import Flask
from sqlalchemy import func, select

from civic.cases import queries, services
from civic.cases.models import Case, Contact, Feedback
from civic.cases.rules import CaseAction, CaseStatus
from civic.core.clock import now
from civic.core.config import Settings
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage, OutboxStatus
from civic.intake.tickets import TOO_QUICK
from civic.plans import queries as plans
from tests.integration.cases.replayed import rows_are_what_the_events_say
from tests.integration.notices.post import Mailbox, mail_server
from tests.running import Process, children, kill, start_worker, wait_until, web_server, worker

RESIDENTS = 200
TOLD = 5
"""Every so manieth wants to be told by mail."""
AT_ONCE = 6
PATIENCE_SECONDS = 60
FORM = "/plans/taijiang-14/6.3.1/feedback"
HIDDEN = re.compile(r'name="(csrf_token|ticket)"[^>]*value="([^"]*)"')
RECEIPT = re.compile(r'id="reference"[^>]*>\s*([^<]+?)\s*<.*?id="query-code"[^>]*>\s*([^<]+?)\s*<', re.DOTALL)


@dataclass
class Mayhem:
    """Kills a web process with every 40th receipt and the worker with every 60th, while others are being written."""

    site: Flask
    server: Process
    worker: Process
    draw: random.Random = field(default_factory=lambda: random.Random(5))
    receipts: dict[int, tuple[str, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    killed: Counter[str] = field(default_factory=Counter)

    def after(self, number: int, receipt: tuple[str, str]) -> None:
        with self.lock:
            self.receipts[number] = receipt
            if len(self.receipts) % 40 == 0:
                os.kill(self.draw.choice(children(self.server)), signal.SIGKILL)
                self.killed["web"] += 1
            if len(self.receipts) % 60 == 0:
                kill(self.worker)
                self.killed["worker"] += 1
                self.worker = start_worker(self.site)


def opened(browser: OpenerDirector, url: str, data: dict[str, str] | None = None) -> str:
    """What a page says; asked again, with the same form, for as long as no answer comes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with browser.open(url, urlencode(data).encode() if data else None, timeout=20) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            if error.code < 500:
                raise
        except (URLError, HTTPException, OSError):
            pass
        assert time.monotonic() < deadline, url
        time.sleep(0.1)


def words_of(number: int) -> str:
    return f"第{number}位居民：请在桥头装一盏路灯。"


def address_of(number: int) -> str:
    return f"resident{number}@example.org"


@dataclass(frozen=True)
class Form:
    """The form as somebody with a browser of their own has it before them, and since when."""

    browser: OpenerDirector
    hidden: dict[str, str]
    since: float

    @classmethod
    def open(cls, address: str) -> Form:
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        hidden = dict(HIDDEN.findall(opened(browser, address)))
        return cls(browser, hidden, time.monotonic())

    def send(self, address: str, number: int) -> tuple[str, str]:
        """Fill it in, no faster than people write, and send it; (number, query code) of the receipt."""
        time.sleep(max(0.0, self.since + TOO_QUICK.total_seconds() + 1 - time.monotonic()))
        typed = {"kind": "suggestion", "text": words_of(number), "looked": "1"}
        if number % TOLD == 0:
            typed |= {"email": address_of(number), "tell_by_email": "y"}
        found = RECEIPT.search(opened(self.browser, address, self.hidden | typed))
        assert found, "the receipt"
        return found[1], found[2]


def test_200_messages_survive_the_killing_of_their_servers(taijiang: Flask) -> None:
    given: Settings = taijiang.extensions["settings"]
    with mail_server() as post:
        given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", post.port, "none"
        given.smtp_from, given.base_url = "plan@example.org", "https://plan.example"
        receipts = under_attack(taijiang)
        with worker(taijiang) as process:
            wait_until(lambda: _waiting(taijiang) == 0, process)
    with taijiang.app_context():
        each_has_one_case(receipts)
        each_is_told_once(post)
        db.session.remove()


def under_attack(site: Flask) -> dict[int, tuple[str, str]]:
    """Everybody writes, whatever is killed meanwhile; the receipts by who got them."""
    with web_server(site, workers=2) as (server, site_address):
        address = site_address + FORM
        mayhem = Mayhem(site, server, start_worker(site))
        try:
            with ThreadPoolExecutor(AT_ONCE) as residents:
                forms = list(residents.map(Form.open, [address] * RESIDENTS))
                done = [
                    residents.submit(lambda n=n, form=form: mayhem.after(n, form.send(address, n)))
                    for n, form in enumerate(forms)
                ]
            for one in done:
                one.result()
        finally:
            kill(mayhem.worker)
    assert mayhem.killed == {"web": 5, "worker": 3}
    return mayhem.receipts


def each_has_one_case(receipts: dict[int, tuple[str, str]]) -> None:
    """Whoever holds a receipt finds the own words by it, with the department, and nothing is there beside these."""
    kept = db.session.execute(select(Case.id, Case.reference, Feedback.text).join(Feedback)).all()
    assert {row.reference: row.text for row in kept} == {
        reference: words_of(number) for number, (reference, _) in receipts.items()
    }
    assert len(receipts) == len(kept) == RESIDENTS
    assert db.session.scalar(select(func.count()).select_from(Feedback)) == RESIDENTS
    assert all(queries.tracking(reference, code, now()) for reference, code in receipts.values())
    for facts, history in rows_are_what_the_events_say([row.id for row in kept]).values():
        assert [event.action for event in history] == [CaseAction.SUBMIT, CaseAction.ROUTE]
        assert facts.status is CaseStatus.ROUTED
        assert facts.item_id is not None
        assert facts.department_id == plans.lead_department_id(facts.item_id)
    assert services.check_stats() == []


def each_is_told_once(post: Mailbox) -> None:
    """By a mail that came once; where the worker was killed while it sent one, a person is asked whether it did."""
    wanting = [address_of(number) for number in range(0, RESIDENTS, TOLD)]
    assert db.session.scalar(select(func.count()).select_from(Contact)) == len(wanting)
    states = Counter(db.session.scalars(select(OutboxMessage.status)))
    assert states.total() == len(wanting)
    assert states[OutboxStatus.UNCERTAIN] == len(wanting) - states[OutboxStatus.DONE] <= 3
    came = Counter(str(one["X-To"]) for one in post.received)
    assert set(came.values()) == {1}
    assert set(came) <= set(wanting)
    assert states[OutboxStatus.DONE] <= len(came)


def _waiting(site: Flask) -> int:
    """Jobs that nobody has done or listed yet."""
    with site.app_context():
        open_states = ("waiting", "claimed")
        count = db.session.scalar(
            select(func.count(OutboxMessage.id)).where(OutboxMessage.status.in_(open_states))
        )
        db.session.remove()
    return count or 0
