"""Search of published voices, the same on both databases: what is public is found at once and nothing else ever."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from civic.cases import services
from civic.cases.queries import VoiceFilter
from civic.cases.rules import CaseAction, FeedbackKind
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.errors import Invalid
from civic.core.extensions import db
from civic.search import queries
from civic.search.models import voice_terms
from tests.integration.cases.worlds import World, make_world
from tests.snapshots import built_once


@pytest.fixture
def world(app_context: Flask) -> World:
    return built_once(app_context, "world", make_world)


def say(world: World, text: str, **values: object) -> int:
    """A published voice."""
    case_id = world.submit(text=text, **values).case_id
    world.do(services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH)
    world.pass_time(minutes=1)
    return case_id


def found(query: str, **wanted: object) -> list[str]:
    return [row.text for row in queries.find_voices(query, VoiceFilter(**wanted)).voices.rows]  # type: ignore[arg-type]


def test_voices_are_found_newest_first_in_either_script_and_by_one_wrong_character(world: World) -> None:
    say(world, "西洋路的老旧小区改造什么时候开始？")
    say(world, "我們開小店，老舊小區改造後車位更少。")
    say(world, "请在河边装路灯。")
    for query in ("老旧小区改造", "老舊小區改造", "老久小区改造"):
        assert found(query) == [
            "我們開小店，老舊小區改造後車位更少。",
            "西洋路的老旧小区改造什么时候开始？",
        ], query
    assert found("路灯") == ["请在河边装路灯。"]
    assert found("灯") == ["请在河边装路灯。"]
    assert found("路灯 改造") == []
    assert found("  ") == found("？") == found("'; DROP TABLE voice_terms; --") == []


def test_a_voice_is_found_from_publication_to_takedown_and_by_its_masked_words_only(world: World) -> None:
    case_id = world.submit(text="我叫林小梅，请装路灯。").case_id
    assert found("路灯") == found("林小梅") == []
    world.do(
        services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH_MASKED,
        masked_text="我叫（姓名），请装路灯。",
    )  # fmt: skip
    assert found("路灯") == ["我叫（姓名），请装路灯。"]
    assert found("林小梅") == []
    world.do(services.remask_case, world.dispatcher, case_id, "（略）请装灯具。")
    assert found("路灯") == []
    assert found("灯具") == ["（略）请装灯具。"]
    world.do(services.unpublish_case, world.dispatcher, case_id, reason="涉及个人信息。")
    assert found("灯具") == []
    assert queries.find_voices("灯具").count == 0
    assert queries.voice_index_is_right()


def test_an_answer_is_searched_once_it_is_public_and_filters_follow_the_case(world: World) -> None:
    case_id = say(world, "请在河边步道增设照明。", kind=FeedbackKind.SUGGESTION)
    assert found("十二盏路灯") == []
    assert found("照明", answered=False) != []
    world.answered(case_id)
    assert found("十二盏路灯") == ["请在河边步道增设照明。"]
    assert found("照明", answered=True, department_id=world.water, item_ids=(world.item_id, 10**6)) != []
    assert found("照明", answered=False) == found("照明", department_id=world.roads) == []
    assert found("照明", kind=FeedbackKind.PRAISE) == found("照明", street_id=10**6) == []
    assert found("_answered") == [], "what it's filtered by is no word"
    world.do(services.withdraw_case, RESIDENT, say(world, "照明不够。"))
    assert found("照明") == ["请在河边步道增设照明。"]


def test_pages_follow_each_other_and_counting_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"第{n}次说路灯。" for n in range(7)]
    for text in texts:
        say(world, text)
    monkeypatch.setattr("civic.search.queries.voices.MOST_COUNTED", 5)
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = queries.find_voices("路灯", cursor=cursor, size=3)
        assert (page.count, page.capped) == (5, True)
        seen += [row.text for row in page.voices.rows]
        cursor = page.voices.next_cursor
    assert seen == texts[::-1]
    assert cursor is None
    assert queries.count_voices(VoiceFilter()) == (5, True)
    assert queries.count_voices(VoiceFilter(department_id=world.roads)) == (0, False)
    for broken in ("x", "WyJhIl0", "WzFd.bad"):
        with pytest.raises(Invalid):
            queries.find_voices("路灯", cursor=broken)


def test_a_lost_index_is_noticed_and_made_anew_in_the_order_of_publication(
    world: World, app_context: Flask
) -> None:
    first, second = say(world, "路灯一。"), say(world, "路灯二。")
    assert first < second
    with unit_of_work():
        db.session.execute(delete(voice_terms))
    runner = app_context.test_cli_runner()
    assert runner.invoke(args=["civic", "rebuild-search", "--check"]).exit_code == 1
    rebuilt = runner.invoke(args=["civic", "rebuild-search"])
    assert rebuilt.output == "2 voices indexed.\n"
    assert runner.invoke(args=["civic", "rebuild-search", "--check"]).exit_code == 0
    assert found("路灯") == ["路灯二。", "路灯一。"]


def test_whatever_block_they_lie_in_all_are_found_newest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic.search.queries.fulltext.BLOCKS", (1, 2, 3))
    texts = [f"第{n}次说{'路灯' if n % 3 else '公园'}。" for n in range(20)]
    for text in texts:
        say(world, text)
    for word in ("路灯", "公园", "次"):
        said = [text for text in reversed(texts) if word in text]
        for size in (1, 2, 5, 30):
            seen: list[str] = []
            cursor, more = None, True
            while more:
                page = queries.find_voices(word, cursor=cursor, size=size).voices
                seen += [row.text for row in page.rows]
                cursor, more = page.next_cursor, page.next_cursor is not None
            assert seen == said, (word, size)
