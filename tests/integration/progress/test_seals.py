"""The database itself refuses to change what was published or promised, whoever asks with SQL."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.plans import queries as plans
from civic.progress.models import Adjustment, ProgressUpdate
from tests.factories import make_account
from tests.integration.progress.conftest import NOW

LOWER = """{"target": {"text": "1", "value": "1", "qualifier": "", "cumulative": false, "unit": ""}}"""


def run(statement: str, **values: object) -> None:
    with unit_of_work() as session:
        session.execute(text(statement), values)


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE indicator SET printed = :new WHERE item_id = :item",
        "UPDATE indicator SET target_year = 2030 WHERE item_id = :item",
        "UPDATE indicator SET target_kind = 'floor' WHERE item_id = :item",
        "UPDATE indicator SET printed = :new, adjustment_id = :adjustment WHERE item_id = :item",
        "DELETE FROM indicator WHERE item_id = :item",
    ],
)
def test_a_published_target_is_not_changed_by_sql(taijiang: Flask, attempt: str) -> None:
    with taijiang.app_context():
        item = plans.item_by_code("taijiang-14", "T2-01").id
        other = plans.item_by_code("taijiang-14", "T2-02").id
        # in force, but for another item
        adjustment = adjust(other)
        values = {"item": item, "new": LOWER, "adjustment": adjustment}
        used = {name: value for name, value in values.items() if f":{name}" in attempt}
        with pytest.raises(DatabaseError, match="adjustment"):
            run(attempt, **used)


def test_with_an_adjustment_in_force_it_is(taijiang: Flask) -> None:
    with taijiang.app_context():
        item = plans.item_by_code("taijiang-14", "T2-01").id
        proposed = adjust(item, state="proposed")
        change = "UPDATE indicator SET printed = :new, adjustment_id = :adjustment WHERE item_id = :item"
        with pytest.raises(DatabaseError, match="adjustment"):
            run(change, item=item, new=LOWER, adjustment=proposed)
        in_force = adjust(item)
        run(change, item=item, new=LOWER, adjustment=in_force)
        with pytest.raises(DatabaseError, match="adjustment"):
            run("UPDATE indicator SET printed = '{}' WHERE item_id = :item", item=item)
        with pytest.raises(DatabaseError, match="never edited"):
            run("UPDATE adjustment SET document_number = 'x' WHERE id = :id", id=in_force)


def test_a_published_promise_keeps_its_words_and_its_day(taijiang: Flask) -> None:
    with taijiang.app_context():
        item = plans.item_by_code("taijiang-14", "M-1.5.1-1").id
        for column, value in (("quote", "'以后再说'"), ("deadline", "'2099-12-31'"), ("measure", "'{}'")):
            with pytest.raises(DatabaseError, match="adjustment"):
                run(f"UPDATE commitment SET {column} = {value} WHERE item_id = :item", item=item)


def test_the_day_of_a_project_is_set_by_an_adjustment_only(taijiang: Flask) -> None:
    with taijiang.app_context():
        item = plans.item_by_code("taijiang-14", "B1-001").id
        for attempt in ("UPDATE project SET deadline = '2026-06-30'", "DELETE FROM project"):
            with pytest.raises(DatabaseError, match="adjustment"):
                run(f"{attempt} WHERE item_id = :item", item=item)


def test_a_published_update_is_never_edited_and_a_draft_is(taijiang: Flask) -> None:
    with taijiang.app_context():
        plan_item = plans.item_by_code("taijiang-14", "6.3.1")
        lead = plans.lead_department_id(plan_item.id)
        approver = make_account("editor").account_id
        with unit_of_work() as session:
            update = ProgressUpdate(
                item_id=plan_item.id, department_id=lead, status="under_way", text="开工。",
                as_of=date(2024, 2, 1), drafted_at=NOW,
            )  # fmt: skip
            session.add(update)
            session.flush()
            key = update.id
        run("UPDATE progress_update SET text = '已开工。' WHERE id = :id", id=key)
        with unit_of_work() as session:
            row = session.get_one(ProgressUpdate, key)
            row.state, row.published_at, row.approved_by = "published", NOW, approver
        for attempt in ("UPDATE progress_update SET text = '完工。'", "DELETE FROM progress_update"):
            with pytest.raises(DatabaseError, match="never edited"):
                run(attempt)


def adjust(item_id: int, state: str = "in_force") -> int:
    with unit_of_work() as session:
        row = Adjustment(
            plan_id=plans.plan_by_slug("taijiang-14").id, item_id=item_id, subject="target", state=state,
            old={}, new={}, reason="样例", approving_body="区人大常委会", document_number="样例1号",
            approved_on=date(2024, 1, 1), recorded_at=datetime(2024, 1, 2, tzinfo=UTC),
            in_force_on=date(2024, 1, 2) if state == "in_force" else None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def test_published_values_are_only_ever_added_to(taijiang: Flask) -> None:
    from decimal import Decimal

    from civic.core.actor import SYSTEM
    from civic.progress import services
    from civic.progress.rules.reported import Reported

    with taijiang.app_context():
        with unit_of_work():
            value = Reported("T2-01", 2023, Decimal(700), "亿元", source_title="统计公报")
            services.record_observation(SYSTEM, "taijiang-14", value, NOW)
        for attempt in ("UPDATE observation SET value = '900'", "DELETE FROM observation"):
            with pytest.raises(DatabaseError, match="append-only"):
                run(attempt)
        db.session.rollback()
