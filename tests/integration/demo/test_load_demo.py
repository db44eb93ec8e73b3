"""``flask civic load-demo`` on both databases: every state, counters that agree, nothing twice, never on real data."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import create_app
from civic.accounts import queries as accounts
from civic.accounts.models import Account
from civic.cases import services as cases
from civic.cases.models import Case, CaseEvent, CaseStat, Rating
from civic.cases.rules import CaseAction, CaseStatus, Measure, Publication, RatingLevel
from civic.cases.services.applying import load_facts
from civic.core import clock
from civic.core.actor import Role
from civic.core.config import Settings
from civic.core.extensions import db
from tests.conftest import DATABASES, make_settings, new_postgres_database, share_compiled
from tests.factories import make_account, sign_in

LIMIT = 37
"""One case of each path and way of publication."""


def demo_settings(instance: Path, url: str = "") -> Settings:
    return make_settings(instance, url).model_copy(update={"demo": True})


def run(app: Flask, *command: str) -> Any:
    return app.test_cli_runner().invoke(args=["civic", *command])


@pytest.fixture(scope="module", params=DATABASES)
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str]]:
    """A site with the district and a small sample, and what the command printed."""
    instance, url = tmp_path_factory.mktemp("demo"), ""
    if request.param == "postgresql":
        server, district = map(request.getfixturevalue, ("postgres_server", "postgres_district"))
        url = new_postgres_database(server, "civic_demo", district)
    else:
        shutil.copy(request.getfixturevalue("sqlite_district"), instance / "civic.db")
    share_compiled(instance)
    app = create_app(demo_settings(instance, url))
    result = run(app, "load-demo", "--limit", str(LIMIT))
    assert result.exit_code == 0, result.output
    yield app, result.output
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def counts(column: Any) -> dict[Any, int]:
    return dict(db.session.execute(select(column, func.count()).group_by(column)).all())


def test_every_state_of_a_case_is_there(demo: tuple[Flask, str]) -> None:
    app, _output = demo
    with app.app_context():
        found = counts(Case.status)
        # Where a case only passes through within one step, nobody can find it waiting.
        assert set(found) == {status.value for status in CaseStatus} - {CaseStatus.SUBMITTED.value}
        assert set(counts(Case.publication)) == {value.value for value in Publication}
        assert set(counts(Rating.level)) == {level.value for level in RatingLevel}
        actions = set(counts(CaseEvent.action))
        assert actions >= {
            a.value
            for a in (
                CaseAction.BECAME_OVERDUE, CaseAction.REOPEN, CaseAction.RETURN, CaseAction.TRANSFER,
                CaseAction.DESIGNATE, CaseAction.APPROVE_EXTENSION, CaseAction.APPEAL, CaseAction.ESCALATE,
                CaseAction.SEND_BACK, CaseAction.CORRECT_REPLY, CaseAction.CONTRIBUTE, CaseAction.MERGE,
            )
        }  # fmt: skip
        alone = select(func.sum(CaseStat.n)).where(CaseStat.measure == Measure.SINGLE_SIGNATURE.value)
        assert (db.session.scalar(alone) or 0) > 0


def test_the_counters_agree_and_the_rows_follow_from_their_events(demo: tuple[Flask, str]) -> None:
    app, _output = demo
    with app.app_context():
        assert cases.check_stats() == []
        for case in db.session.scalars(select(Case)):
            facts = load_facts(case.id)
            assert facts is not None
            assert facts.status.value == case.status


def test_events_of_a_case_run_forward_and_none_lies_ahead(demo: tuple[Flask, str]) -> None:
    app, _output = demo
    with app.app_context():
        last: dict[int, Any] = {}
        rows = select(CaseEvent.case_id, CaseEvent.at).order_by(CaseEvent.case_id, CaseEvent.seq)
        for case_id, at in db.session.execute(rows):
            assert last.get(case_id, at) <= at <= clock.now()
            last[case_id] = at


def test_loading_again_changes_nothing_and_prints_the_log_ins_again(demo: tuple[Flask, str]) -> None:
    app, first = demo
    with app.app_context():
        before = {
            t.name: db.session.scalar(select(func.count()).select_from(t)) for t in db.metadata.sorted_tables
        }
        db.session.rollback()
    second = run(app, "load-demo")
    assert second.exit_code == 0
    assert "nothing changed" in second.output
    assert second.output.split("\n\n", 1)[1] == first.split("\n\n", 1)[1]
    with app.app_context():
        after = {
            t.name: db.session.scalar(select(func.count()).select_from(t)) for t in db.metadata.sorted_tables
        }
    assert after == before


def test_everybody_printed_can_sign_in(demo: tuple[Flask, str]) -> None:
    app, output = demo
    lines = [line.split() for line in output.splitlines() if "@demo.example" in line]
    assert {line[2] for line in lines} == {role.value for role in Role}
    assert sum(line[2] == Role.ADMIN.value for line in lines) == 2
    browser = app.test_client()
    page = browser.get("/staff/sign-in")
    token = page.text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = browser.post(
        "/staff/sign-in", data={"email": lines[0][0], "password": lines[0][1], "csrf_token": token}
    )
    assert answer.status_code == 302
    assert "sign-in" not in answer.location


@pytest.mark.parametrize("address", ["/", "/voices", "/plans/taijiang-14/6", "/track", "/en/", "/nowhere"])
def test_every_public_page_carries_the_mark(demo: tuple[Flask, str], address: str) -> None:
    app, _output = demo
    assert 'class="demo-mark"' in app.test_client().get(address).text


def test_progress_of_every_kind_is_there_and_marked(demo: tuple[Flask, str]) -> None:
    app, _output = demo
    reader = app.test_client()
    clause = reader.get("/plans/taijiang-14/6.3.1").text
    assert "方案根据居民意见增加了老年人活动区" in clause
    assert clause.index("方案根据居民意见") < clause.index("正在征求周边居民意见"), "the newest first"
    indicator = reader.get("/plans/taijiang-14/T2-12").text
    source = "示例数据，不是公布的统计结果"
    assert source in indicator
    assert not re.search(rf"{source}(\s|<[^>]*>)*{source}", indicator), "said once of each value"
    assert "拟调整" in indicator
    assessment = reader.get("/plans/taijiang-14/assessments/1").text
    assert assessment.count("（示例）") >= 7, "title, prose, parts and recommendations"
    opinions = reader.get("/opinions").text
    assert opinions.count("opinions/20") == 1, "of four, one is closed and both sides agree"
    assert "关于智慧体育公园建设进度（示例）" in opinions
    queue = app.test_cli_runner().invoke(args=["civic", "verify-assessments"])
    assert queue.exit_code == 0, queue.output


def test_pages_of_staff_and_the_export_carry_the_mark(demo: tuple[Flask, str]) -> None:
    app, _output = demo
    with app.app_context():
        row = accounts.account_by_email("deputy@demo.example")
        assert row is not None
        deputy = accounts.actor_of(row.id)
        db.session.rollback()
    browser = sign_in(app.test_client(), deputy)
    assert 'class="demo-mark"' in browser.get("/supervision/").text
    export = browser.get("/supervision/summary.csv")
    assert export.status_code == 200
    rows = list(csv.reader(io.StringIO(export.text.lstrip("\ufeff"))))
    assert len(rows) > 2
    notes = {row[-1] for row in rows[1:]}
    assert len(notes) == 1
    assert "" not in notes, "each line says that it is sample data"


def test_a_database_with_accounts_of_its_own_is_refused(
    app_context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app_context.extensions, "settings", demo_settings(Path(app_context.instance_path)))
    make_account(Role.ADMIN)
    result = run(app_context, "load-demo")
    assert result.exit_code == 1
    assert "accounts or cases that are not sample data" in result.output
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_without_the_demo_setting_nothing_is_loaded(app_context: Flask) -> None:
    result = run(app_context, "load-demo")
    assert result.exit_code == 1
    assert "CIVIC_DEMO=1" in result.output
    assert db.session.scalar(select(func.count()).select_from(Account)) == 0
