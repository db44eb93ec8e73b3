"""SQLite and PostgreSQL give the same items, voices and counts for any query, and neither is ever upset by one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from civic.cases.queries import VoiceFilter
from civic.cases.rules import FeedbackKind
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.plans import queries as plans
from civic.search import queries, services
from tests.conftest import lent
from tests.integration.cases.worlds import insert
from tests.snapshots import copy_database

WORDS = (
    "停车 小区 老旧小区改造 電動車充電 5G ＷｉＦｉ 100% a_b O'Reilly NEAR OR NOT 老人 食堂 积水 🙂 车 的 "
    "长期护理保险 幼儿园 TJ-2026 <b>粗</b> ﬁ 𠮷野家 ガス Ünï ① ㎡ ǅ ß İstanbul"
)
SIGNS = (
    "，",
    " ",
    "",
    "。\n",
    "-",
    "*",
    '"',
    "'",
    "%",
    "_",
    "(",
    ")",
    ":",
    "^",
    "&",
    "|",
    "!",
    "\\",
    "\x00",
    "\u200d",
)
KINDS = tuple(FeedbackKind)

typed = st.one_of(
    st.lists(st.sampled_from([*WORDS.split(), *SIGNS]), max_size=8).map("".join),
    st.text(max_size=40),
    st.text(alphabet="停车小区老旧改造人食堂 ", max_size=12),
)
filters = st.builds(
    VoiceFilter, kind=st.sampled_from([None, *KINDS]), answered=st.sampled_from([None, True, False])
)


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Flask, Flask]]:
    """The real district with the same eighty voices on each database."""
    sqlite, copy = (request.getfixturevalue(name) for name in ("sqlite_app", "postgres_copy"))
    copy_database(request.getfixturevalue("sqlite_district"), sqlite)
    copy.put_right()
    postgres = copy.app
    with ExitStack() as stack:
        for app in (sqlite, postgres):
            stack.enter_context(lent(app))
            with app.app_context():
                _speak()
        yield sqlite, postgres


def _speak() -> None:
    dice, began = random.Random(20261127), datetime(2026, 9, 7, tzinfo=UTC)
    items = plans.document("taijiang-14").items
    office = db.session.scalar(select(func.min(db.metadata.tables["department"].c.id)))
    for n in range(1, 81):
        text = "".join(dice.choice(WORDS.split()) + dice.choice(SIGNS[:6]) for _ in range(dice.randint(1, 8)))
        kind, at, item_id = dice.choice(KINDS).value, began + timedelta(hours=n), dice.choice(items).id
        insert(
            "feedback", id=n, received_at=at, kind=kind, item_id=item_id, text=text, text_hant="",
            paragraph_anchor="", paragraph_excerpt="", text_salt="", text_hash="", place="",
            wants_publication=True, under_14=False, guardian=False, about_staff=False, channel="web",
            outside_reference="", nonce_hash=f"nonce-{n}", locale="zh_Hans",
        )  # fmt: skip
        insert(
            "case_file", id=n, reference=f"TJ-2026-{n:06d}", version=1, feedback_id=n, status="routed",
            publication="public", visible=True, kind=kind, item_id=item_id, department_id=office,
            wants_publication=True, about_staff=False, submitted_at=at, submitted_day=at.date(),
            published_at=at, published_day=at.date(), due_day=at.date(), urgent_at=at, reopenings=0,
            return_pending=False, extension="none", overdue_noted=False, waits_for_lead=False,
            single_signature=False, changed_at=at,
        )  # fmt: skip
    with unit_of_work():
        assert services.rebuild_voices() == 80


def answer(app: Flask, query: str, wanted: VoiceFilter) -> dict[str, Any]:
    """All that a search says, in plain values."""
    with app.test_request_context():
        page, voices = queries.search(query), queries.find_voices(query, wanted, size=10)
        following = voices.voices.next_cursor
        older = queries.find_voices(query, wanted, following, size=10).voices if following else None
        return {
            "items": [(one.ref.code, one.excerpt, one.why, one.terms) for one in page.found],
            "counts": dict(page.counts),
            "suggested": [one.ref.code for one in queries.suggest(query)],
            "voices": [asdict(row) | {"is_overdue": None} for row in voices.voices.rows],
            "older": [row.reference for row in older.rows] if older else [],
            "count": (voices.count, voices.capped, dict(voices.kinds), voices.answered),
        }


@settings(max_examples=150)
@given(typed, filters)
@example("", VoiceFilter())
@example("停车" * 5000, VoiceFilter())
@example("停车\x00小区", VoiceFilter())
@example('NEAR("停车" "小区", 2) OR *', VoiceFilter())
@example("'); DROP TABLE voice_terms; --", VoiceFilter())
@example("_k_complaint _answered", VoiceFilter())
@example("停车 & !小区 | (老人 <-> 食堂):*", VoiceFilter(kind=FeedbackKind.COMPLAINT))
@example("\ud800停车", VoiceFilter())
def test_both_databases_say_the_same_and_neither_is_upset(
    both: tuple[Flask, Flask], query: str, wanted: VoiceFilter
) -> None:
    sqlite, postgres = (answer(app, query, wanted) for app in both)
    assert sqlite == postgres


def test_each_word_that_was_said_is_found_on_both(both: tuple[Flask, Flask]) -> None:
    for app in both:
        with app.test_request_context():
            for word in WORDS.split():
                found = queries.find_voices(word, size=100).voices.rows
                said = [row for row in found if word in row.text]
                assert bool(said) == (word != "🙂"), word


@settings(max_examples=60)
@given(typed.filter(bool))
@example('p1" OR "车')
@example("p1' | '车\\")
def test_what_a_list_is_filtered_by_is_never_read_as_an_operator(
    both: tuple[Flask, Flask], anchor: str
) -> None:
    for app in both:
        with app.test_request_context():
            wanted = VoiceFilter(item_ids=(1,), paragraph_anchor=anchor)
            assert queries.count_voices(wanted) == (0, False)


@settings(max_examples=60)
@given(typed)
def test_the_page_answers_whatever_is_typed_and_shows_it_as_text(
    both: tuple[Flask, Flask], query: str
) -> None:
    for app in both:
        response = app.test_client().get(
            "/search", query_string={"q": query.encode("utf-8", "surrogatepass")}
        )
        assert response.status_code == 200, query
        text = response.get_data(as_text=True)
        assert "<b>" not in text, "nothing that was typed or said is markup"
