"""Lists of voices: every filter, the counts beside the choices, pages by key, and a feed that says the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.cases import services
from civic.cases.models import Case
from civic.cases.rules import CaseAction, FeedbackKind, Resolution
from civic.cases.services import NewFeedback
from civic.core import clock
from civic.core.actor import RESIDENT, Actor, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.portal.atom import ATOM
from civic.web.caching import STORE_BYTES, PageStore
from tests.factories import make_account
from tests.integration.portal.test_public_pages import counted

PLAN = "taijiang-14"
ANSWER = "已经安排，月底前完成。"


@dataclass
class Voices:
    """The real district with published voices of every sort; each act has a context of its own, as a request has."""

    app: Flask
    client: FlaskClient
    dispatcher: Actor
    handler: Actor
    lead: Actor
    streets: list[str]
    references: dict[str, str] = field(default_factory=dict)

    def say(
        self,
        text: str,
        code: str = "6.3.1",
        kind: FeedbackKind = FeedbackKind.SUGGESTION,
        street: int = 0,
        anchor: str = "",
    ) -> int:
        with self.app.app_context(), unit_of_work():
            new = NewFeedback(
                kind=kind, text=text, nonce=new_nonce(), item_id=plans.item_by_code(PLAN, code).id,
                wants_publication=True, street_id=departments.streets()[street].id,
                paragraph_anchor=anchor,
            )  # fmt: skip
            receipt = services.submit_feedback(RESIDENT, new, clock.now())
        self.references[text] = receipt.reference
        self.do(receipt.case_id, services.review_publication, self.dispatcher, CaseAction.PUBLISH)
        return receipt.case_id

    def do(self, case_id: int, service: Any, actor: Actor, *args: Any, **values: Any) -> None:
        with self.app.app_context(), unit_of_work():
            version = db.session.scalar(select(Case.version).where(Case.id == case_id))
            service(actor, case_id, version, *args, now=clock.now(), **values)

    def answer(self, case_id: int) -> None:
        self.do(case_id, services.accept_case, self.handler)
        self.do(case_id, services.draft_reply, self.handler, text=ANSWER, resolution=Resolution.RESOLVED)
        self.do(case_id, services.send_for_approval, self.handler)
        self.do(case_id, services.approve_reply, self.lead, publish=True)

    def support(self, case_id: int, times: int) -> None:
        with self.app.app_context(), unit_of_work():
            reference = db.session.scalars(select(Case.reference).where(Case.id == case_id)).one()
            for number in range(times):
                services.support_voice(reference, f"browser {number}", clock.now())
            services.show_supports(clock.now())

    def page(self, query: str = "") -> str:
        answer = self.client.get(f"/voices{query}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def listed(self, query: str = "") -> list[str]:
        """The words on the page, in their order."""
        return texts(self.page(query))

    def feed(self, address: str) -> Element:
        answer = self.client.get(address)
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        return fromstring(answer.data)


def texts(page: str) -> list[str]:
    found = re.findall(r'class="voice-text".*?<a [^>]*>(.*?)</a>', page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", text)) for text in found]


def feed_of(page: str) -> str:
    """The list's own feed, as feed readers find it."""
    link = re.search(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]*/voices/feed.atom[^"]*)"', page
    )
    assert link
    return unescape(link.group(1))


@pytest.fixture
def voices(taijiang: Flask) -> Any:
    with time_machine.travel("2026-11-20T02:00:00Z", tick=False) as travel:
        with taijiang.app_context():
            lead_id = departments.department_ids()["mct"]
            people = {
                "dispatcher": make_account(Role.DISPATCHER),
                "handler": make_account(Role.HANDLER, department_id=lead_id),
                "lead": make_account(Role.LEAD, department_id=lead_id),
            }
            streets = [row.code for row in departments.streets()]
        made = Voices(taijiang, taijiang.test_client(), streets=streets, **people)
        first = made.say("操场周末请开放。")
        travel.move_to("2026-12-20T02:00:00Z")
        made.say("健身路径坏了，请修。", kind=FeedbackKind.REPORT, street=1)
        travel.move_to("2026-12-21T02:00:00Z")
        made.say("小区停车太难。", code="5.1.3", kind=FeedbackKind.COMPLAINT, street=1)
        made.answer(first)
        made.support(first, 3)
        yield made


ALL = ["小区停车太难。", "健身路径坏了，请修。", "操场周末请开放。"]


def test_each_filter_shows_what_fits_and_nothing_else(voices: Voices) -> None:
    parking, gear, field_ = ALL
    street = voices.streets[1]
    for query, expected in {
        "": ALL,
        f"?item={PLAN}/6.3.1": [gear, field_],
        f"?item={PLAN}/6": [gear, field_],
        f"?item={PLAN}/6.3": [gear, field_],
        f"?item={PLAN}/5": [parking],
        "?department=mct": [gear, field_],
        f"?street={street}": [parking, gear],
        "?kind=report": [gear],
        "?answered=yes": [field_],
        "?answered=no": [parking, gear],
        "?state=replied": [field_],
        "?state=received": [parking, gear],
        "?state=closed": [],
        "?period=7": [parking, gear],
        "?period=365": ALL,
        f"?period=7&street={street}&kind=complaint": [parking],
        "?kind=nonsense&street=nowhere&period=3&state=x&sort=x&item=nothing/9": ALL,
        "?sort=supported": [field_, parking, gear],
        "?q=健身": [gear],
        "?q=健身&period=7": [gear],
        "?q=健身&period=7&state=replied": [],
        "?q=操场&period=7": [],
        "?q=操场&period=90&state=replied": [field_],
    }.items():
        assert voices.listed(query) == expected, query


def test_an_area_of_livelihood_is_its_promises_and_their_clauses(voices: Voices) -> None:
    with voices.app.app_context():
        area = next(
            a for a in departments.areas() for c in plans.document(PLAN).commitments if c.area == a.key
        )
        clause = next(c.clause.code for c in plans.document(PLAN).commitments if c.area == area.key)
    voices.say("这一条是民生承诺的话。", code=clause)
    assert "这一条是民生承诺的话。" in voices.listed(f"?item=livelihood/{area.key}")
    page = voices.client.get(f"/livelihood/{area.key}").get_data(as_text=True)
    assert "这一条是民生承诺的话。" in texts(page)
    assert f"/voices?item=livelihood/{area.key}" in page


def test_choices_say_how_many_they_would_show(voices: Voices) -> None:
    page = voices.page(f"?street={voices.streets[1]}")
    for choice in (
        "建议 (0)",
        "反映问题 (1)",
        "投诉 (1)",
        "已答复 (0)",
        "未答复 (2)",
        "已收到 (2)",
        "已办结 (0)",
    ):
        assert choice in page, choice
    narrowed = voices.page(f"?street={voices.streets[1]}&kind=report")
    assert "投诉 (1)" in narrowed, "another choice of the same filter"
    assert "未答复 (1)" in narrowed
    assert "1 条声音" in narrowed


def test_what_a_list_is_narrowed_to_stands_above_it_and_can_be_taken_away(voices: Voices) -> None:
    street = voices.streets[1]
    page = voices.page(f"?street={street}&kind=report")
    chips = page[page.index('class="plain chips"') : page.index('class="soft list-line"')]
    assert 'href="/voices?kind=report"' in chips
    assert f'href="/voices?street={street}"' in chips
    empty = voices.page("?state=closed")
    assert "去掉" in empty
    case = voices.client.get(f"/cases/{voices.references[ALL[0]]}").get_data(as_text=True)
    assert f'href="/voices?street={street}"' in case, "a voice's street leads to its list"
    assert f'href="/voices?street={street}"' in voices.page()


def test_pages_follow_each_other_by_key_in_either_order(voices: Voices) -> None:
    ids = [voices.say(f"第{number:02}条话。", kind=FeedbackKind.PRAISE) for number in range(23)]
    voices.support(ids[4], 5)
    for sort in ("", "&sort=supported"):
        first = voices.page(f"?kind=praise{sort}")
        after = re.search(r'rel="next" href="/voices\?([^"]*)"', first)
        assert after
        query = unescape(after.group(1))
        assert parse_qs(query)["kind"] == ["praise"]
        seen = texts(first) + voices.listed(f"?{query}")
        assert sorted(seen) == [f"第{number:02}条话。" for number in range(23)]
        assert seen[0] == ("第04条话。" if sort else "第22条话。")
        wrong = "&sort=supported" if not sort else ""
        crossed = voices.client.get(f"/voices?after={parse_qs(query)['after'][0]}{wrong}")
        assert crossed.status_code in (200, 422), "a key of the other order is no error of the site"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=report",
        "?answered=yes",
        f"?item={PLAN}/6",
        "?department=mct&period=90",
        "?q=健身",
        "?state=closed",
    ],
)
def test_a_list_has_a_feed_that_says_the_same(voices: Voices, query: str) -> None:
    page = voices.page(query)
    root = voices.feed(feed_of(page))
    entries = list(root.iter(f"{{{ATOM}}}entry"))
    assert [entry.findtext(f"{{{ATOM}}}title") for entry in entries] == texts(page)
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert ids == [f"tag:127.0.0.1,2026:voice/{voices.references[text]}" for text in texts(page)]
    for one in (root, *entries):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.findtext(f"{{{ATOM}}}updated") or "")
        assert one.findtext(f"{{{ATOM}}}id")
    title = root.findtext(f"{{{ATOM}}}title") or ""
    assert title.startswith("大家的声音")
    links = {link.get("rel"): link.get("href") or "" for link in root.findall(f"{{{ATOM}}}link")}
    assert urlsplit(links["self"]).query == urlsplit(feed_of(page)).query
    assert texts(voices.client.get(links["alternate"]).get_data(as_text=True)) == texts(page)


def test_feeds_of_different_lists_are_told_apart_and_an_answer_is_news(voices: Voices) -> None:
    feeds = [
        voices.feed(f"/voices/feed.atom{q}")
        for q in ("", "?kind=report", "?kind=praise", "?q=健身", "?period=7")
    ]
    ids = [root.findtext(f"{{{ATOM}}}id") for root in feeds]
    assert len(set(ids)) == len(ids)
    (entry,) = voices.feed("/voices/feed.atom?answered=yes").iter(f"{{{ATOM}}}entry")
    assert ANSWER in (entry.findtext(f"{{{ATOM}}}content") or "")
    assert entry.findtext(f"{{{ATOM}}}published") == "2026-11-20T02:00:00Z"
    assert entry.findtext(f"{{{ATOM}}}updated") == "2026-12-21T02:00:00Z"


def test_pages_about_something_show_its_voices_with_the_way_to_all_of_them(voices: Voices) -> None:
    for address, narrowed, expected in (
        (f"/plans/{PLAN}/6.3.1", f"item={PLAN}/6.3.1", ALL[1:]),
        (f"/plans/{PLAN}/6", f"item={PLAN}/6", ALL[1:]),
        (f"/plans/{PLAN}/6.3", f"item={PLAN}/6.3", ALL[1:]),
        ("/departments/mct", "department=mct", ALL[1:]),
    ):
        page = voices.client.get(address).get_data(as_text=True)
        assert texts(page) == expected, address
        assert f'href="/voices?{narrowed}"' in page
        assert f'href="/voices/feed.atom?{narrowed}"' in page[: page.index("<body")], "feed readers find it"


def test_a_voice_to_a_paragraph_stands_at_that_paragraph(voices: Voices) -> None:
    voices.say("第二段说得不够。", anchor="p2")
    voices.say("第二段赞成。", anchor="p2", kind=FeedbackKind.PRAISE)

    def beside_second() -> tuple[str, str]:
        page = voices.client.get(f"/plans/{PLAN}/6.3.1").get_data(as_text=True)
        return page, page[page.index('<p id="p2"') : page.index("</p>", page.index('<p id="p2"'))]

    page, second = beside_second()
    assert f'href="/plans/{PLAN}/6.3.1/feedback?paragraph=p2"' in second
    listed = f"/voices?item={PLAN}/6.3.1&amp;paragraph=p2"
    assert f'href="{listed}"' in second
    assert "2 条声音" in second
    assert page.count(";paragraph=") == 1, "no other paragraph says that somebody spoke about it"
    query = unescape(listed).removeprefix("/voices")
    assert voices.listed(query) == ["第二段赞成。", "第二段说得不够。"]
    assert voices.listed(f"{query}&kind=praise") == ["第二段赞成。"]
    assert voices.listed(f"{query}&q=第二段&kind=suggestion") == ["第二段说得不够。"]
    assert "第 2 段" in voices.page(query)
    assert len(voices.listed(f"?item={PLAN}/6.3.1&paragraph=p99")) == 4, "no such paragraph: the whole item"
    for text in ("第二段还缺时间。", "第二段请写明地点。"):
        voices.say(text, anchor="p2")
    assert "4 条声音" in beside_second()[1], "more voices than the page shows"


def test_lists_ask_the_database_at_most_six_times(voices: Voices) -> None:
    """Made anew, not taken from the store of pages; what is kept in the process until something changes is kept."""
    for address in (
        "/voices", "/voices?q=健身", "/voices?q=健身&period=90&state=received", "/voices?sort=supported",
        f"/voices?item={PLAN}/6&street={voices.streets[1]}&period=30", "/voices/feed.atom?kind=report",
        f"/plans/{PLAN}/6", f"/plans/{PLAN}/6.3.1", "/departments/mct",
    ):  # fmt: skip
        voices.client.get(address)
        voices.app.extensions["civic.pages"] = PageStore(STORE_BYTES)
        with counted(voices.app) as seen:
            assert voices.client.get(address).status_code == 200
        assert len(seen) <= 6, "\n".join([address, *seen])
