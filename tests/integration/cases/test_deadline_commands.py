"""``flask civic recompute-deadlines``, ``calendars`` and what ``load`` says; two at once move and note once."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from civic.cases import services
from civic.cases.models import Case, CaseEvent
from civic.cases.rules import CaseAction, FeedbackKind
from civic.cases.services.applying import load_facts
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.departments.rules import missing_years
from civic.web.caching import renew_reference
from tests.integration.cases.test_racing import at_once
from tests.integration.cases.worlds import World, insert

LINSHUI = Path(__file__).resolve().parents[2] / "data" / "linshui"
YEAR = """
year: 2027
notice: {title: 样本通知, number: 样发〔2026〕1号, date: 2026-11-03, url: 'https://example.org/'}
holidays:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-04, makeup: [2027-01-09]}
"""
DECEMBER = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)


def run(app: Flask, *arguments: str, at: datetime = DECEMBER) -> tuple[int, str]:
    with time_machine.travel(at, tick=False):
        result = app.test_cli_runner().invoke(args=["civic", *arguments])
    db.session.rollback()
    return result.exit_code, result.output


def events(action: CaseAction) -> int:
    return db.session.scalar(select(func.count(CaseEvent.id)).where(CaseEvent.action == action.value)) or 0


def publish_2027() -> None:
    """The notice comes out; ``make_world`` knows 2026 only."""
    insert("calendar_year", year=2027, notice_title="样本通知", notice_number="1号", url="")
    for day in (date(2027, 1, 1), date(2027, 2, 8)):
        close(day)


def close(day: date) -> None:
    insert("calendar_day", day=day, year=day.year, works=False, name="样本日")
    with unit_of_work():
        renew_reference()


def is_provisional(case_id: int) -> bool:
    facts = load_facts(case_id)
    assert facts is not None
    return facts.round.clock.provisional


def test_the_command_names_what_moves_moves_it_and_then_has_nothing_left(app: Flask, world: World) -> None:
    world.now = DECEMBER
    into_2027, before_it = world.submit(), world.submit(kind=FeedbackKind.QUESTION)
    world.do(services.accept_case, world.handler, into_2027.case_id)
    assert run(app, "recompute-deadlines", "--dry-run")[0] == 0
    assert is_provisional(into_2027.case_id)

    publish_2027()
    for option, code in (("--dry-run", 1), (None, 0), ("--dry-run", 0)):
        found, said = run(app, *filter(None, ("recompute-deadlines", option)))
        assert found == code
        assert "->" not in said
    assert not is_provisional(into_2027.case_id), "the day stays, and is certain now"

    close(date(2027, 1, 4))
    code, said = run(app, "recompute-deadlines", "--dry-run")
    assert code == 1
    assert "1 open cases would move; 0 keep" in said
    assert events(CaseAction.MOVE_DEADLINES) == 1
    code, done = run(app, "recompute-deadlines")
    assert code == 0
    assert done.splitlines()[:-1] == said.splitlines()[:-1], "what was named is what moved"
    assert f"{into_2027.reference} clock: {into_2027.due_at.isoformat()} -> " in done
    assert f"{into_2027.reference} own: " in done
    assert before_it.reference not in done
    for again in ("recompute-deadlines", "recompute-deadlines --dry-run"):
        code, said = run(app, *again.split())
        assert (code, said.count("->")) == (0, 0)
    assert events(CaseAction.MOVE_DEADLINES) == 2
    assert services.check_stats() == []


def test_two_runs_at_once_move_each_case_once_and_two_sweeps_note_it_once(app: Flask, world: World) -> None:
    world.now = DECEMBER
    ids = [world.submit().case_id for _ in range(6)]
    publish_2027()
    close(date(2027, 1, 4))
    results = at_once(app, *[lambda: services.recompute_deadlines(DECEMBER)] * 2)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sorted(len(one) for one in results) == [0, 6]
    assert events(CaseAction.MOVE_DEADLINES) == 6

    late = DECEMBER + timedelta(days=40)
    reports: list[Any] = at_once(app, *[lambda: services.sweep(late)] * 2)
    assert sum(report.overdue for report in reports) == 6
    assert events(CaseAction.BECAME_OVERDUE) == 6
    assert db.session.scalar(select(func.count(Case.id)).where(Case.overdue_noted)) == len(ids)
    assert services.check_stats() == []


def test_a_load_says_how_many_deadlines_its_calendar_leaves_behind(
    app: Flask, tmp_path: Path, world: World
) -> None:
    folder = tmp_path / "linshui"
    shutil.copytree(LINSHUI, folder)
    world.now = DECEMBER
    world.submit()
    assert run(app, "load", str(folder))[0] == 0
    assert run(app, "recompute-deadlines")[0] == 0
    (folder / "calendars").mkdir()
    (folder / "calendars" / "2027.yaml").write_text(YEAR, "utf-8")
    code, said = run(app, "load", str(folder))
    assert code == 0
    assert "Working days of 2027 changed; the deadlines of 1 open cases aren't recomputed yet" in said
    assert "recompute-deadlines --dry-run" in said
    assert "recompute" not in run(app, "load", str(folder))[1]
    assert run(app, "recompute-deadlines", "--dry-run")[0] == 1

    code, said = run(app, "calendars", "--check")
    assert code == 0
    assert "2027: 样本通知 (样发〔2026〕1号, 2026-11-03, https://example.org/)" in said
    code, said = run(app, "calendars", "--check", at=datetime(2027, 11, 30, 15, 0, tzinfo=UTC))
    assert (code, "2028: no notice" in said) == (0, True)
    code, said = run(app, "calendars", "--check", at=datetime(2027, 11, 30, 17, 0, tzinfo=UTC))
    assert code == 1, "it is 1 December in the district"
    assert "/admin/calendars/2028" in said
    assert run(app, "calendars", at=datetime(2027, 12, 2, tzinfo=UTC))[0] == 0


@pytest.mark.parametrize(
    ("known", "today", "missing"),
    [
        ({2026}, "2026-11-30", ()),
        ({2026}, "2026-12-01", (2027,)),
        ({2026, 2027}, "2026-12-31", ()),
        ({2026}, "2027-01-01", (2027,)),
        (set(), "2026-12-01", (2026, 2027)),
    ],
)
def test_a_year_is_missing_from_december_before_it(
    known: set[int], today: str, missing: tuple[int, ...]
) -> None:
    assert missing_years(known, datetime.fromisoformat(today).date()) == missing
