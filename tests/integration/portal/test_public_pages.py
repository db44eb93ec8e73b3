"""Public pages: complete, without cookies, few queries, kept by proxies and renewed as soon as something changes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.cases import services
from civic.cases.models import Case
from civic.cases.rules import CaseAction, FeedbackKind
from civic.cases.services import NewFeedback, Receipt
from civic.core.actor import RESIDENT, Actor, Role
from civic.core.clock import now
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.plans import queries as plans
from civic.search import queries as search
from civic.web.caching import STORE_BYTES, PageStore
from tests.factories import make_account
from tests.statements import counted

SECRET = "只有我自己知道的海棠密语"


@dataclass
class Town:
    """The real district, loaded, with residents' words in it; each act has a context of its own, as a request has."""

    app: Flask
    dispatcher: Actor
    item_id: int

    def say(self, text: str, *, wants_publication: bool = True, publish: bool = False) -> Receipt:
        new = NewFeedback(
            kind=FeedbackKind.SUGGESTION, text=text, nonce=new_nonce(), item_id=self.item_id,
            wants_publication=wants_publication,
        )  # fmt: skip
        with self.app.app_context(), unit_of_work():
            receipt = services.submit_feedback(RESIDENT, new, now())
        if publish:
            self.review(receipt, services.review_publication, CaseAction.PUBLISH)
        return receipt

    def review(self, receipt: Receipt, service: Any, *args: Any, **values: Any) -> None:
        with self.app.app_context(), unit_of_work():
            version = db.session.scalar(select(Case.version).where(Case.id == receipt.case_id))
            service(self.dispatcher, receipt.case_id, version, *args, now=now(), **values)


@pytest.fixture
def client(taijiang: Flask) -> FlaskClient:
    return taijiang.test_client()


@pytest.fixture
def town(taijiang: Flask) -> Town:
    app = taijiang
    with app.app_context():
        dispatcher = make_account(Role.DISPATCHER)
        item_id = plans.item_by_code("taijiang-14", "6.3.1").id
    return Town(app, dispatcher, item_id)


ADDRESSES = (
    "/",
    "/plans/",
    "/plans/taijiang-14/",
    "/plans/taijiang-14/6.3.1",
    "/livelihood",
    "/voices",
    "/scoreboard",
    "/about",
)


def test_a_public_page_sets_no_cookie_and_may_be_kept(client: FlaskClient, town: Town) -> None:
    for address in ADDRESSES:
        page = client.get(address)
        assert page.status_code == 200, address
        assert "Set-Cookie" not in page.headers, address
        assert "Cookie" not in page.headers.get("Vary", ""), address
        assert page.headers["Cache-Control"] == "public, no-cache", address
        again = client.get(address, headers={"If-None-Match": page.headers["ETag"]})
        assert again.status_code == 304, address


def test_a_public_page_asks_the_database_at_most_six_times(client: FlaskClient, town: Town) -> None:
    for number in range(8):
        town.say(f"第{number}条公开的话，请看看。", publish=True)
    for address in ADDRESSES:
        client.get(address)
        # Made anew: a page from the store would always be one statement.
        town.app.extensions["civic.pages"] = PageStore(STORE_BYTES)
        with counted(town.app) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= 6, "\n".join([address, *seen])


def test_a_published_word_shows_on_the_next_request_and_a_takedown_too(
    client: FlaskClient, town: Town
) -> None:
    before = client.get("/plans/taijiang-14/6.3.1")
    receipt = town.say("步道要装灯，晚上太暗。", publish=True)
    shown = client.get("/plans/taijiang-14/6.3.1", headers={"If-None-Match": before.headers["ETag"]})
    assert shown.status_code == 200
    assert "步道要装灯" in shown.get_data(as_text=True)
    assert client.get(f"/cases/{receipt.reference}").status_code == 200
    town.review(receipt, services.unpublish_case, reason="涉及个人信息。")
    assert client.get(f"/cases/{receipt.reference}").status_code == 410
    gone = client.get("/plans/taijiang-14/6.3.1", headers={"If-None-Match": shown.headers["ETag"]})
    assert gone.status_code == 200
    assert "步道要装灯" not in gone.get_data(as_text=True)


def test_a_private_word_stands_nowhere_public(client: FlaskClient, town: Town) -> None:
    receipt = town.say(SECRET, wants_publication=False)
    waiting = town.say(SECRET)
    pages = [*ADDRESSES, "/search?q=海棠密语", "/voices?kind=suggestion", "/plans/taijiang-14/6.3.1/feedback"]
    for address in pages:
        assert SECRET not in client.get(address).get_data(as_text=True), address
    for reference in (receipt.reference, waiting.reference):
        assert client.get(f"/cases/{reference}").status_code == 404, (
            "unseen words never existed for the public"
        )
    text = client.get("/plans/taijiang-14/6.3.1").get_data(as_text=True)
    assert "还没有居民留言" in text, "nor do they count"


def test_voices_are_filtered_by_what_is_chosen(client: FlaskClient, town: Town) -> None:
    town.say("第一条公开的话。", publish=True)
    assert "第一条公开的话" in client.get("/voices?item=taijiang-14/6.3.1").get_data(as_text=True)
    assert "第一条公开的话" not in client.get("/voices?answered=yes").get_data(as_text=True)
    assert "第一条公开的话" not in client.get("/voices?kind=praise").get_data(as_text=True)
    assert client.get("/voices?kind=nonsense&department=none&after=garbled").status_code in (200, 404, 422)


def test_a_search_shows_items_and_voices_and_the_command_says_the_same(
    taijiang: Flask, client: FlaskClient, town: Town
) -> None:
    town.say("老旧小区<b>停车</b>太难。", publish=True)
    town.say("停车场里的海棠密语。")
    page = client.get("/search?q=停車").get_data(as_text=True)
    assert "老旧小区&lt;b&gt;<mark>停车</mark>&lt;/b&gt;太难。" in page
    said = json.loads(taijiang.test_cli_runner().invoke(args=["civic", "search", "停車", "--json"]).output)
    assert [voice["text"] for voice in said["voices"]] == ["老旧小区<b>停车</b>太难。"]
    assert (said["voice_count"], said["voice_count_capped"]) == (1, False)
    assert said["voice_kinds"] == {"suggestion": 1}
    assert said["voices_answered"] == 0
    shown = re.findall(r'class="promise-title"><a href="/plans/([^/"]+)/([^/"]+)"', page)
    assert shown == [(one["plan"], one["code"]) for one in said["items"]]
    assert len(shown) == min(10, sum(said["item_counts"].values()))
    names = {"text": "规划正文", "commitments": "承诺", "projects": "重点项目", "indicators": "指标"}
    tabs = dict(re.findall(r'">([^<"]+) <span class="count">([\d,]+)\+?</span>', page))
    assert {names[part]: str(n) for part, n in said["item_counts"].items() if n}.items() <= tabs.items()
    projects = client.get("/search?q=停車&in=projects").get_data(as_text=True)
    assert projects.count('class="promise-title"') == said["item_counts"]["projects"]
    assert "<mark>停车</mark>" in client.get("/voices?q=停车&answered=no").get_data(as_text=True)
    assert "<mark>" not in client.get("/voices?q=停车&answered=yes").get_data(as_text=True)
    for address in ("/search?q=海棠", "/voices?q=海棠", "/voices/feed.atom", "/search?q=停车场"):
        assert "密语" not in client.get(address).get_data(as_text=True), address


def test_what_was_searched_is_kept_as_text_and_a_search_without_result_says_what_to_do(
    client: FlaskClient, town: Town
) -> None:
    page = client.get('/search?q="><script>alert(1)</script>').get_data(as_text=True)
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    nothing = client.get("/search?q=xyzxyz").get_data(as_text=True)
    assert 'formaction="/feedback/words"' in nothing
    assert 'value="xyzxyz"' in nothing


def test_a_part_of_what_was_found_is_read_page_by_page(
    taijiang: Flask, client: FlaskClient, town: Town
) -> None:
    codes: list[str] = []
    address = "/search?q=地块&in=projects"
    while address:
        page = client.get(address).get_data(as_text=True)
        codes += re.findall(r'class="promise-title"><a href="/plans/[^/"]+/([^/"]+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    with taijiang.test_request_context():
        total = search.search("地块").counts[search.Part.PROJECTS]
    assert len(codes) == len(set(codes)) == total > 20
    for odd in ("from=-5", "from=x", "from=99999"):
        assert client.get(f"/search?q=地块&in=projects&{odd}").status_code == 200


def test_a_list_of_voices_can_be_followed_with_its_own_filters(client: FlaskClient, town: Town) -> None:
    receipt = town.say("第一条公开的话。", publish=True)
    feed = client.get("/voices/feed.atom?item=taijiang-14/6")
    assert feed.content_type == "application/atom+xml; charset=utf-8"
    text = feed.get_data(as_text=True)
    assert "第一条公开的话。" in text
    assert f"/cases/{receipt.reference}" in text
    assert "第一条公开的话" not in client.get("/voices/feed.atom?kind=praise").get_data(as_text=True)
    town.review(receipt, services.unpublish_case, reason="涉及个人信息。")
    assert "第一条公开的话" not in client.get("/voices/feed.atom").get_data(as_text=True)


def test_an_empty_site_says_what_comes(app: Flask) -> None:
    """Before any plan is loaded."""
    client = app.test_client()
    for address in ("/", "/plans/", "/livelihood", "/voices", "/scoreboard"):
        assert client.get(address).status_code == 200, address
    assert "还没有公布规划" in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("prefix", ["/en", "/zh-hant"])
def test_every_link_of_a_page_keeps_the_language(client: FlaskClient, town: Town, prefix: str) -> None:
    import re

    text = client.get(f"{prefix}/plans/taijiang-14/6.3.1").get_data(as_text=True)
    body = text[text.index("<main") :]
    links = [link for link in re.findall(r'href="(/[^"#]*)', body) if not link.startswith("/static")]
    assert links
    assert all(link.startswith(prefix + "/") for link in links), links
