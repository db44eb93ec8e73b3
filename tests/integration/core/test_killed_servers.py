"""200 residents write while web processes and the worker are killed again and again: each gets one receipt, once."""

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
from civic.cases.models import Case, CaseEvent, Feedback
from civic.cases.rules import CaseAction
from civic.core.clock import now
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage
from tests.running import Process, children, kill, start_worker, wait_until, web_server, worker

RESIDENTS = 200
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
    receipts: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    killed: Counter[str] = field(default_factory=Counter)

    def after(self, receipt: tuple[str, str]) -> None:
        with self.lock:
            self.receipts.append(receipt)
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


def written(address: str, number: int) -> tuple[str, str]:
    """Somebody with a browser of their own fills in the form and sends it; (number, query code) of the receipt."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    hidden = dict(HIDDEN.findall(opened(browser, address + FORM)))
    typed = {"kind": "suggestion", "text": f"第{number}位居民：请在桥头装一盏路灯。", "looked": "1"}
    found = RECEIPT.search(opened(browser, address + FORM, hidden | typed))
    assert found, "the receipt"
    return found[1], found[2]


def test_200_messages_survive_the_killing_of_their_servers(taijiang: Flask) -> None:
    with web_server(taijiang, workers=2) as (server, address):
        mayhem = Mayhem(taijiang, server, start_worker(taijiang))
        try:
            with ThreadPoolExecutor(AT_ONCE) as residents:
                done = [
                    residents.submit(lambda n=n: mayhem.after(written(address, n))) for n in range(RESIDENTS)
                ]
            for one in done:
                one.result()
        finally:
            kill(mayhem.worker)
    assert mayhem.killed == {"web": 5, "worker": 3}
    receipts = mayhem.receipts
    assert len(set(receipts)) == RESIDENTS
    with worker(taijiang) as process:
        wait_until(lambda: _waiting(taijiang) == 0, process)
    with taijiang.app_context():
        assert db.session.scalar(select(func.count(Feedback.id.distinct()))) == RESIDENTS
        assert db.session.scalar(select(func.count(Feedback.text.distinct()))) == RESIDENTS
        submitted = select(func.count(CaseEvent.id)).where(CaseEvent.action == CaseAction.SUBMIT.value)
        assert db.session.scalar(submitted) == RESIDENTS
        for reference, code in receipts:
            assert queries.tracking(reference, code, now())
        assert services.check_stats() == []
        assert db.session.scalar(select(func.count(Case.id))) == RESIDENTS
        db.session.remove()


def _waiting(site: Flask) -> int:
    """Jobs that nobody has done or listed yet."""
    with site.app_context():
        open_states = ("waiting", "claimed")
        count = db.session.scalar(
            select(func.count(OutboxMessage.id)).where(OutboxMessage.status.in_(open_states))
        )
        db.session.remove()
    return count or 0
