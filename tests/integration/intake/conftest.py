"""A small district, and a resident's browser in which forms are filled in as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from altcha import v1
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.core.config import Settings
from tests.integration.cases.worlds import World, insert, make_world
from tests.integration.desk.office import Form, forms_of
from tests.integration.notices.post import Mailbox, mail_server
from tests.integration.notices.telephone import KEY, Gateway, text_gateway
from tests.snapshots import built_once

WORDS = "河边步道晚上没有灯，老人不敢走，请尽快装灯。"
ITEM = "/plans/test-plan/6.3.1/feedback"


@dataclass
class Resident:
    """Somebody with a browser; ``clock`` is moved on as they read and write."""

    client: FlaskClient
    world: World
    clock: Any
    last: list[TestResponse] = field(default_factory=list)

    def open(self, address: str) -> TestResponse:
        self.wait()
        page = self.client.get(address)
        assert page.status_code == 200, address
        return page

    def form(self, page: TestResponse, ending: str) -> Form:
        """The form of a page that goes to an address with this ending."""
        found = [form for form in forms_of(page) if form.action.endswith(ending)]
        assert found, f"no form to {ending}"
        return found[0]

    def wait(self, **span: float) -> None:
        """Time passes; what was kept for one request is gone, as it is in a real one."""
        for kept in ("csrf_token", "csrf_valid"):
            g.pop(kept, None)
        self.world.now += timedelta(**span)
        self.clock.move_to(self.world.now)

    def write(self, address: str = ITEM, *, seconds: float = 60, **typed: Any) -> TestResponse:
        """Open the form, take a while, send it."""
        page = self.open(address)
        form = self.form(page, address)
        self.wait(seconds=seconds)
        given = {"kind": "suggestion", "text": WORDS, **typed}
        return self.client.post(address, data={**form.fields, **given})

    def proof(self) -> str:
        """What a browser with script computes meanwhile: a challenge fetched and solved."""
        given = self.client.get("/feedback/challenge").get_json()
        solution = v1.solve_challenge(
            given["challenge"], given["salt"], given["algorithm"], given["maxnumber"]
        )
        assert solution is not None
        return v1.Payload(
            given["algorithm"], given["challenge"], solution.number, given["salt"], given["signature"]
        ).to_base64()

    def browse(self) -> Resident:
        """Somebody else with a browser of their own, at the same address and time."""
        return Resident(self.client.application.test_client(), self.world, self.clock)

    def track(self, reference: str, code: str) -> TestResponse:
        form = self.form(self.open("/track"), "")
        return self.client.post("/track", data={**form.fields, "reference": reference, "code": code})

    def step(self, slug: str, **typed: str) -> TestResponse:
        """Do one thing on the page of the own case."""
        form = self.form(self.open("/track/case"), f"/track/case/{slug}")
        return self.client.post(f"/track/case/{slug}", data={**form.fields, **typed})


@pytest.fixture
def world(app_context: Flask) -> World:
    return built_once(app_context, "world with a paragraph", _world)


def _world() -> World:
    world = make_world()
    insert(
        "paragraph",
        item_id=world.item_id,
        anchor="p1",
        text="加强河道整治。",
        text_hant="加強河道整治。",
        position=1,
    )
    return world


@pytest.fixture
def resident(app: Flask, world: World) -> Iterator[Resident]:
    with time_machine.travel(world.now, tick=False) as clock:
        yield Resident(app.test_client(), world, clock)


@pytest.fixture
def limits(app: Flask) -> None:
    """Limits count, and proofs of work are asked for, for this test alone."""
    app.extensions["settings"].rate_limits = True
    app.extensions["settings"].proof_difficulty = 50


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with text_gateway() as found:
        yield found


@pytest.fixture
def ways_out(app: Flask, post: Mailbox, gateway: Gateway) -> Settings:
    given: Settings = app.extensions["settings"]
    given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", post.port, "none"
    given.smtp_from, given.base_url = "plan@example.org", "https://plan.district.example.gov.cn"
    given.sms_url, given.sms_key = gateway.url, KEY
    return given
