"""``flask civic load-cases``: past cases of another system, with the command that a district calls."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from civic.cases import cli, queries, services
from civic.cases.models import Case, CaseEvent, CaseStat, Contact, Feedback, QueryKey, Rating, Reply
from civic.cases.rules import CaseStatus, FeedbackKind, RatingLevel, Resolution, Solved
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.outbox import OutboxMessage
from tests.factories import make_account, sign_in
from tests.integration.cases.replayed import rows_are_what_the_events_say
from tests.integration.cases.worlds import World

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
MAPPING = {
    "system": "12345 hotline",
    "columns": {
        "工单编号": "id", "类型": "kind", "内容": "text", "来电时间": "submitted_at", "承办单位": "department",
        "街道": "street", "条目": "item", "签收时间": "accepted_at", "答复内容": "reply", "答复时间": "replied_at",
        "办理结果": "resolution", "满意度": "rating", "办结时间": "closed_at", "是否公开": "public",
    },
    "values": {
        "kind": {"投诉": "complaint", "咨询": "question", "建议": "suggestion"},
        "department": {"教育局": "edu", "建设局": "constr"},
        "resolution": {"已解决": "resolved", "已解释": "explained"},
        "rating": {"满意": "satisfied", "不满意": "dissatisfied"},
        "public": {"是": "yes", "否": "no"},
    },
    "plan": "taijiang-14",
}  # fmt: skip
HEADINGS = [*MAPPING["columns"], "姓名", "联系电话"]  # type: ignore[misc]
ANSWERED = {
    "工单编号": "H-1", "类型": "投诉", "内容": "瀛洲街道河边步道的路灯坏了三天。", "来电时间": "2025-09-08 10:00",
    "承办单位": "建设局", "街道": "瀛洲街道", "条目": "6.3.1", "签收时间": "2025-09-09 09:00",
    "答复内容": "已更换灯泡并检查线路。", "答复时间": "2025-09-12 16:00", "办理结果": "已解决", "满意度": "满意",
    "办结时间": "2025-09-15 10:00", "是否公开": "是", "姓名": "林小红", "联系电话": "13859100011",
}  # fmt: skip
OPEN = ANSWERED | dict.fromkeys(("答复内容", "答复时间", "办理结果", "满意度", "办结时间"), "")
ROWS = [
    ANSWERED,
    ANSWERED
    | {"工单编号": "H-2", "类型": "咨询", "办理结果": "已解释", "签收时间": "", "满意度": "不满意", "是否公开": "否"},
    ANSWERED | {"工单编号": "H-3", "内容": "我叫林小红，灯坏了，电话13859100011"},
    OPEN | {"工单编号": "H-4", "来电时间": "2026-11-19", "签收时间": "", "是否公开": ""},
    OPEN | {"工单编号": "H-5", "是否公开": ""},
    ANSWERED | {"工单编号": "H-6", "承办单位": "水务集团"},
    ANSWERED | {"工单编号": "H-7", "答复时间": "2025-09-01"},
    ANSWERED | {"工单编号": "H-1", "内容": "这一行的编号已经有了。"},
    ANSWERED | {"工单编号": "H-8", "来电时间": "2027-01-01", "是否公开": "否"},
]  # fmt: skip


def write(path: Path, rows: list[dict[str, str]], encoding: str = "gb18030") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def load(app: Flask, file: Path, *more: str) -> Any:
    mapping = file.with_suffix(".map.json")
    mapping.write_text(json.dumps(MAPPING, ensure_ascii=False), "utf-8")
    report = file.with_suffix(".refused.csv")
    with time_machine.travel(NOW, tick=False):
        return app.test_cli_runner().invoke(
            args=["civic", "load-cases", str(file), "--map", str(mapping), "--report", str(report), *more]
        )


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def case_of(number: str) -> Case:
    query = select(Case).join(Feedback, Feedback.id == Case.feedback_id)
    return db.session.scalars(query.where(Feedback.outside_reference == number)).one()


def test_a_file_becomes_cases_and_what_cant_is_kept_with_its_reason(taijiang: Flask, tmp_path: Path) -> None:
    file = write(tmp_path / "past.csv", ROWS)
    tried = load(taijiang, file, "--dry-run")
    assert "5 cases would be loaded from 12345 hotline" in tried.output
    with taijiang.app_context():
        assert count(Case) == count(CaseStat) == 0

    done = load(taijiang, file)
    assert done.exit_code == 1, done.output
    assert "5 cases loaded from 12345 hotline, 0 were loaded before." in done.output
    assert "1 of them were public there" in done.output
    assert "Left out, as no column of ours: 姓名, 联系电话." in done.output
    with open(file.with_suffix(".refused.csv"), encoding="utf-8-sig", newline="") as report:
        refused = list(csv.DictReader(report))
    assert [(row["工单编号"], row["line"], row["column"]) for row in refused] == [
        ("H-6", "7", "承办单位"), ("H-7", "8", "答复时间"), ("H-1", "9", "工单编号"), ("H-8", "10", "来电时间"),
    ]  # fmt: skip
    assert {key: refused[0][key] for key in HEADINGS} == ROWS[5]
    assert all(row["reason"].endswith(".") for row in refused)

    with taijiang.app_context():
        rows_are_what_the_events_say(list(db.session.scalars(select(Case.id))))
        assert services.check_stats() == []
        assert [case_of(f"H-{n}").status for n in range(1, 6)] == [
            "closed", "closed", "closed", "routed", "in_progress",
        ]  # fmt: skip
        # Nobody is told, nothing is left to sweep, and no key or contact exists.
        assert count(QueryKey) == count(Contact) == count(OutboxMessage) == 0
        with unit_of_work():
            swept = services.sweep(NOW)
        assert (swept.closed, swept.overdue) == (0, 0)
        assert set(db.session.execute(select(CaseEvent.actor_kind, CaseEvent.account_id).distinct())) == {
            ("system", None)
        }
        shown = case_of("H-1").reference
        hidden = case_of("H-3").reference
        assert len(queries.public_case_ids()) == 1
    page = taijiang.test_client().get(f"/cases/{shown}").get_data(as_text=True)
    assert "河边步道的路灯" in page
    assert "已更换灯泡" in page
    assert taijiang.test_client().get(f"/cases/{hidden}").status_code == 404
    with taijiang.app_context():
        dispatcher = sign_in(taijiang.test_client(), make_account(Role.DISPATCHER))
    staff = dispatcher.get(f"/desk/cases/{hidden}").get_data(as_text=True)
    assert "由“12345 hotline”导入" in staff
    assert "H-3" in staff
    assert "按原系统的记录" in staff, "why the department had it"
    for command in ("rebuild-search", "rebuild-desk-search"):
        checked = taijiang.test_cli_runner().invoke(args=["civic", command, "--check"])
        assert checked.exit_code == 0, checked.output

    # Loaded again, it is all known; the report can be mended and loaded as it is.
    again = load(taijiang, file)
    assert "0 cases loaded from 12345 hotline, 5 were loaded before." in again.output
    for row in refused:
        row |= {"承办单位": "edu", "答复时间": "2025-09-12", "来电时间": "2025-09-08", "签收时间": ""}
    mended = tmp_path / "mended.csv"
    with open(mended, "w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, list(refused[0]))
        writer.writeheader()
        writer.writerows(refused)
    rest = load(taijiang, mended)
    assert "3 cases loaded from 12345 hotline, 1 were loaded before." in rest.output
    assert rest.exit_code == 0
    with taijiang.app_context():
        assert count(Case) == 8
        assert services.check_stats() == []


@pytest.fixture
def stopped_tests() -> Iterator[None]:
    """Signals reach the command as at a terminal, also where the whole run stands in the background and ignores them;
    one that the command lets through fails the test instead of ending the run."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
        signal.SIGTERM: signal.signal(
            signal.SIGTERM, lambda *_: pytest.fail("the command was ended without a word")
        ),
    }
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.usefixtures("stopped_tests")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_in_the_middle_and_run_again_it_is_as_if_nothing_had_happened(
    taijiang: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    rows = [ANSWERED | {"工单编号": f"N-{n}", "来电时间": f"2025-09-{n + 1:02}"} for n in range(7)]
    file = write(tmp_path / "past.csv", rows, "utf-8-sig")
    monkeypatch.setattr(cli, "BATCH", 2)
    whole, calls = services.load_past_cases, []

    def stops(*args: Any) -> Any:
        done = whole(*args)
        calls.append(done)
        if len(calls) == 3:
            signal.raise_signal(how)
        return done

    monkeypatch.setattr(services, "load_past_cases", stops)
    broken = load(taijiang, file)
    assert broken.exit_code == 1
    assert "line 5 (100%): 4 cases, 0 known" in broken.output, "how far it is"
    assert (
        "Broken off. Everything up to line 5 is loaded and stays. The same command goes on" in broken.output
    )
    with taijiang.app_context():
        assert (count(Case), count(Reply), count(Rating)) == (4, 4, 4), "whole lots only"
        assert services.check_stats() == []
    monkeypatch.undo()
    assert "3 cases loaded from 12345 hotline, 4 were loaded before." in load(taijiang, file).output
    with taijiang.app_context():
        numbers = list(db.session.scalars(select(Feedback.outside_reference).order_by(Feedback.id)))
        assert numbers == [f"N-{n}" for n in range(7)]
        assert services.check_stats() == []


def test_a_loaded_case_is_counted_like_one_that_lived_here(app: Flask, world: World, tmp_path: Path) -> None:
    told = {
        "id": "X-1", "kind": "question", "text": "河边步道的路灯什么时候修？", "submitted_at": world.now.isoformat(),
        "item": "6.3.1", "public": "no",
    }  # fmt: skip
    receipt = world.submit(kind=FeedbackKind.QUESTION, text=told["text"], wants_publication=False)
    world.pass_time(hours=30)
    told["accepted_at"] = world.now.isoformat()
    world.do(services.accept_case, world.handler, receipt.case_id)
    world.pass_time(days=9)
    told |= {"replied_at": world.now.isoformat(), "reply": "下周修好。", "resolution": "explained"}
    world.answered(receipt.case_id, resolution=Resolution.EXPLAINED)
    world.pass_time(days=1)
    told |= {"closed_at": world.now.isoformat(), "rating": "basically_satisfied", "solved": "partly"}
    with unit_of_work():
        services.rate_reply(
            RESIDENT, receipt.case_id, queries.version_of(receipt.case_id), RatingLevel.BASICALLY_SATISFIED,
            world.now, solved=Solved.PARTLY,
        )  # fmt: skip
    lived = _counters()
    told["department"] = db.session.scalar(
        select(db.metadata.tables["department"].c.key).where(
            db.metadata.tables["department"].c.id == world.water
        )
    )
    file = tmp_path / "one.csv"
    with open(file, "w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(told))
        writer.writeheader()
        writer.writerow(told)
    with time_machine.travel(world.now, tick=False):
        done = app.test_cli_runner().invoke(args=["civic", "load-cases", str(file), "--system", "old"])
    assert done.exit_code == 0, done.output
    assert case_of("X-1").status == CaseStatus.CLOSED.value
    assert _counters() == {key: 2 * n for key, n in lived.items()}


def _counters() -> dict[tuple[Any, ...], int]:
    db.session.rollback()
    columns = (CaseStat.measure, CaseStat.day, CaseStat.department_id, CaseStat.item_id, CaseStat.bucket)
    rows = db.session.execute(select(*columns, func.sum(CaseStat.n)).group_by(*columns))
    return {tuple(row[:-1]): row[-1] for row in rows}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("content", "mapping", "said"),
    [
        (b"id,kind\n1,report\n", {}, "No heading stands for text, submitted_at"),
        (b"id,kind,text,submitted_at,ID\n", {"columns": {"ID": "id"}}, "Two headings stand for id"),
        (b"id\xff\xff\x00", {}, "neither UTF-8 nor GB18030"),
        (b"", {}, "past.csv has no headings: its first line is empty. Nothing was loaded."),
        (b"\n\n", {}, "past.csv has no headings"),
        (b"id,kind,text,submitted_at\n\n", {}, "past.csv has headings and no rows. Nothing was loaded."),
        (b'"id,kind\n1,report\n', {}, "the headings are: id,kind 1,report."),
        (b"id,kind,text,submitted_at," + b"x" * 1_000_001, {}, "field larger than field limit"),
        (b"id\n", {"encoding": "utf-16"}, "UTF-16 stream does not start with BOM"),
        (b"id\n", {"encoding": "a\0b"}, "There is no encoding"),
        (b"id\n", {"system": "\ud800"}, "is no JSON in UTF-8"),
        (b"id\n", {"dates": ["%d.%m.%Y", "dd.mm.yyyy"]}, "“dd.mm.yyyy” is no format of a moment; write one with"),
        (b"id,kind\n", {"columns": {"Nr": "id", "Art": "kind"}}, "has no heading “Art”, “Nr”; take out"),
        (b"id\n", {"columns": {"Nr": "number"}}, "“number”, which is no column"),
        (b"id\n", {"values": {"kind": {"x": "row"}}}, "kind can't be “row”"),
        (b"id\n", {"headings": {}}, "a mapping is an object of"),
        (b"id\n", [], "a mapping is an object of"),
        (b"id\n", {"encoding": "klingon"}, "There is no encoding “klingon”"),
        ("编号\n".encode(), {"encoding": "ascii"}, "say its encoding in the mapping"),
        (b"id,kind,text,submitted_at\n" + b"1,report,x,2025\n" * 9000 + b"\xff", {"encoding": "utf-8"},
         "nothing after it was read"),
    ],
)  # fmt: skip
def test_a_file_that_cant_be_used_is_refused_whole(
    app: Flask, tmp_path: Path, content: bytes, mapping: Any, said: str
) -> None:
    file, spec = tmp_path / "past.csv", tmp_path / "map.json"
    file.write_bytes(content)
    spec.write_text(json.dumps(mapping))
    done = app.test_cli_runner().invoke(
        args=[
            "civic", "load-cases", str(file), "--map", str(spec), "--system", "old",
            "--report", str(tmp_path / "refused.csv"),
        ]
    )  # fmt: skip
    assert done.exit_code == 1
    assert said in done.output


def test_a_mapping_that_names_what_isnt_here_is_refused_at_once(taijiang: Flask, tmp_path: Path) -> None:
    file, spec = write(tmp_path / "past.csv", [OPEN]), tmp_path / "map.json"
    for change, said in (
        ({"plan": "taijiang-99"}, "map.json: there is no plan “taijiang-99” here; there are: taijiang-14"),
        ({"values": {"department": {"建设局": "build"}}}, "map.json: department: There is no department “build” here."),
        ({"defaults": {"street": "无名街道"}}, "map.json: street: There is no street “无名街道” here."),
        ({"defaults": {"closed_at": "gestern"}}, "closed_at: “gestern” can't be read as a day or a moment."),
        ({"values": {"submitted_at": {"-": "1900-01-01"}}}, "submitted_at: 1900-01-01 lies before 2000"),
    ):  # fmt: skip
        spec.write_text(json.dumps(MAPPING | change), "utf-8")
        done = load(taijiang, file, "--map", str(spec))
        assert (done.exit_code, said in done.output) == (1, True), done.output
        assert "Nothing was loaded." in done.output
        assert "refused" not in done.output


def test_what_can_be_read_only_once_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    pipe = tmp_path / "past.csv"
    os.mkfifo(pipe)
    done = load(sqlite_app, pipe)
    assert (done.exit_code, "save it as a file first" in done.output) == (1, True), done.output


def test_a_report_that_cant_be_written_says_what_stays(
    taijiang: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "BATCH", 1)
    file = write(tmp_path / "past.csv", [ANSWERED, ANSWERED | {"工单编号": "H-6", "承办单位": "水务集团"}])
    done = load(taijiang, file, "--report", "/dev/full")
    assert done.exit_code == 1
    assert "can't be written to /dev/full: No space left on device. Choose another" in done.output
    assert "Everything up to line 2 is loaded and stays." in done.output


def test_the_report_needs_a_place_of_its_own(sqlite_app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path / "past.csv", [OPEN | {"承办单位": "水务集团"}])
    before = file.read_bytes()
    for report, said in (
        (file, "can't take the place of the file"),
        (tmp_path / "none" / "r.csv", "There is no folder"),
    ):
        done = load(sqlite_app, file, "--report", str(report))
        assert (done.exit_code, said in done.output) == (1, True), done.output
    assert file.read_bytes() == before
