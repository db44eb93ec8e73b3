"""A period is sealed once, stays whatever is decided later, and comes out again from the events to the byte."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import text, update

from civic.cases import services as cases
from civic.cases.rules import CaseStatus
from civic.core import clock
from civic.core.actor import Role
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.core.guards import remove_guards
from civic.supervision.models import Snapshot
from civic.supervision.rules import Period, month_of
from civic.supervision.rules.snapshots import as_sealed, due_periods, figures_of, period_text
from civic.supervision.services import seal_due_periods
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World, status_of
from tests.integration.notices.post import mail_server

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
    assert without_shares(summary["total"]) == document["total"]
    rows = {row["key"]: row["figures"] for row in document["tables"]["department"]}
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


def text_of(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def test_page_workbook_and_word_file_say_the_same(app: Flask, october: World) -> None:
    deputy = sign_in(app.test_client(), make_account(Role.DEPUTY))
    assert run(app, "seal-period", "2026-09")[0] == 0
    document = json.loads(data_of(deputy))
    page = deputy.get("/supervision/snapshots/1").get_data(as_text=True)
    first = deputy.get("/supervision/snapshots/1.xlsx").data
    assert first == deputy.get("/supervision/snapshots/1.xlsx").data, "the same bytes each time"
    book = load_workbook(io.BytesIO(first))
    word = Document(io.BytesIO(deputy.get("/supervision/snapshots/1.docx").data))

    lines = list(book["各部门办理情况"].iter_rows())
    head = [cell.value for cell in lines[0]]
    received, rows = head.index("已收到"), document["tables"]["department"]
    assert [cells[received].value for cells in lines[1:-1]] == [row["figures"]["received"] for row in rows]
    assert lines[-1][received].value == document["total"]["received"]
    for cells in lines[1:]:
        if cells[received].value:
            link = cells[received].hyperlink.target
            assert f'data-total="{cells[received].value}"' in deputy.get(link).get_data(as_text=True)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)

    table = next(one for one in word.tables if one.rows[-1].cells[0].text == "合计")
    written = [[cell.text for cell in row.cells] for row in table.rows]
    at = written[0].index("已收到")
    assert [row[at] for row in written[1:]] == [str(cells[received].value) for cells in lines[1:]]
    for row in written[1:]:
        assert f">{row[0]}<" in page
    sentences = [paragraph.text for paragraph in word.paragraphs if "应" in paragraph.text]
    assert any(one in page for one in sentences)
    assert re.search(r"一、\w+", "\n".join(paragraph.text for paragraph in word.paragraphs))
    assert hashlib.sha256(data_of(deputy)).hexdigest() in word.tables[-1].rows[1].cells[1].text

    live = deputy.get("/supervision/report.xlsx?period=2026-09&by=department")
    again = load_workbook(io.BytesIO(live.data))
    assert [[cell.value for cell in row] for row in again["各部门办理情况"].iter_rows()] == [
        [cell.value for cell in row] for row in lines
    ]
    narrowed = deputy.get("/supervision/report.xlsx?period=2026-09&kind=question")
    total = list(load_workbook(io.BytesIO(narrowed.data))["各部门办理情况"].iter_rows())[-1]
    assert total[received].value == 1


def test_the_worker_seals_what_is_over_once_and_deputies_are_told(app: Flask, october: World) -> None:
    deputy = make_account(Role.DEPUTY, name="林代表")
    with mail_server() as box:
        given = app.extensions["settings"]
        given.smtp_host, given.smtp_port, given.smtp_tls = "127.0.0.1", box.port, "none"
        given.smtp_from = "台江规划 <plan@example.org>"
        for expected in (2, 0):
            with unit_of_work():
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
