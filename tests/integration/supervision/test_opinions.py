"""Opinions through the front door: a deputy writes, a department answers twice, both agree, everyone reads."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from civic.cases.rules import RatingLevel
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.departments.rules import Handover
from civic.supervision.models import Opinion, OpinionRound
from civic.supervision.queries.opinions import OpinionFigure, opinion_figures
from civic.supervision.rules import Period, Rate
from civic.supervision.rules.opinions import AnswerClass, OpinionAction, replay
from civic.supervision.services import opinions as services
from civic.supervision.services.opinions.applying import history
from civic.web.caching import renew_reference
from tests.integration.cases.worlds import MONDAY, insert
from tests.integration.supervision.chamber import ANSWER, PRIVATE, TEXT, TITLE, Chamber
from tests.integration.supervision.sealing import opinions_are_sealed_and_taken_along, ran
from tests.statements import counted

LIST = "/supervision/opinions"
DUE = "2026年10月22日"
"""30 working days after 7 September: the National Day holidays are skipped, two weekends are worked."""


def written(chamber: Chamber, **given: str) -> dict[str, str]:
    names = "\n".join((chamber.public, chamber.private, chamber.elsewhere))
    return {
        "department": chamber.key, "title": TITLE, "text": TEXT, "item": "test-plan/6.3.1", "references": names,
        "version": "", "then": "send", **given,
    }  # fmt: skip


def answer(
    chamber: Chamber, desk: str, version: int, words: str = ANSWER, then: str = "send", who: str = "handler"
):  # type: ignore[no-untyped-def]
    data = {"version": str(version), "answer_class": "B", "text": words, "then": then}
    return chamber.post(who, f"{desk}/answer", f"{desk}/answer", data)


def test_the_whole_life_of_an_opinion(chamber: Chamber) -> None:
    c = chamber
    refused = c.post("deputy", f"{LIST}/new", f"{LIST}/new", written(c, references="TJ-2026-NOSUCH"))
    assert refused.status_code == 422
    assert TEXT in refused.get_data(as_text=True)
    sent = c.post("deputy", f"{LIST}/new", f"{LIST}/new", written(c))
    assert sent.status_code == 302
    page = sent.headers["Location"]
    desk = page.replace("/supervision/", "/desk/")

    # The deputy and whoever reads: facts of all cases, no text of a private one, nothing on the public site.
    for who in ("deputy", "colleague", "auditor"):
        seen = c.read(who, page)
        assert "督办〔2026〕1号" in seen
        assert DUE in seen
        assert c.private in seen
        assert c.elsewhere in seen
        assert PRIVATE not in seen
        assert TITLE in c.read(who, LIST)
    assert "撤回" not in c.read("colleague", page), "only who wrote it acts on it"
    assert [c.get(who, page).status_code for who in ("handler", "admin")] == [403, 403]
    assert c.get("stranger", desk).status_code == 404
    assert TITLE not in c.read("stranger", "/desk/opinions")
    assert c.get("nobody", "/opinions/2026/1").status_code == 404

    # The department: its own cases only; two people write at once; the lead sends back and sees what changed.
    mine = c.read("handler", desk)
    assert f"/desk/cases/{c.private}" in mine
    assert c.elsewhere not in mine
    assert "另有 1 件由其他部门办理" in mine
    assert answer(c, desk, 2, "甲稿：正在研究，尽快处理。", "save").status_code == 302
    stale = answer(c, desk, 2, "乙稿：已安排人员现场踏勘。", "save", who="lead")
    assert stale.status_code == 409
    both = stale.get_data(as_text=True)
    assert "甲稿" in both
    assert "乙稿" in both
    assert answer(c, desk, 3).status_code == 302
    for who in ("deputy", "auditor"):
        assert ANSWER not in c.read(who, page), "an answer is the department's own until it is handed over"
    unsaid = c.post("lead", desk, f"{desk}/send-back", {"version": "4", "remark": ""})
    assert unsaid.status_code == 422
    c.press("lead", desk, "send-back", 4, remark="请写明完成时限。")
    assert "请写明完成时限" in c.read("handler", desk)
    assert answer(c, desk, 5, ANSWER + "由市政中心负责。").status_code == 302
    assert "<ins>由市政中心负责。</ins>" in c.read("lead", desk)
    assert c.post("handler", desk, f"{desk}/approve", {"version": "6"}).status_code == 403
    c.press("lead", desk, "approve", 6, agrees="y")

    # Dissatisfied needs a reason, sends it back once with a deadline of its own, and can't be withdrawn then.
    bad = {"version": "7", "level": "dissatisfied", "reason": "", "agrees": "y"}
    assert c.post("deputy", page, f"{page}/rating", bad).status_code == 422
    assert c.post("colleague", LIST, f"{page}/rating", bad | {"reason": "没有说明原因。"}).status_code == 404
    late = c.post("deputy", page, f"{page}/rating", bad | {"reason": "没有说明原因。", "version": "6"})
    assert late.status_code == 409
    assert "没有说明原因。" in late.get_data(as_text=True)
    assert c.post("deputy", page, f"{page}/rating", bad | {"reason": "没有说明原因。"}).status_code == 302
    assert "部门重新办理中" in c.read("deputy", page)
    assert c.post("deputy", page, f"{page}/withdraw", {"version": "8"}).status_code == 403

    # The lead writes this time, and so can't approve.
    assert answer(c, desk, 8, "原因是电缆被盗，已报案并改用防盗电缆。", who="lead").status_code == 302
    assert "须由另一位负责人审签" in c.read("lead", desk)
    assert c.post("lead", desk, f"{desk}/approve", {"version": "9"}).status_code == 403
    c.press("lead", desk, "send-back", 9, remark="改由经办人起草。")
    assert answer(c, desk, 10, "原因是电缆被盗，已报案并改用防盗电缆。").status_code == 302
    c.press("lead", desk, "approve", 11, agrees="y")
    assert c.get("nobody", "/opinions/2026/1").status_code == 404, "not before it is closed"
    before = c.get("nobody", "/opinions").headers["ETag"]
    good = {"version": "12", "level": "basically_satisfied", "reason": "", "agrees": "y"}
    assert c.post("deputy", page, f"{page}/rating", good).status_code == 302

    # Everyone reads it: without names, without the numbers of private cases, without a cookie.
    assert c.get("nobody", "/opinions").headers["ETag"] != before
    c.read("nobody", "/about")  # what is kept in memory until it changes has been read by then
    with counted(c.app) as asked:
        public = c.get("nobody", "/opinions/2026/1")
    assert len([one for one in asked if one.startswith("SELECT")]) <= 6, asked
    shown = public.get_data(as_text=True)
    for words in (TITLE, TEXT, "由市政中心负责", "没有说明原因。", "改用防盗电缆", "基本满意", c.public):
        assert words in shown, words
    for words in (
        "周代表",
        "林局长",
        "陈经办",
        c.private,
        c.elsewhere,
        "请写明完成时限",
        "甲稿",
        "csrf_token",
    ):
        assert words not in shown, words
    assert "Set-Cookie" not in public.headers
    with c.app.app_context():
        deliver_due(MONDAY + timedelta(hours=2))
    assert "臺江步道夜間照明不足" in c.read("nobody", "/zh-hant/opinions/2026/1")
    assert "關於步道夜間照明" in c.read("nobody", "/zh-hant/opinions")

    # Either side takes it from the public, effective on the next request.
    c.press("lead", desk, "department-refuses", 13)
    assert c.get("nobody", "/opinions/2026/1").status_code == 404
    assert TITLE not in c.read("nobody", "/opinions")
    the_rows_are_what_the_events_say(c.app)


def the_rows_are_what_the_events_say(app: Flask) -> None:
    """Each row and its rounds follow from the events, which the database lets nobody change."""
    with app.app_context():
        for row in db.session.scalars(select(Opinion)).all():
            facts = replay(history(row.id))
            assert facts is not None
            found = (row.status, row.department_id, row.text_id, row.draft_id, row.public)
            assert found == (
                facts.status,
                facts.department_id,
                facts.text_id,
                facts.draft_id,
                facts.is_public,
            )
            assert (row.deputy_agrees, row.department_agrees) == (
                facts.deputy_agrees,
                facts.department_agrees,
            )
            rounds = db.session.scalars(
                select(OpinionRound).where(OpinionRound.opinion_id == row.id).order_by(OpinionRound.number)
            ).all()
            assert len(rounds) == len(facts.rounds)
            for stored, said in zip(rounds, facts.rounds, strict=True):
                for name in said.__dataclass_fields__:
                    assert getattr(stored, name) == getattr(said, name), name
        for change in ("UPDATE opinion_event SET action = 'write'", "DELETE FROM opinion_event"):
            with pytest.raises(DBAPIError):
                db.session.execute(text(change))
            db.session.rollback()


def test_a_draft_is_its_deputys_own_and_begins_where_the_deputy_was(chamber: Chamber) -> None:
    c = chamber
    begun = c.read("deputy", f"{LIST}/new?item=test-plan/6.3.1&case={c.private}")
    assert f'<option selected value="{c.key}">' in begun, "the lead department of the item"
    assert c.private in begun
    figure = f"{LIST}/new?figure=received&by=department&row={c.key}&since=2026-09-01&until=2026-09-30"
    behind = c.read("deputy", figure)
    assert c.public in behind
    assert c.elsewhere not in behind
    saved = c.post("deputy", f"{LIST}/new", f"{LIST}/new", written(c, then="save"))
    page = saved.headers["Location"]
    for who in ("colleague", "auditor"):
        assert c.get(who, page).status_code == 404
        assert TITLE not in c.read(who, LIST)
    assert c.get("handler", page.replace("/supervision/", "/desk/")).status_code == 404
    new = written(c, version="1", title="关于步道与桥下照明", then="save")
    assert c.post("deputy", f"{page}/text", f"{page}/text", new).status_code == 302
    stale = c.post("deputy", f"{page}/text", f"{page}/text", new | {"title": "另一个标题"})
    assert stale.status_code == 409
    assert "另一个标题" in stale.get_data(as_text=True)
    assert "关于步道与桥下照明" in stale.get_data(as_text=True)
    c.press("deputy", page, "send", 2)
    assert "督办〔2026〕1号" in c.read("deputy", page)
    assert c.get("deputy", f"{page}/text").status_code == 302, "what was sent isn't changed"
    c.press("deputy", page, "withdraw", 3)
    assert "已撤回" in c.read("handler", page.replace("/supervision/", "/desk/"))
    the_rows_are_what_the_events_say(c.app)


def at(month: int, day: int, hour: int = 2) -> datetime:
    return MONDAY.replace(month=month, day=day, hour=hour)


def test_every_figure_is_what_its_definition_says_and_opens_its_list(chamber: Chamber) -> None:
    """Five opinions of September, told day by day; due on 22 October unless said otherwise."""
    c, people = chamber, chamber.people
    new = services.NewOpinion(TITLE, TEXT, c.key)

    def give(now: datetime, key: str = "") -> int:
        with unit_of_work():
            one = services.write_opinion(
                people["deputy"], services.NewOpinion(TITLE, TEXT, key) if key else new, now
            )
            services.send_opinion(people["deputy"], one, 1, now)
        return one

    def reply(one: int, version: int, now: datetime) -> None:
        with unit_of_work():
            services.draft_answer(people["handler"], one, version, AnswerClass.SOLVED, ANSWER, now, send=True)
            services.approve_answer(people["lead"], one, version + 1, now, agrees=False)

    def rate(one: int, version: int, level: RatingLevel, now: datetime) -> None:
        with unit_of_work():
            services.rate_answer(people["deputy"], one, version, level, "没有说明原因。", now, agrees=False)

    with c.app.app_context():
        in_time, late, back, never, gone = (give(MONDAY) for _ in range(5))
        reply(in_time, 2, at(9, 10))
        rate(in_time, 4, RatingLevel.SATISFIED, at(9, 11))
        reply(late, 2, at(10, 23))
        reply(back, 2, at(10, 22, 9))
        rate(back, 4, RatingLevel.DISSATISFIED, at(10, 26))
        with unit_of_work():
            services.withdraw_opinion(people["deputy"], gone, 2, at(10, 20))
        period = Period(date(2026, 10, 1), date(2026, 10, 31))
        found = opinion_figures(period, at(11, 20)).total
        assert found.given == 0
        assert found.answered == Rate(2, 4), "in time and back; late and never missed it; gone isn't judged"
        assert found.open == 2, "never, and the second round of what was sent back"
        assert found.overdue == 1
        assert found.satisfied == Rate(0, 1)
        assert found.again == Rate(0, 0), "the second deadline falls in December"
        september = opinion_figures(Period(date(2026, 9, 1), date(2026, 9, 30)), at(11, 20)).total
        assert (september.given, september.open, september.satisfied) == (5, 4, Rate(1, 1))
        early = opinion_figures(period, at(10, 22)).total
        assert early.answered == Rate(0, 0), "the close of work of that day hasn't come"
        reply(back, 5, at(11, 3))
        rate(back, 7, RatingLevel.SATISFIED, at(11, 4))
        november = opinion_figures(Period(date(2026, 10, 1), date(2026, 12, 31)), at(12, 30))
        assert november.total.again == Rate(1, 1)
        assert november.total.satisfied_again == Rate(1, 1)
        assert november.by_department == {c.world.water: november.total}
        for version, who, side in (
            (8, "lead", OpinionAction.DEPARTMENT_AGREES), (9, "deputy", OpinionAction.DEPUTY_AGREES),
        ):  # fmt: skip
            with unit_of_work():
                services.agree_to_publication(people[who], back, version, side, at(11, 5))
        db.session.remove()

    with time_machine.travel(at(12, 30), tick=False):
        n = {
            "given": 0, "due": 4, "on_time": 2, "again_due": 1, "again_on_time": 1, "open": 1, "overdue": 1,
            "rated": 1, "satisfied": 0, "again_rated": 1, "again_satisfied": 1, "unrated": 1, "gone_back": 1,
            "closed_satisfied": 1, "closed_basically": 0, "closed_dissatisfied": 0,
        }  # fmt: skip
        assert set(n) == {one.value for one in OpinionFigure}
        for figure, expected in n.items():
            listed = c.read("auditor", f"{LIST}?figure={figure}&since=2026-10-01&until=2026-12-31")
            assert f'data-total="{expected}"' in listed, figure
            assert listed.count("opinion-line") == expected, figure
        for narrowed in ("", f"&department={c.key}"):
            assert every_figure_of_the_summary_opens_its_list(c, narrowed) >= 14
        only_who_reads_the_lists_gets_links(c)
        opinions_are_sealed_and_taken_along(c)
        with c.app.app_context(), unit_of_work():
            services.agree_to_publication(
                people["lead"], back, 10, OpinionAction.DEPARTMENT_REFUSES, at(12, 30)
            )
    opinions_follow_calendar_and_department(c, never, in_time)
    with time_machine.travel(at(12, 30), tick=False):
        assert ran(c.app, "verify-snapshots").endswith("3 sealed, 0 broken\n"), "whatever came later"


def every_figure_of_the_summary_opens_its_list(c: Chamber, narrowed: str) -> int:
    """How many there are; each list is as long as its figure says."""
    page = c.read("auditor", f"/supervision/?since=2026-10-01&until=2026-12-31{narrowed}")
    links = re.findall(r'href="([^"]*/opinions[?][^"]*)" data-opinions="(\d+)"', page)
    for link, value in links:
        assert f'data-total="{value}"' in c.read("auditor", unescape(link)), link
    return len(links)


def only_who_reads_the_lists_gets_links(c: Chamber) -> None:
    lead = c.read("lead", "/supervision/?since=2026-10-01&until=2026-12-31")
    assert 'id="opinions"' in lead
    assert "data-opinions" not in lead
    street = c.read("auditor", "/supervision/?since=2026-10-01&until=2026-12-31&kind=suggestion")
    assert 'id="opinions"' not in street, "an opinion has no kind"


def opinions_follow_calendar_and_department(c: Chamber, owed: int, closed: int) -> None:
    with c.app.app_context():
        insert("calendar_day", day=date(2026, 10, 8), year=2026, works=False, name="国庆节")
        db.session.remove()
    with c.app.app_context(), unit_of_work():
        renew_reference()
        assert services.move_opinion_deadlines(at(12, 30)) == 1
        assert services.move_opinion_deadlines(at(12, 30)) == 0
    with c.app.app_context():
        due = db.session.scalars(
            select(OpinionRound.due_day)
            .where(OpinionRound.opinion_id.in_((owed, closed)))
            .order_by(OpinionRound.id)
        ).all()
        assert due == [date(2026, 10, 22), date(2026, 10, 23)], "what is answered stays as it was judged"
        with unit_of_work():
            services.pass_opinions(
                Handover(
                    c.world.water,
                    c.world.roads,
                    True,
                    frozenset(),
                    date(2026, 12, 30),
                    at(12, 30),
                    "机构改革",
                    "1号",
                )
            )
        stored = select(Opinion.department_id, OpinionRound.department_id).join(
            OpinionRound, OpinionRound.opinion_id == Opinion.id
        )
        for opinion_id, answered_by in ((owed, c.world.roads), (closed, c.world.water)):
            found = db.session.execute(stored.where(Opinion.id == opinion_id)).one()
            assert tuple(found) == (c.world.roads, answered_by)
        former = db.metadata.tables["department"]
        with unit_of_work():
            db.session.execute(update(former).where(former.c.id == c.world.water).values(active=False))
            renew_reference()
        db.session.remove()
    with time_machine.travel(at(12, 30), tick=False):
        assert every_figure_of_the_summary_opens_its_list(c, "") > 14, (
            "also under the department that is gone"
        )
    the_rows_are_what_the_events_say(c.app)
