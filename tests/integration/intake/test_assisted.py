"""Staff write for a caller: same form, with how it came in, and a receipt that only they can print."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.cases.models import Case, Feedback
from civic.core.actor import Role
from civic.core.extensions import db
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World
from tests.integration.desk.office import forms_of
from tests.integration.intake.conftest import WORDS

NEW = "/desk/intake/new"


@pytest.fixture
def clerk(app: Flask, world: World) -> FlaskClient:
    with time_machine.travel(world.now, tick=False):
        return sign_in(app.test_client(), make_account(Role.HANDLER, department_id=world.water))


def enter(clerk: FlaskClient, world: World, **typed: str) -> TestResponse:
    with time_machine.travel(world.now, tick=False):
        form = next(f for f in forms_of(clerk.get(NEW)) if "ticket" in f.fields)
        given = {"kind": "report", "text": WORDS, "channel": "hotline", "looked": "1", **typed}
        return clerk.post(NEW, data={**form.fields, **given})


def test_a_call_becomes_a_case_with_its_channel_and_number_elsewhere(
    clerk: FlaskClient, world: World
) -> None:
    answer = enter(clerk, world, outside_reference="12345-88", item="6.3.1")
    feedback = db.session.scalars(select(Feedback)).one()
    assert (feedback.channel, feedback.outside_reference) == ("hotline", "12345-88")
    assert feedback.entered_by_id is not None
    case = db.session.scalars(select(Case)).one()
    assert case.department_id == world.water
    with time_machine.travel(world.now, tick=False):
        receipt = clerk.get(answer.location).get_data(as_text=True)
    assert case.reference in receipt
    assert 'id="query-code"' in receipt


def test_the_receipt_is_there_only_for_who_entered_it(app: Flask, clerk: FlaskClient, world: World) -> None:
    answer = enter(clerk, world)
    with time_machine.travel(world.now, tick=False):
        colleague = sign_in(app.test_client(), make_account(Role.HANDLER, department_id=world.water))
        assert colleague.get(answer.location).location == NEW


@pytest.mark.parametrize("typed", [{"channel": ""}, {"channel": "web"}, {"item": "9.9.9"}, {"text": ""}])
def test_mistakes_are_told_and_the_words_stay(
    clerk: FlaskClient, world: World, typed: dict[str, str]
) -> None:
    answer = enter(clerk, world, **{"place": "三号桥头", **typed})
    assert answer.status_code == 422
    assert "三号桥头" in answer.get_data(as_text=True)


def test_the_form_asks_about_someone_else(clerk: FlaskClient, world: World) -> None:
    with time_machine.travel(world.now, tick=False):
        page = clerk.get("/en" + NEW).get_data(as_text=True)
    assert "What do they say?" in page
    assert "They agree that the message" in page
    assert "My message" not in page
    assert 'autocomplete="name"' not in page, "a browser would offer the clerk's own"


def test_a_deputy_enters_nothing(app: Flask, world: World) -> None:
    with time_machine.travel(world.now, tick=False):
        deputy = sign_in(app.test_client(), make_account(Role.DEPUTY))
        assert deputy.get(NEW).status_code == 403


def test_a_page_left_open_asks_for_one_more_press(clerk: FlaskClient, world: World) -> None:
    answer = enter(clerk, world, ticket="from-yesterday")
    assert answer.status_code == 422
    assert "请再按一次按钮" in answer.get_data(as_text=True)
    assert WORDS in answer.get_data(as_text=True)
