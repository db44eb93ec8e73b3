"""Queues, people, publication and calendars: who has what, who reads what, and what moves by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.cases import queries, services
from civic.cases.queries import QueueFilter, QueueView
from civic.cases.rules import (
    CaseAction,
    CaseStatus,
    FeedbackKind,
    Publication,
)
from civic.core.actor import SYSTEM
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed, Stale
from civic.core.extensions import db
from civic.web.caching import ContentVersion
from tests.integration.cases.worlds import World, events_of, version_of

A = CaseAction


def seen(world: World, actor: object, view: QueueView, **wanted: object) -> list[int]:
    page = queries.queue(actor, QueueFilter(view, **wanted), now=world.now)  # type: ignore[arg-type]
    return [row.case_id for row in page.rows]


def test_the_most_urgent_case_comes_first_and_a_stopped_clock_last(world: World) -> None:
    asked = world.submit().case_id
    world.do(services.accept_case, world.handler, asked)
    world.do(services.ask_resident, world.handler, asked, question="哪一段？")
    suggestion = world.submit().case_id
    world.do(services.accept_case, world.handler, suggestion)
    question = world.submit(kind=FeedbackKind.QUESTION).case_id
    world.do(services.accept_case, world.handler, question)
    fresh = world.submit().case_id
    assert seen(world, world.handler, QueueView.DEPARTMENT) == [fresh, question, suggestion, asked]
    assert seen(world, world.handler, QueueView.AWAITING) == [asked]
    assert seen(world, world.handler, QueueView.TO_ACCEPT) == [fresh]
    assert seen(world, world.handler, QueueView.MINE) == [question, suggestion, asked]
    world.pass_time(days=8)
    assert seen(world, world.handler, QueueView.OVERDUE) == [fresh, question]
    rows = queries.queue(world.handler, QueueFilter(), now=world.now).rows
    assert [row.is_overdue for row in rows] == [False, True, False, False]
    assert rows[-1].urgent_at is None
    assert rows[-1].is_paused


def test_due_soon_knows_weekends_and_a_late_acceptance_is_in_the_list_of_overdue_ones(world: World) -> None:
    world.pass_time(
        days=4
    )  # Friday: acceptance is due on Monday, the answer to a question that Friday after.
    fresh = world.submit(kind=FeedbackKind.QUESTION).case_id
    assert seen(world, world.handler, QueueView.DUE_SOON) == [fresh]
    world.pass_time(days=4)
    assert seen(world, world.handler, QueueView.DUE_SOON) == []
    assert seen(world, world.handler, QueueView.OVERDUE) == [fresh]
    world.pass_time(days=2)  # The day before the answer is due: in both lists.
    assert seen(world, world.handler, QueueView.DUE_SOON) == [fresh]
    assert seen(world, world.handler, QueueView.OVERDUE) == [fresh]
    world.do(services.accept_case, world.handler, fresh)
    assert seen(world, world.handler, QueueView.OVERDUE) == []


def test_a_queue_is_paged_by_key_and_counts_what_it_lists(world: World) -> None:
    made = [world.submit().case_id for _ in range(5)]
    world.submit(item_id=None)
    listed: list[int] = []
    cursor = None
    while True:
        page = queries.queue(world.lead, QueueFilter(), cursor, now=world.now, size=2)
        listed += [row.case_id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert listed == made
    counts = queries.queue_counts(world.dispatcher, world.now)
    for view in QueueView:
        assert counts[view] == len(seen(world, world.dispatcher, view)), view
    assert counts[QueueView.TRIAGE] == 1
    assert counts[QueueView.REVIEW] == 6
    with pytest.raises(Invalid):
        queries.queue(world.lead, QueueFilter(), "bm90IGEgY3Vyc29y", now=world.now)


def test_a_queue_can_be_narrowed(world: World) -> None:
    first = world.submit(text="地铁口积水严重，行人难走。")
    second = world.submit(kind=FeedbackKind.QUESTION, text="何时开工？请答复。")
    everything = QueueView.ALL
    assert seen(world, world.handler, everything, among=(first.case_id,)) == [first.case_id]
    assert seen(world, world.handler, everything, among=()) == []
    assert seen(world, world.handler, everything, kind=FeedbackKind.QUESTION) == [second.case_id]
    assert seen(world, world.handler, everything, status=CaseStatus.CLOSED) == []
    assert seen(world, world.handler, everything, item_ids=(world.orphan_item_id,)) == []
    assert len(seen(world, world.dispatcher, everything, department_id=world.water)) == 2
    assert seen(world, world.dispatcher, everything, department_id=world.roads) == []


def test_voices_are_published_ones_newest_first_and_similar_ones_are_found(world: World) -> None:
    first = world.submit(text="河边步道晚上太暗，请增设路灯。")
    second = world.submit(text="希望公园延长开放时间。", paragraph_anchor="p2")
    world.submit(text="没有公开的一条建议。")
    for receipt in (first, second):
        world.do(services.review_publication, world.dispatcher, receipt.case_id, A.PUBLISH)
        world.pass_time(hours=1)
    page = queries.voices(queries.VoiceFilter(item_ids=(world.item_id,)), size=1)
    assert [row.reference for row in page.rows] == [second.reference]
    rest = queries.voices(queries.VoiceFilter(), page.next_cursor, size=1)
    assert [row.reference for row in rest.rows] == [first.reference]
    assert rest.next_cursor is None
    assert queries.voice_counts([world.item_id, world.orphan_item_id]) == {world.item_id: 2}
    assert queries.paragraph_counts(world.item_id) == {"p2": 1}
    found = queries.similar_voices(world.item_id, "步道晚上很暗，能不能增设路灯？")
    assert [row.reference for row in found] == [first.reference]
    assert queries.similar_voices(world.item_id, "！？") == ()
    world.answered(first.case_id)
    (answered,) = queries.answered_recently()
    assert answered.reply_text.startswith("已安排")
    assert queries.voices(queries.VoiceFilter(answered=False)).rows[0].reference == second.reference


def test_publication_needs_consent_and_a_takedown_works_at_once(world: World) -> None:
    private = world.submit(wants_publication=False)
    with pytest.raises(NotAllowed, match="agreed"):
        world.do(services.review_publication, world.dispatcher, private.case_id, A.PUBLISH)
    shown = world.submit(text="张三家门口的路灯坏了，电话13900001111。")
    world.do(
        services.review_publication,
        world.dispatcher,
        shown.case_id,
        A.PUBLISH_MASKED,
        masked_text="某户门口的路灯坏了。",
    )
    public = queries.public_case(shown.reference, world.now)
    assert public is not None
    assert public.text == "某户门口的路灯坏了。"
    world.do(services.remask_case, world.dispatcher, shown.case_id, masked_text="路灯坏了。")
    assert queries.voices(queries.VoiceFilter()).rows[0].text == "路灯坏了。"
    state = world.do(services.unpublish_case, world.dispatcher, shown.case_id, reason="涉及个人")
    assert state.publication is Publication.REFUSED
    assert queries.public_case(shown.reference, world.now) is None
    assert queries.was_public(shown.reference)
    assert queries.voices(queries.VoiceFilter()).rows == ()
    assert queries.voice_counts([world.item_id]) == {}


def test_a_public_change_raises_the_content_version_and_a_private_one_does_not(world: World) -> None:
    def version() -> int:
        return db.session.scalar(db.select(ContentVersion.version)) or 0

    shown, private = world.submit().case_id, world.submit(wants_publication=False).case_id
    world.do(services.take_case, world.handler, private)
    before = version()
    assert before == 0
    world.do(services.review_publication, world.dispatcher, shown, A.PUBLISH)
    published = version()
    assert published > before
    world.do(services.unpublish_case, world.dispatcher, shown, reason="涉及个人")
    assert version() > published


def test_people_take_assign_and_hand_back(world: World) -> None:
    case_id = world.submit().case_id
    world.do(services.take_case, world.handler, case_id)
    with pytest.raises(NotAllowed, match="only the lead"):
        world.do(services.assign_case, world.colleague, case_id, world.colleague.account_id)
    with pytest.raises(Invalid):
        world.do(services.assign_case, world.lead, case_id, world.other.account_id)
    world.do(services.assign_case, world.lead, case_id, world.colleague.account_id)
    with pytest.raises(NotAllowed):
        world.do(services.hand_back_case, world.handler, case_id)
    world.do(services.hand_back_case, world.colleague, case_id)
    assert queries.case_page(world.lead, case_id, world.now).assignee_id is None


def test_a_stale_save_is_refused(world: World) -> None:
    case_id = world.submit().case_id
    seen = version_of(case_id)
    world.do(services.accept_case, world.handler, case_id, version=seen)
    with pytest.raises(Stale):
        world.do(services.draft_reply, world.colleague, case_id, text="晚了一步", version=seen)


def test_a_changed_calendar_moves_open_deadlines_and_says_which(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civic.cases.services import surroundings
    from civic.core.workdays import Calendar

    receipt = world.submit()
    known = surroundings.surroundings(world.now).calendar
    day_off = {**known.days, (world.now + timedelta(days=1)).date(): False}
    changed = Calendar(day_off, known.known_years)
    monkeypatch.setattr(surroundings.departments, "calendar", lambda: changed)
    with unit_of_work():
        assert len(services.preview_deadlines(world.now, changed)) == 1
    with unit_of_work():
        (moved,) = services.recompute_deadlines(world.now)
    assert (moved.reference, moved.before, moved.after > moved.before) == (
        receipt.reference,
        receipt.due_at,
        True,
    )
    assert events_of(receipt.case_id)[-1] is A.MOVE_DEADLINES
    assert services.check_stats() == []


def test_the_system_may_not_do_what_people_decide(world: World) -> None:
    case_id = world.submit().case_id
    with pytest.raises(NotAllowed):
        world.do(services.accept_case, SYSTEM, case_id)
