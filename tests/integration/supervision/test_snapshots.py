"""A period is sealed once, stays whatever is decided later, and comes out again from the events to the byte."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from civic.cases import services as cases
from civic.cases.rules import CaseStatus, Resolution
from civic.core import clock
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.core.guards import remove_guards
from civic.departments import queries as departments
from civic.departments.rules import ReorganisationKind
from civic.departments.services import NewReorganisation, plan_reorganisation
from civic.supervision.models import Snapshot
from civic.supervision.rules import SMALL, Period, month_of
from civic.supervision.rules.assessments import canonical
from civic.supervision.rules.snapshots import as_sealed, due_periods, figures_of, period_text
from civic.supervision.services import seal_due_periods
from civic.web.caching import renew_reference
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World, insert, status_of
from tests.integration.notices.post import mail_server
from tests.integration.supervision.opened import sheets, word_file
from tests.integration.supervision.reported import BY_SCOPE, says_the_same
from tests.integration.supervision.walking import Walker

OCTOBER = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)


@pytest.fixture
def october(world: World) -> Iterator[World]:
    with time_machine.travel(OCTOBER, tick=False):
        world.now = OCTOBER
        yield world


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    found = app.test_cli_runner().invoke(args=["civic", *arguments])
    return found.exit_code, found.output


def data_of(client: FlaskClient, number: int = 1) -> bytes:
    answer = client.get(f"/supervision/snapshots/{number}.json")
    assert answer.status_code == 200
    return answer.data


def test_no_month_is_sealed_before_midnight(app: Flask, world: World) -> None:
    with time_machine.travel(datetime(2026, 9, 30, 15, 59, tzinfo=UTC), tick=False):
        assert run(app, "seal-period", "2026-09")[1].startswith(
            "Error: This period can be sealed once its last day"
        )
    with time_machine.travel(datetime(2026, 9, 30, 16, 0, tzinfo=UTC), tick=False):
        assert run(app, "seal-period", "2026-09")[0] == 0


def test_a_sealed_month_stays_and_comes_out_again(app: Flask, october: World) -> None:
    world, deputy = october, sign_in(app.test_client(), make_account(Role.DEPUTY))
    assert "No period is sealed yet." in deputy.get("/en/supervision/snapshots").get_data(as_text=True)
    assert run(app, "seal-period", "2026-10")[1].startswith("Error: This period can be sealed once")
    assert run(app, "seal-period", "2025-01")[1].startswith("Error: Nothing was counted")
    assert run(app, "seal-period", "2026-09") == (0, "2026-09 is sealed as number 1.\n")
    assert run(app, "seal-period", "2026-09")[1].startswith(
        "Error: This period is sealed already, as number 1."
    )

    sealed = data_of(deputy)
    document = json.loads(sealed)
    summary = json.loads(run(app, "summary", "--period", "2026-09", "--json")[1])
    assert without_shares(summary["total"]) == stated(document["total"])
    rows = {row["key"]: stated(row["figures"]) for row in document["tables"]["department"]}
    assert rows == {row["key"]: without_shares(row) for row in summary["rows"]}
    seal = hashlib.sha256(sealed).hexdigest()
    page = deputy.get("/en/supervision/snapshots/1").get_data(as_text=True)
    assert seal in page

    moved = next(one for one in world.sent if status_of(one.case_id) is CaseStatus.ROUTED)
    world.do(cases.transfer_case, world.dispatcher, moved.case_id, world.roads, reason="属住建局。")
    with unit_of_work():
        cases.sweep(world.now + timedelta(days=30))
    changed = json.loads(run(app, "summary", "--period", "2026-09", "--json")[1])
    assert run(app, "rebuild-stats", "--check")[0] == 0
    assert data_of(deputy) == sealed
    assert changed != summary, "what happened later tells in the summary of today"
    assert run(app, "verify-snapshots") == (
        0, "1 2026-09: fits its seal, comes out again from the events\n1 sealed, 0 broken\n",
    )  # fmt: skip

    assert run(app, "verify-snapshots", "1", "7") == (1, "Error: nothing is sealed as number 7\n")

    with pytest.raises(Exception, match="snapshot"), unit_of_work():
        db.session.execute(update(Snapshot).values(seal="0" * 64))
    with unit_of_work():
        remove_guards(db.session.connection(), ("snapshot",))
        better = sealed.decode().replace(
            '"received":' + str(document["total"]["received"]), '"received":99', 1
        )
        assert better != sealed.decode()
        db.session.execute(
            update(Snapshot).values(document=better, seal=hashlib.sha256(better.encode()).hexdigest())
        )
    code, said = run(app, "verify-snapshots", "1")
    assert code == 1
    assert "fits its seal, DOES NOT COME OUT AGAIN" in said


def without_shares(row: dict[str, Any]) -> dict[str, Any]:
    """Figures as the command prints them, reduced to what is sealed."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict) and "whole" in value:
            return {"part": value["part"], "whole": value["whole"]}
        if isinstance(value, dict):
            return {
                name: value[name] if name == "n" else text_of(value[name]) for name in ("n", "median", "p90")
            }
        return value

    return {name: plain(value) for name, value in row.items() if name not in ("key", "name")}


def stated(row: dict[str, Any]) -> dict[str, Any]:
    """Figures as they are sealed, without medians and percentiles of too few cases."""

    def plain(value: Any) -> Any:
        few = isinstance(value, dict) and value.get("n", SMALL) < SMALL
        return {"n": value["n"], "median": None, "p90": None} if few else value

    return {name: plain(value) for name, value in row.items()}


def text_of(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def test_page_workbook_and_word_file_say_the_same(app: Flask, october: World) -> None:
    """In every cell, here with few cases and in ``test_truth`` with many; what the numbers link to is there."""
    deputy = sign_in(app.test_client(), make_account(Role.DEPUTY))
    assert run(app, "seal-period", "2026-09")[0] == 0
    first = deputy.get("/supervision/snapshots/1.xlsx").data
    assert first == deputy.get("/supervision/snapshots/1.xlsx").data, "the same bytes each time"
    links = says_the_same(deputy, 1)
    walker = Walker(deputy)
    sealed = sheets(deputy, "/supervision/snapshots/1.xlsx")
    counted = {
        cell.address: cell.value for rows in sealed.values() for row in rows for cell in row if cell.address
    }
    assert links == set(counted)
    for address, n in counted.items():
        assert walker.entries(address) == n, address
    page = deputy.get("/supervision/snapshots/1").get_data(as_text=True)
    assert hashlib.sha256(data_of(deputy)).hexdigest() in page
    live = sheets(deputy, "/supervision/report.xlsx?period=2026-09&by=department")
    assert {name: live[name] for name in BY_SCOPE} == {name: sealed[name] for name in BY_SCOPE}
    narrowed = sheets(deputy, "/supervision/report.xlsx?period=2026-09&kind=question")[BY_SCOPE[0]]
    assert narrowed[-1][1].value == 1


@pytest.fixture
def merged(october: World) -> int:
    """A case that is merged into another one, before anything is sealed."""
    survivor, gone = october.submit(), october.submit()
    october.do(cases.merge_case, october.dispatcher, gone.case_id, survivor.case_id)
    return gone.case_id


def test_whatever_happens_later_a_sealed_period_stays(
    app: Flask, october: World, merged: int, tmp_path: Path
) -> None:
    """After each event the same bytes come out of the events, and the page is the same; the files are made of them."""
    world, deputy = october, sign_in(app.test_client(), make_account(Role.DEPUTY))
    for period in ("2026-09", "2026-Q3"):
        assert run(app, "seal-period", period)[0] == 0

    def shown() -> list[bytes]:
        page = deputy.get("/supervision/snapshots/1").data.partition(b"<h1>")[2]
        return [page, data_of(deputy), data_of(deputy, 2)]

    sealed, before = shown(), received(app)
    public, answered, owed = (world.sent[at].case_id for at in (0, 2, 5))

    def closed_day() -> None:
        insert("calendar_day", day=date(2026, 9, 14), year=2026, works=False, name="样本日")
        with unit_of_work():
            renew_reference()
            assert cases.recompute_deadlines(world.now)

    def merger() -> None:
        day = date(2026, 10, 9)
        new = NewReorganisation(ReorganisationKind.MERGE, world.water, world.roads, day, "通知", "3号", day)
        with unit_of_work():
            plan_reorganisation(world.admin, new, world.now)

    later: dict[str, Callable[[], object]] = {
        "a part of the case goes on alone": lambda: world.do(cases.unmerge_case, world.dispatcher, merged),
        "a day is declared off": closed_day,
        "an answer is corrected": lambda: world.do(
            cases.correct_reply, world.lead, answered, "更正：十月底前安装。",
            resolution=Resolution.PLANNED, reason="日期有误。",
        ),
        "a case is taken down": lambda: world.do(
            cases.unpublish_case, world.dispatcher, public, reason="本人要求。"
        ),
        "words are erased": lambda: world.do(cases.erase_words, RESIDENT, public),
        "an open case is erased": lambda: world.do(cases.erase_words, RESIDENT, owed),
        "past cases are loaded into the month": lambda: loaded(app, tmp_path, world),
        "the department is merged": merger,
        "everything is counted anew": lambda: run(app, "rebuild-stats"),
    }  # fmt: skip
    for what, happens in later.items():
        happens()
        assert run(app, "verify-snapshots")[1].endswith("2 sealed, 0 broken\n"), what
        assert shown() == sealed, what
    assert run(app, "rebuild-stats", "--check")[0] == 0
    assert status_of(owed) is CaseStatus.WITHDRAWN
    assert received(app) == before + 1, "what was loaded counts in the summary of today"


def received(app: Flask) -> int:
    return int(json.loads(run(app, "summary", "--period", "2026-09", "--json")[1])["total"]["received"])


def loaded(app: Flask, folder: Path, world: World) -> None:
    """One case of September, from another system."""
    file = folder / "past.csv"
    key = departments.department(world.roads).key
    file.write_text(
        f"id,kind,text,submitted_at,department\nH-1,complaint,路灯坏了三天。,2026-09-08 10:00,{key}\n",
        "utf-8",
    )
    code, said = run(app, "load-cases", str(file), "--system", "hotline")
    assert code == 0, said


def test_the_worker_seals_what_is_over_once_and_deputies_are_told(app: Flask, october: World) -> None:
    deputy = make_account(Role.DEPUTY, name="林代表")
    with mail_server() as box:
        given = app.extensions["settings"]
        given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", box.port, "none"
        given.smtp_from = "台江规划 <plan@example.org>"
        for expected in (2, 0):
            assert seal_due_periods(clock.now()) == expected
        deliver_due(clock.now())
    letters = [text for text in (one.get_content() for one in box.received) if "林代表" in text]
    assert len(letters) == 2
    said = "\n".join(letters)
    assert {link[-1] for link in re.findall(r"http\S+/supervision/snapshots/\d", said)} == {"1", "2"}
    periods = db.session.scalars(text("SELECT period FROM snapshot ORDER BY number")).all()
    assert periods == ["2026-09", "2026-Q3"]
    listed = sign_in(app.test_client(), deputy).get("/supervision/snapshots").get_data(as_text=True)
    assert listed.index("2026年第3季度") < listed.index("2026年9月<")


def test_a_month_sealed_by_the_former_rule_of_own_days_is_checked_by_it(app: Flask, october: World) -> None:
    """Up to version 2 second answers were among those within own days; in a later document they break the seal."""
    assert run(app, "seal-period", "2026-09")[0] == 0
    document = json.loads(db.session.scalar(select(Snapshot.document)) or "")
    with unit_of_work():
        remove_guards(db.session.connection(), ("snapshot",))
    [again] = [row for row in document["tables"]["department"] if row["figures"]["again"]["whole"]]
    assert again["figures"]["again"] == {"part": 0, "whole": 1}
    former = [document["total"], *(row["figures"] for rows in document["tables"].values() for row in rows)]
    for figures in former:
        figures["own"]["whole"] += figures["again"]["whole"]
    for version, code in ((3, 1), (2, 0)):
        text = canonical({**document, "version": version}).decode()
        with unit_of_work():
            seal = hashlib.sha256(text.encode()).hexdigest()
            db.session.execute(update(Snapshot).values(document=text, seal=seal))
        assert run(app, "verify-snapshots")[0] == code, version


def test_an_incomplete_earlier_period_is_not_compared_without_a_word(app: Flask, october: World) -> None:
    """Page, workbook and Word file say that counting began within it; the sealed data say when."""
    deputy = sign_in(app.test_client(), make_account(Role.DEPUTY))
    assert "counting began on 7 Sep" in deputy.get(
        "/en/supervision/?since=2026-09-16&until=2026-09-30"
    ).get_data(as_text=True)
    rows = sheets(deputy, "/en/supervision/report.xlsx?since=2026-09-16&until=2026-09-30")["Comparison"]
    note = "Period before: counting began on 7 Sep"
    assert any(note in str(row[0].value) for row in rows)
    paragraphs, _ = word_file(deputy, "/en/supervision/report.docx?since=2026-09-16&until=2026-09-30")
    assert any(note in one for one in paragraphs)
    assert run(app, "seal-period", "2026-09")[0] == 0
    assert json.loads(data_of(deputy))["counted_since"] == "2026-09-07"
    assert "nothing was counted then" in deputy.get("/en/supervision/snapshots/1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 11, 30), ["2026-10", "2026-Q3", "2025"]),
        (date(2026, 12, 1), ["2026-11", "2026-Q3", "2025"]),
        (date(2027, 1, 1), ["2026-12", "2026-Q4", "2026"]),
        (date(2027, 2, 1), ["2027-01", "2026-Q4", "2026"]),
    ],
)
def test_a_period_is_due_once_its_last_day_is_over(today: date, due: list[str]) -> None:
    assert [period_text(one) for one in due_periods(today, date(2025, 12, 1))] == due
    assert due_periods(today, None) == ()
    assert due_periods(today, date(2027, 6, 1)) == ()
    with pytest.raises(ValueError, match="neither"):
        period_text(Period(date(2026, 1, 1), date(2026, 1, 5)))
    assert period_text(month_of(today)) == f"{today:%Y-%m}"


def test_a_figure_that_comes_later_breaks_no_seal() -> None:
    sealed = {"total": {"received": 3}, "tables": {"kind": [{"key": "praise", "figures": {"received": 3}}]}}
    later = {
        "total": {"received": 3, "new": 1},
        "tables": {"kind": [{"key": "praise", "figures": {"received": 3, "new": 1}}]},
    }
    assert as_sealed(sealed, later) == sealed
    assert as_sealed(sealed, {**later, "total": {"received": 4, "new": 1}}) != sealed
    assert as_sealed(sealed, {**later, "tables": {"kind": []}}) != sealed
    assert figures_of({"received": 3}).received == 3
    assert figures_of({"received": 3}).replied.whole == 0
