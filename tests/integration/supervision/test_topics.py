"""Topics through the front door: read by the sweep, counted right, new ones marked, and never a private word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from importlib import import_module
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from civic.cases import services
from civic.cases.rules import CaseAction
from civic.cases.services import NewContact, Receipt
from civic.core.actor import RESIDENT, Role
from civic.core.jobs import jobs
from civic.departments import queries as departments
from tests.factories import make_account, sign_in
from tests.integration.cases.worlds import World, insert, make_world
from tests.integration.supervision.opened import sheets
from tests.integration.supervision.reported import says_the_same
from tests.snapshots import built_once

CHARGING = (
    "楼下充电桩太少，排队要一个小时。",
    "小区门口能不能装充电桩？",
    "充电桩坏了三个没人修。",
    "新能源车多了，充电桩不够用。",
    "夜里充电桩旁边很吵。",
    "充电桩收费太贵。",
    "老小区也需要充电桩。",
)
LAMPS = "河边步道的路灯坏了两盏，晚上散步看不见路，老人容易摔倒，请派人修一下。"
PRIVATE = "木棉暗号"
THIS_WEEK = "2026-10-13"


@pytest.fixture
def world(app_context: Flask) -> Iterator[World]:
    world = built_once(app_context, "topics", talk)
    with time_machine.travel(world.now, tick=False):
        yield world


def talk() -> World:
    """Six weeks of lamps, four of them almost alike; a new matter this week in two streets; private words that many
    write and that are never public."""
    world = make_world()
    streets = [street(world, code, name) for code, name in (("yz", "洋中街道"), ("hz", "后洲街道"))]
    for week in range(6):
        for n in range(2):
            lamps = week < 4 and n == 0
            said = (
                LAMPS.replace("两盏", f"{week + 2}盏")
                if lamps
                else f"路口红灯第{week}次坏了，等了{'一二'[n]}天。"
            )
            speak(world, said, 2 * week + n, street_id=streets[0])
        world.pass_time(days=7)
    for n, text in enumerate(CHARGING):
        speak(world, text, 100 + n, street_id=streets[n % 2], public=n < 5)
    for n in range(5):
        speak(world, f"{PRIVATE}第{n}号门口，{PRIVATE}又来了。", 200 + n, public=False)
    world.pass_time(hours=1)
    return world


def street(world: World, code: str, name: str) -> int:
    return insert("street", code=code, name=name, name_hant=name, name_en=code, department_id=world.roads)


def speak(world: World, text: str, who: int, *, public: bool = True, **values: Any) -> Receipt:
    contact = NewContact(name="林女士", phone=f"138{who:08}")
    receipt = world.submit(text=text, contact=contact, wants_publication=public, **values)
    if public:
        world.do(services.review_publication, world.dispatcher, receipt.case_id, CaseAction.PUBLISH)
    return receipt


@pytest.fixture
def deputy(app: Flask, world: World) -> FlaskClient:
    return sign_in(app.test_client(), make_account(Role.DEPUTY))


def read(client: FlaskClient, address: str, status: int = 200) -> str:
    page = client.get(address)
    assert page.status_code == status, address
    return page.get_data(as_text=True)


def printed(app: Flask, *args: str) -> Any:
    result = app.test_cli_runner().invoke(args=["civic", "topics", "--json", *args])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_what_many_say_is_counted_marked_and_shown(
    app: Flask, world: World, deputy: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "还没有" in read(deputy, "/supervision/topics"), "before the first sweep the page says so"
    jobs(app)["sweep_topics"].run(world.now)
    document = printed(app, "--stored", "--from", THIS_WEEK)
    found = {topic["phrase"]: topic for topic in document["topics"]}
    new = found["充电桩"]
    assert (new["messages"], new["private_at_least"], new["writers"], new["before"]) == (5, 0, 5, 0)
    assert new["mark"] == "new"
    assert new["streets"] == {"洋中街道": 3, "后洲街道": 2}
    assert new["heat"] == pytest.approx(5 * (1 + 1 - (9 + 4) / 25), abs=0.06)
    assert {example["text"] for example in new["examples"]} <= set(CHARGING[:5])
    assert document["topics"][0]["phrase"] == "充电桩"
    groups = printed(app, "--stored", "--from", "2026-09-01")["alike"]
    [group] = [one for one in groups if "路灯" in one["example"]["text"]]
    assert (group["messages"], group["private_at_least"]) == (4, 0)

    text = read(deputy, f"/supervision/topics?since={THIS_WEEK}")
    assert re.search(r'data-topic="充电桩".*?新出现.*?</tr>', text, re.S)
    for since in ("2026-09-01", THIS_WEEK):
        assert every_topic_opens_as_many_voices(deputy, f"/supervision/topics?since={since}") >= 1
    page = read(deputy, "/supervision/topics/充电桩")
    assert ('data-total="5"' in page, page.count("data-voice=")) == (True, 5)
    assert (page.count(">公开诉求<"), "留言" in page) == (3, False), "one word for what is counted"
    assert figures_open_their_messages(deputy, page, "street") == 5
    assert figures_open_their_messages(deputy, page, "week") == 5
    read(deputy, "/supervision/topics/充电桩?week=x", 422)
    read(deputy, "/supervision/topics/充电桩?after=WyJ4IiwieSJd", 422)
    alike = read(deputy, f"/supervision/topics/alike/{group['example']['reference']}?since=2026-09-01")
    assert ('data-total="4"' in alike, alike.count("data-voice=")) == (True, 4)

    # Three messages there, two of them public.
    assert "充电桩" not in {row["phrase"] for row in printed(app, "--stored", "--street", "hz")["topics"]}
    read(deputy, "/supervision/topics/充电桩?street=hz", 404)
    chapter = printed(app, "--stored", "--chapter", "none")
    assert (chapter["messages"], chapter["topics"]) == (0, [])

    # A short list says so, and a long one has more pages.
    every = printed(app, "--stored", "--from", "2026-09-01")
    topics = import_module("civic.supervision.queries.topics")
    monkeypatch.setattr(topics, "LISTED", 1)
    first = printed(app, "--stored", "--from", "2026-09-01")
    assert (first["topics"], first["topics_in_all"]) == (every["topics"][:1], len(every["topics"]))
    text = read(deputy, "/supervision/topics?since=2026-09-01")
    assert f"共 {len(every['topics'])} 个话题，以下为热度最高的 1 个。" in text
    monkeypatch.setattr(topics, "VOICES", 2)
    found, address = [], "/supervision/topics/充电桩"
    while address:
        page = read(deputy, address)
        found.append(re.findall(r'data-voice="([^"]+)"', page))
        following = re.search(r'rel="next" href="([^"#]+)', page)
        address = unescape(following[1]) if following else ""
    assert [len(one) for one in found] == [2, 2, 1]
    assert len({reference for one in found for reference in one}) == 5


def figures_open_their_messages(deputy: FlaskClient, page: str, kind: str) -> int:
    """Of each street or week; how many these are in all."""
    cell = re.compile(
        rf'<tr data-{kind}.*?<td class="num">(?:<a class="figure-link" href="([^"#]+)[^>]*>)?(\d+)', re.S
    )
    counted = cell.findall(page)
    assert counted
    for link, n in counted:
        assert bool(link) == (n != "0")
        listed = read(deputy, unescape(link)) if link else ""
        assert listed.count("data-voice=") == int(n)
        assert not link or f'data-listed="{n}"' in listed
    return sum(int(n) for _, n in counted)


def every_topic_opens_as_many_voices(deputy: FlaskClient, address: str) -> int:
    """How many topics and groups of like words there are; each opens the voices that its row counts."""
    text = read(deputy, address)
    found = re.findall(r"<tr data-row data-(topic|alike)=.*?<a href=\"([^\"]+)\"(.*?)</tr>", text, re.S)
    assert len(found) == text.count("<tr data-row data-topic=") + text.count("<tr data-row data-alike=")
    for what, link, cells in found:
        counts = re.findall(r'<td class="num">([\d.]+)</td>', cells)
        n = counts[1] if what == "topic" else counts[0]
        page = read(deputy, unescape(link))
        assert (f'data-total="{n}"' in page, page.count("data-voice=")) == (True, int(n)), link
    return len(found)


def test_a_private_word_is_shown_nowhere_however_many_write_it(
    app: Flask, world: World, deputy: FlaskClient
) -> None:
    assert PRIVATE[:2] not in json.dumps(printed(app), ensure_ascii=False)
    for address in ("/supervision/topics", "/en/supervision/topics", "/supervision/topics?street=none"):
        assert PRIVATE[:2] not in read(deputy, address)
    for phrase in ("暗号", "木棉", PRIVATE, "门口"):
        read(deputy, f"/supervision/topics/{phrase}", 404)
    page = read(deputy, "/supervision/topics/充电桩")
    assert all(text not in page for text in CHARGING[5:])


def test_no_choice_tells_where_and_when_somebody_wrote_privately(
    app: Flask, world: World, deputy: FlaskClient
) -> None:
    choices = (
        (), ("--from", THIS_WEEK), ("--to", "2026-10-12"), ("--from", "2026-09-01"),
        ("--from", THIS_WEEK, "--street", "hz"), ("--from", THIS_WEEK, "--street", "yz"),
    )  # fmt: skip

    def told() -> list[Any]:
        printed(app)
        read_anew = [printed(app, "--stored", *choice) for choice in choices]
        return [
            (one["messages"], [row for row in one["topics"] if row["phrase"] == "充电桩"])
            for one in read_anew
        ]

    before = told()
    assert [row["private_at_least"] for _, rows in before for row in rows] == [0, 0, 0, 0]
    page = read(deputy, "/en/supervision/topics/充电桩")
    assert "Fewer than 5 more, or none" in page
    where = next(one.id for one in departments.streets() if one.code == "hz")
    for n in range(2):
        speak(world, f"晚上充电桩灯太亮，第{'一二'[n]}次说。", 300 + n, street_id=where, public=False)
        assert told() == before, "private messages change no figure"
    speak(world, "充电桩旁边停满了油车。", 302, street_id=where, public=False)
    changed = told()
    assert [n for n, _ in changed] == [n for n, _ in before]
    figures = [{**row, "private_at_least": 0} for _, rows in changed for row in rows if row["messages"] > 2]
    assert figures == [row for _, rows in before for row in rows]
    assert {row["private_at_least"] for _, rows in changed for row in rows} == {5}, "the same in every choice"
    page = read(deputy, "/en/supervision/topics/充电桩?street=yz")
    assert ('data-private="5"' in page, "At least 5 more, in all streets" in page) == (True, True)
    assert "5 or more" in read(deputy, "/en/supervision/topics")


def test_a_takedown_and_an_erasure_hold_at_once(app: Flask, world: World, deputy: FlaskClient) -> None:
    printed(app)
    spoken = {receipt.case_id: receipt for receipt in world.sent[12:17]}
    last, *others = spoken
    for case_id in others:
        world.do(services.unpublish_case, world.dispatcher, case_id, reason="当事人要求。")
    assert read(deputy, "/supervision/topics/充电桩").count("data-voice=") == 1
    world.do(services.erase_words, RESIDENT, last)
    read(deputy, "/supervision/topics/充电桩", 404)
    assert "充电桩" not in read(deputy, "/supervision/topics")
    assert not [row for row in printed(app)["topics"] if row["phrase"] == "充电桩"], (
        "nor after the next sweep"
    )


def test_a_general_word_that_the_cutter_halves_is_no_topic(app: Flask, world: World) -> None:
    for n, what in enumerate(("操场周末", "图书馆夜里", "河边厕所", "早市", "游泳池冬天")):
        speak(world, f"{what}会不会开放？", 300 + n)
    jobs(app)["sweep_topics"].run(world.now)
    topics = printed(app, "--stored", "--from", THIS_WEEK)["topics"]
    named = {phrase for topic in topics for phrase in (topic["phrase"], *topic["also"])}
    assert "充电桩" in named
    assert not [phrase for phrase in named if "会不会" in phrase or phrase.startswith("不会")]


def test_a_second_sweep_takes_the_place_of_the_first(app: Flask, world: World) -> None:
    before = printed(app)
    assert {**printed(app), "read_at": None} == {**before, "read_at": None}
    world.pass_time(days=30)
    with time_machine.travel(world.now, tick=False):
        later = printed(app)
    assert (later["messages"], later["topics"]) == (0, [])
    assert printed(app, "--from", "2026-09-01", "--to", "2026-11-30")["messages"] == 17


def test_topics_are_sealed_as_counts_and_stay(app: Flask, world: World, deputy: FlaskClient) -> None:
    """Of public words of three writers at least; without a message, so that a takedown leaves nothing behind."""
    world.pass_time(days=20)
    with time_machine.travel(world.now, tick=False):
        for n in range(4):
            speak(world, f"菜市场摊位第{n}次占道，菜市场摊位挡路。", 400)
        at_dusk = [speak(world, f"第{n}天了，垃圾清运车不来，垃圾清运车呢？", 500 + n) for n in range(3)]
    world.now = world.now.replace(month=12, day=1)
    with time_machine.travel(world.now, tick=False):
        assert run(app, "seal-period", "2026-10").startswith("2026-10 is sealed as number 1")
        assert run(app, "seal-period", "2026-11").startswith("2026-11 is sealed as number 2")
        sealed = [deputy.get(f"/supervision/snapshots/{number}.json").data for number in (1, 2)]
        october, november = (json.loads(one)["topics"] for one in sealed)
        found = {one["phrase"]: one for one in october["listed"]}
        new = found["充电桩"]
        assert (new["messages"], new["writers"], new["before"], new["mark"]) == (5, 5, 0, None)
        assert new["streets"] == [{"key": "yz", "n": 3}, {"key": "hz", "n": 2}]
        assert sum(week["n"] for week in new["weeks"]) == 5
        assert october["messages"] == 5 + 4
        told = {one["phrase"] for one in november["listed"]}
        assert any("清运" in phrase for phrase in told)
        assert not [phrase for phrase in told if "摊位" in phrase or "市场" in phrase], (
            "four messages of one writer"
        )
        everything = b"".join(sealed).decode()
        for words in (PRIVATE[:2], "暗号", "排队要一个小时", *(one.reference for one in world.sent)):
            assert words not in everything, words

        links = says_the_same(deputy, 1)
        [row] = rows_of(deputy, "/supervision/snapshots/1.xlsx")
        heat = pytest.approx(5 * 2 ** (-12 / 14) * 1.48, abs=0.06)
        assert [cell.value for cell in row[1:]] == [None, heat, 5, 0, 5, 2, 1, "洋中街道 3、后洲街道 2"]
        assert row[0].address in links
        voices = row[0].address.partition(":8000")[2]
        assert read(deputy, voices).count('class="voice"') == 5
        asked = f"/supervision/report.xlsx?since={THIS_WEEK}&until=2026-10-20"
        [now] = rows_of(deputy, asked)
        [there] = rows_of(deputy, f"{asked}&street=yz")
        assert (now[1].value, now[3].value, there[3].value) == ("新出现", 5, 3)
        assert "话题" not in sheets(deputy, "/supervision/report.xlsx?period=2026-10&kind=question")

        for one in (world.sent[12], world.sent[13], *at_dusk):
            world.do(services.unpublish_case, world.dispatcher, one.case_id, reason="当事人要求。")
            world.do(services.erase_words, RESIDENT, one.case_id)
        page = deputy.get("/supervision/snapshots/1").get_data(as_text=True)
        run(app, "topics")
        assert run(app, "verify-snapshots").endswith("2 sealed, 0 broken\n")
        assert deputy.get("/supervision/snapshots/1.json").data == sealed[0]
        assert deputy.get("/supervision/snapshots/1").get_data(as_text=True) == page
        assert read(deputy, voices).count('class="voice"') == 3, "what is gone is nowhere"


def rows_of(client: FlaskClient, address: str) -> list[list[Any]]:
    """The line of what this week's talk is about."""
    return [row for row in sheets(client, address)["话题"] if row[0].value == "充电桩"]


def run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=["civic", *arguments])
    assert result.exit_code == 0, result.output
    return result.output
