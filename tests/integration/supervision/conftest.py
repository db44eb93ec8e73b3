"""A small district with four weeks of cases in every state, and a deputy who reads about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic.cases import services
from civic.cases.rules import CaseAction, DeclineCode, FeedbackKind, RatingLevel, Resolution, Solved
from civic.cases.services import Receipt
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import MONDAY, World, insert, make_world
from tests.integration.supervision.chamber import Chamber, open_chamber
from tests.snapshots import built_once


@pytest.fixture
def world(app_context: Flask) -> Iterator[World]:
    """The district four weeks later, at that moment."""
    world = built_once(app_context, "four weeks", four_weeks)
    with time_machine.travel(world.now, tick=False):
        yield world


def four_weeks() -> World:
    """Cases received, answered on time and late, rated, reopened, returned, declined, withdrawn and overdue."""
    world = make_world()
    street = insert(
        "street",
        code="yz",
        name="洋中街道",
        name_hant="洋中街道",
        name_en="Yangzhong",
        department_id=world.roads,
    )
    solved = published(world, world.submit(street_id=street))
    world.answered(solved.case_id)
    world.do(services.rate_reply, RESIDENT, solved.case_id, RatingLevel.SATISFIED, solved=Solved.SOLVED)
    reopened = published(world, world.submit(kind=FeedbackKind.COMPLAINT))
    world.pass_time(days=1)
    world.answered(reopened.case_id, resolution=Resolution.EXPLAINED)
    world.do(
        services.rate_reply,
        RESIDENT,
        reopened.case_id,
        RatingLevel.DISSATISFIED,
        reason="没有解决。",
        solved=Solved.PARTLY,
    )
    world.submit(wants_publication=False, street_id=street)
    asked = world.submit(item_id=world.orphan_item_id)
    world.do(services.withdraw_case, RESIDENT, asked.case_id)
    declined = world.submit(item_id=None)
    world.do(
        services.decline_case, world.dispatcher, declined.case_id,
        DeclineCode.STATUTORY_CHANNEL, explanation="属法院管辖。",
    )  # fmt: skip
    world.pass_time(days=21)
    late = world.sent[2]
    world.answered(late.case_id)
    world.submit(kind=FeedbackKind.QUESTION)
    with unit_of_work():
        services.sweep(world.now)
    world.pass_time(hours=1)
    return world


def published(world: World, receipt: Receipt) -> Receipt:
    world.do(services.review_publication, world.dispatcher, receipt.case_id, CaseAction.PUBLISH)
    return receipt


@pytest.fixture
def chamber(app: Flask) -> Iterator[Chamber]:
    """A deputy and a department that owes answers, an hour later."""
    with app.app_context():
        chamber = built_once(app, "chamber", open_chamber)
        db.session.remove()
    chamber.app, chamber.browsers = app, {}
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        yield chamber


@pytest.fixture
def deputy(app: Flask, world: World) -> FlaskClient:
    return sign_in(app.test_client(), make_account(Role.DEPUTY))


SINCE, UNTIL = date(2026, 9, 1), date(2026, 9, 30)
