"""Plain summaries: previewed, published, marked as the editor's, each version kept, nobody's overwritten unseen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.plans import queries as plans
from tests.factories import make_account, sign_in
from tests.factories.pages import submit

WORDS = "在全区建更多健身场地，让居民走路十分钟就能找到锻炼的地方。"
ENGLISH = "More places to exercise, within ten minutes on foot."
FORM = "/plain-summaries/taijiang-14/6.3.1"
PAGE = "/plans/taijiang-14/6.3.1"
LATER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def editor(taijiang: Flask) -> FlaskClient:
    with taijiang.app_context():
        account = make_account("editor")
    return sign_in(taijiang.test_client(), account)


@pytest.fixture
def reader(taijiang: Flask) -> FlaskClient:
    return taijiang.test_client()


def seen(app: Flask) -> str:
    with app.app_context():
        found = plans.plain_summary(plans.item_by_code("taijiang-14", "6.3.1").id)
    return str(found.id if found else 0)


def publish(editor: FlaskClient, words: str, english: str = "") -> int:
    given = {"text": words, "text_en": english, "seen": seen(editor.application), "publish": "1"}
    return submit(editor, FORM, given).status_code


def test_a_summary_is_previewed_then_stands_above_the_words_of_the_plan_and_is_marked(
    taijiang: Flask, editor: FlaskClient, reader: FlaskClient
) -> None:
    shown = submit(editor, FORM, {"text": WORDS, "seen": "0", "preview": "1"}).get_data(as_text=True)
    assert "尚未发布" in shown
    assert WORDS in shown
    before = reader.get(PAGE)
    assert WORDS not in before.get_data(as_text=True)
    assert publish(editor, WORDS, ENGLISH) == 302
    after = reader.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
    page = after.get_data(as_text=True)
    assert after.status_code == 200
    assert page.index("编者通俗说明") < page.index(WORDS) < page.index("以发展全民健身为重点")
    assert "不是规划原文" in page
    assert WORDS in reader.get("/plans/taijiang-14/6").get_data(as_text=True)
    assert ENGLISH in reader.get(f"/en{PAGE}").get_data(as_text=True)
    with taijiang.app_context():
        deliver_due(LATER)
    assert "讓居民走路十分鐘" in reader.get(f"/zh-hant{PAGE}").get_data(as_text=True)


def test_nobody_overwrites_what_he_has_not_seen(
    taijiang: Flask, editor: FlaskClient, reader: FlaskClient
) -> None:
    assert publish(editor, WORDS) == 302
    mine = "我写的另一种说明，比前一版更清楚。"
    answer = submit(editor, FORM, {"text": mine, "seen": "0", "publish": "1"})
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert mine in shown
    assert WORDS in shown
    assert mine not in reader.get(PAGE).get_data(as_text=True)
    assert publish(editor, mine) == 302
    assert mine in reader.get(PAGE).get_data(as_text=True)
    history = editor.get(FORM).get_data(as_text=True)
    assert history.index(f">{mine}</span>") < history.index(f">{WORDS}</span>")


def test_an_empty_text_takes_it_back_and_the_versions_stay(
    taijiang: Flask, editor: FlaskClient, reader: FlaskClient
) -> None:
    assert publish(editor, "") == 422, "there is nothing to take back"
    assert publish(editor, WORDS) == 302
    assert publish(editor, WORDS) == 422, "nothing has changed"
    assert publish(editor, "太短") == 422
    assert publish(editor, "长" * 601) == 422
    assert publish(editor, "") == 302
    assert "编者通俗说明" not in reader.get(PAGE).get_data(as_text=True)
    assert WORDS in editor.get(FORM).get_data(as_text=True)
    assert publish(editor, WORDS) == 302, "and it can be written again"


def test_the_database_keeps_every_version(taijiang: Flask, editor: FlaskClient) -> None:
    publish(editor, WORDS)
    with taijiang.app_context():
        deliver_due(LATER)
        for attempt in (
            "UPDATE plain_summary SET text = 'x'",
            "UPDATE plain_summary SET text_hant = 'x'",
            "UPDATE plain_summary SET published_at = '2020-01-01'",
            "DELETE FROM plain_summary",
        ):
            with pytest.raises(DatabaseError, match="never"), unit_of_work() as session:
                session.execute(text(attempt))
            db.session.rollback()
