"""Files of a published plan: what was adjusted stays, what isn't approved is refused by code, errata only mend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from civic.core import clock
from civic.core.actor import SYSTEM
from civic.core.db import unit_of_work
from civic.plans import queries as plans
from civic.plans.rules import AdjustmentSubject as Subject
from civic.plans.services import Approval, read_target
from civic.progress import queries, services
from civic.progress.services import NewAdjustment
from tests.integration.plans.test_district_folders import everything, export, folder, run

__all__ = ["folder"]

PLAN = "hewan-15"
APPROVED = (
    "--adjustment", "河人常〔2027〕1号", "--approved-by", "河湾区人大常委会", "--approved-on", "2026-03-01",
    "--adjustment-link", "https://example.org/1", "--adjustment-reason", "财力变化。",
)  # fmt: skip
DOCUMENT, PROMISES, ERRATA = "linshui-15.md", "commitments.yaml", "errata.yaml"


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def adjustments(app: Flask) -> dict[str, tuple[str, str, str]]:
    """{code: (subject, before, after)} of what is in force."""
    with app.app_context():
        found = queries.adjustments(plans.plan_by_slug(PLAN).id)
        codes = {ref.id: ref.code for ref in plans.items_of(PLAN)}
        return {
            codes.get(row.item_id, "gone"): (row.subject.value, row.lines[0].old, row.lines[0].new)
            for row in found
        }


def adjust(
    app: Flask, code: str, subject: Subject, new: Callable[[int], dict[str, object]], anchor: str = ""
) -> None:
    with app.app_context(), unit_of_work():
        found = plans.item_by_code(PLAN, code).id
        approval = Approval("河人常〔2027〕2号", "河湾区人大常委会", date(2026, 3, 1))
        wanted = NewAdjustment(found, subject, new(found), "样例", anchor)
        services.record_adjustment(SYSTEM, wanted, approval, clock.now())


def test_what_was_adjusted_stays_as_adjusted(app: Flask, folder: Path) -> None:
    run(app, "load", folder)
    adjust(app, "T1-01", Subject.TARGET, lambda found: read_target(found, "120", "3.7%", 2030))
    adjust(app, "2.1.2", Subject.TEXT, lambda _: {"text": "新增社区公交线路2条。"}, "p1")
    adjust(app, "2.2.1", Subject.TITLE, lambda _: {"title": "整治楼道和屋面"})
    adjust(
        app, "2.1.1", Subject.TEXT,
        lambda _: {
            "text": "到2029年建成步行桥2座，桥上设休息座椅。", "quotes": {"M-2.1.1-1": "到2029年建成步行桥2座"},
        }, "p1",
    )  # fmt: skip
    adjust(app, "M-2.1.1-1", Subject.DEADLINE, lambda _: {"deadline": "2029-12-31"})
    adjust(app, "B1-001", Subject.DEADLINE, lambda _: {"deadline": "2029-06-30"})
    before = everything(app)

    run(app, "load", folder)
    assert everything(app) == before
    # A comment makes every file new; what it says is old.
    for name in (PROMISES, ERRATA, "district.yaml"):
        (folder / name).write_text("# again\n" + (folder / name).read_text("utf-8"), "utf-8")
    for command in (
        ("load", folder),
        ("import-plan", folder / DOCUMENT, "--slug", PLAN, "--errata", folder / ERRATA),
    ):
        run(app, *command)
        after = everything(app)
        changed = {table for table in after if after[table] != before[table]}
        # The marks of the files, and for the other command the report of its import.
        assert changed <= {"load_record", "content_version", "plan", "audit_entry"}
        assert len(after["audit_entry"]) <= len(before["audit_entry"]) + 1

    plan = export(app, PLAN)
    assert plan["indicators"][0]["target"]["text"] == "120"
    assert plan["items"][7]["paragraphs"] == ["新增社区公交线路2条。"]
    assert plan["commitments"][0]["quote"] == "到2029年建成步行桥2座"
    assert plan["commitments"][0]["deadline"] == "2029-12-31"
    listed = {(one["item"], one["subject"]): one for one in plan["adjustments"]}
    assert listed["T1-01", "target"]["old"]["target"]["text"] == "127.63"
    assert listed["T1-01", "target"]["document_number"] == "河人常〔2027〕2号"
    assert listed["M-2.1.1-1", "deadline"]["new"] == {"deadline": "2029-12-31"}

    # A file that has caught up with the adjustment is no change either.
    rewrite(folder, DOCUMENT, "新增社区公交线路3条，首班车不晚于6时。", "新增社区公交线路2条。")
    run(app, "load", folder)
    assert everything(app)["adjustment"] == before["adjustment"]


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "subject"),
    [
        (DOCUMENT, "127.63\t5%", "150\t8%", "T1-01", "target"),
        (DOCUMENT, "首班车不晚于6时", "首班车不晚于7时", "2.1.2", "text"),
        (DOCUMENT, "### 一、整治楼道", "### 一、整治屋面", "2.2.1", "title"),
        (DOCUMENT, "\n渡口照常开放，票价不变。\n", "", "2.1.1", "text"),
        (DOCUMENT, "；新建北岸驿站", "", "B1-005", "item"),
        (DOCUMENT, "新建北岸驿站", "新建北岸驿站、南岸驿站", "B1-006", "item"),
        (PROMISES, "2028-12-31", "2029-12-31", "M-2.1.1-1", "deadline"),
        (PROMISES, "value: '2'", "value: '3'", "M-2.1.1-1", "target"),
        (PROMISES, "quote: 到2028年建成步行桥2座", "quote: 建成步行桥2座", "M-2.1.1-1", "text"),
    ],
)  # fmt: skip
def test_a_changed_file_needs_an_approval_and_records_it(
    app: Flask, folder: Path, name: str, old: str, new: str, code: str, subject: str
) -> None:
    run(app, "load", folder)
    before = everything(app)
    rewrite(folder, name, old, new)
    refused = run(app, "load", folder, fails=True)
    assert code in refused
    assert "adjustment" in refused
    assert everything(app) == before, "nothing of it is kept"
    refused = run(app, "load", folder, "--adjustment", "河人常〔2027〕1号", fails=True)
    assert "--approved-by" in refused
    assert everything(app) == before

    run(app, "load", folder, *APPROVED)
    found = adjustments(app)
    assert found[code if subject != "item" or "006" in code else "gone"][0] == subject
    assert len(found) == 1
    with app.app_context():
        (row,) = queries.adjustments(plans.plan_by_slug(PLAN).id)
        assert (row.approving_body, row.approved_on) == ("河湾区人大常委会", date(2026, 3, 1))
        assert (row.link, row.reason) == ("https://example.org/1", "财力变化。")
    after = everything(app)
    run(app, "load", folder, *APPROVED)
    assert everything(app) == after, "the same file again records nothing more"


def test_a_promise_that_is_no_longer_listed_and_one_more(app: Flask, folder: Path) -> None:
    run(app, "load", folder)
    text = (folder / PROMISES).read_text("utf-8")
    (folder / PROMISES).write_text("[]\n", "utf-8")
    assert "M-2.1.1-1" in run(app, "load", folder, fails=True)
    more = text.replace("M-2.1.1-1", "M-2.1.1-2").replace("到2028年建成步行桥2座", "桥上设休息座椅")
    (folder / PROMISES).write_text(text + more, "utf-8")
    run(app, "load", folder)
    assert [one["code"] for one in export(app, PLAN)["commitments"]] == ["M-2.1.1-1", "M-2.1.1-2"]
    assert adjustments(app) == {}, "it quotes what the plan says anyway"


def test_errata_mend_without_an_approval(app: Flask, folder: Path) -> None:
    run(app, "load", folder)
    lines = (folder / DOCUMENT).read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "票价不变" in line)
    title = next(
        number for number, line in enumerate(lines, 1) if "整治楼道" in line and line.startswith("#")
    )
    with (folder / ERRATA).open("a", encoding="utf-8") as file:
        file.write(f"- {{line: {at}, old: 票价不变, new: 票价维持不变, why: 样本}}\n")
        file.write(f"- {{line: {title}, old: 楼道, new: 楼梯道, why: 样本}}\n")
    run(app, "load", folder)
    plan = export(app, PLAN)
    assert plan["items"][6]["paragraphs"][1] == "渡口照常开放，票价维持不变。"
    assert plan["items"][9]["title"] == "整治楼梯道"
    assert adjustments(app) == {}
    # But a changed word beside an erratum is a change.
    rewrite(folder, DOCUMENT, "渡口照常开放", "渡口每天开放")
    assert "2.1.1" in run(app, "load", folder, fails=True)


def test_a_dry_run_shows_what_would_need_an_approval(app: Flask, folder: Path) -> None:
    run(app, "load", folder)
    before = everything(app)
    rewrite(folder, DOCUMENT, "首班车不晚于6时", "首班车不晚于7时")
    said = run(
        app, "import-plan", folder / DOCUMENT, "--slug", PLAN, "--errata", folder / ERRATA, "--dry-run"
    )
    assert "2.1.2 + 新增社区公交线路3条，首班车不晚于7时。" in said
    assert everything(app) == before
