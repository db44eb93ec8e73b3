"""Steps of the tests of being told: sending with the consent, the worker's round, what is in the outbox, links."""

from __future__ import annotations

import re

from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.cases.models import Case
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage
from tests.integration.intake.conftest import ITEM, Resident

EMAIL, PHONE, NUMBER = "lin@example.org", "138 0000 1234", "+8613800001234"
BASE = "https://plan.district.example.gov.cn"
OPEN = re.compile(rf"{BASE}((?:/[a-z-]+)?/n/[A-Z2-9]+)(?![\w/])")
STOP = re.compile(rf"{BASE}((?:/[a-z-]+)?/n/stop/[A-Z2-9]+)")
BOTH = {"email": EMAIL, "phone": PHONE, "tell_by_email": "y", "tell_by_sms": "y"}


def deliver(resident: Resident, **later: float) -> int:
    """Let time pass and the worker do its round; how many notices left."""
    resident.wait(**later)
    before = [state for _, state, _ in outbox()].count("done")
    deliver_due(resident.world.now)
    return [state for _, state, _ in outbox()].count("done") - before


def send(resident: Resident, address: str = ITEM, **typed: str) -> int:
    """A message through the form; the id of its case."""
    assert resident.write(address, **{**BOTH, "looked": "1", **typed}).status_code == 302
    return last_case()


def last_case() -> int:
    found = db.session.scalar(select(Case.id).order_by(Case.id.desc()))
    db.session.rollback()
    assert found
    return int(found)


def code_on_receipt(resident: Resident) -> str:
    found = re.search(
        r'id="query-code">([0-9A-Z-]+)<', resident.open("/feedback/receipt").get_data(as_text=True)
    )
    assert found
    return found[1].replace("-", "")


def reference_of(case_id: int) -> str:
    found = db.session.scalar(select(Case.reference).where(Case.id == case_id))
    db.session.rollback()
    return str(found)


def outbox() -> list[tuple[str, str, str]]:
    """(kind, state, code) of the notices, in order."""
    rows = db.session.execute(
        select(OutboxMessage.kind, OutboxMessage.status, OutboxMessage.last_error)
        .where(OutboxMessage.kind.in_(["notice_mail", "notice_sms"]))
        .order_by(OutboxMessage.id)
    )
    found = [(row.kind.removeprefix("notice_"), row.status, row.last_error) for row in rows]
    db.session.rollback()
    return found


def link(words: str, pattern: re.Pattern[str] = OPEN) -> str:
    found = pattern.search(words)
    assert found, words
    return found[1]


def press(resident: Resident, address: str, ending: str = "") -> TestResponse:
    """Open a page and press the button whose form goes to the address with this ending; '' is the page itself."""
    page = resident.open(address)
    form = resident.form(page, ending) if ending else resident.form(page, "")
    target = form.action or address
    return resident.client.post(target, data=form.fields)
