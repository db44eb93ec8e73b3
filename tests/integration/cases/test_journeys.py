"""From a resident's word to a closed case, and everything that can happen on the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from civic.cases import queries, services
from civic.cases.rules import (
    CaseAction,
    CaseStatus,
    DeclineCode,
    ExtensionState,
    FeedbackKind,
    RatingLevel,
    Resolution,
    Solved,
)
from civic.cases.services import NewContact
from civic.core.actor import RESIDENT, Actor, ActorKind, Grant, Role
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotAllowed, NotFound
from tests.factories import make_department
from tests.integration.cases.worlds import World, events_of, status_of

A = CaseAction


def test_a_word_on_a_clause_reaches_its_department_and_is_answered_rated_and_closed(world: World) -> None:
    receipt = world.submit()
    assert receipt.status is CaseStatus.ROUTED
    assert receipt.department_id == world.water
    assert receipt.due_at == datetime(
        2026, 9, 20, 9, 30, tzinfo=UTC
    )  # ten working days; the 20th is a make-up day
    world.do(services.review_publication, world.dispatcher, receipt.case_id, A.PUBLISH)
    world.answered(receipt.case_id)
    world.pass_time(days=1)
    state = world.do(
        services.rate_reply,
        RESIDENT,
        receipt.case_id,
        RatingLevel.DISSATISFIED,
        reason="只装了六盏，东段仍然没有灯。",
        solved=Solved.NOT,
    )
    assert state.status is CaseStatus.IN_PROGRESS
    world.answered(receipt.case_id)
    state = world.do(
        services.rate_reply, RESIDENT, receipt.case_id, RatingLevel.SATISFIED, solved=Solved.SOLVED
    )
    assert state.status is CaseStatus.CLOSED
    assert events_of(receipt.case_id) == [
        A.SUBMIT,
        A.ROUTE,
        A.PUBLISH,
        A.ACCEPT,
        A.DRAFT_REPLY,
        A.SEND_FOR_APPROVAL,
        A.APPROVE_REPLY,
        A.PUBLISH_REPLY,
        A.RATE,
        A.REOPEN,
        A.DRAFT_REPLY,
        A.SEND_FOR_APPROVAL,
        A.APPROVE_REPLY,
        A.PUBLISH_REPLY,
        A.RATE,
        A.CLOSE,
    ]
    assert services.check_stats() == []


def test_the_same_form_sent_twice_makes_one_case_and_the_same_receipt(world: World) -> None:
    first = world.submit(nonce="a-form-number")
    again = world.submit(nonce="a-form-number", text="改过的文字也不会再开一张单。")
    assert (again.case_id, again.reference, again.query_code) == (
        first.case_id,
        first.reference,
        first.query_code,
    )
    assert again.repeated
    assert not first.repeated


def test_an_item_without_a_lead_goes_to_triage_and_the_dispatcher_routes_it(world: World) -> None:
    receipt = world.submit(item_id=None)
    assert receipt.status is CaseStatus.TRIAGE
    assert receipt.department_id is None
    state = world.do(
        services.route_case,
        world.dispatcher,
        receipt.case_id,
        world.roads,
        reason="属道路照明",
        item_id=world.orphan_item_id,
    )
    assert state.status is CaseStatus.ROUTED
    page = queries.case_page(world.other, receipt.case_id, world.now)
    assert page.item_id == world.orphan_item_id
    assert page.stints[-1].reason_text == "属道路照明"


def test_a_complaint_about_staff_goes_to_the_dispatcher_with_its_contact_sealed(world: World) -> None:
    receipt = world.submit(kind=FeedbackKind.COMPLAINT, about_staff=True)
    assert receipt.status is CaseStatus.TRIAGE
    world.do(services.route_case, world.dispatcher, receipt.case_id, world.water)
    with pytest.raises(NotAllowed, match="sealed"):
        services.reveal_contact(world.handler, receipt.case_id, world.now)
    assert services.reveal_contact(world.dispatcher, receipt.case_id, world.now).phone == "13800000000"
    world.do(services.transfer_case, world.dispatcher, receipt.case_id, world.roads, reason="回避")
    assert services.reveal_contact(world.other, receipt.case_id, world.now).name == "林女士"


def test_a_misrouted_case_is_returned_once_and_moves_only_when_the_dispatcher_agrees(world: World) -> None:
    case_id = world.submit().case_id
    state = world.do(
        services.return_case,
        world.handler,
        case_id,
        reason="路灯归路政管理。",
        suggested_department_id=world.roads,
    )
    assert state.status is CaseStatus.ROUTED
    page = queries.case_page(world.dispatcher, case_id, world.now)
    assert page.return_pending
    assert page.suggested_department_id == world.roads
    with pytest.raises(NotAllowed, match="already"):
        world.do(services.return_case, world.handler, case_id, reason="再退一次")
    world.do(services.transfer_case, world.dispatcher, case_id, world.roads, reason="同意")
    with pytest.raises(NotFound):
        queries.case_page(world.handler, case_id, world.now)
    world.do(services.return_case, world.other, case_id, reason="不是我们的")
    world.do(services.designate_case, world.dispatcher, case_id, world.water, reason="由水务首接负责")
    with pytest.raises(NotAllowed, match="designated"):
        world.do(services.return_case, world.handler, case_id, reason="还是想退")
    assert services.check_stats() == []


def test_a_return_after_two_working_days_is_too_late(world: World) -> None:
    case_id = world.submit().case_id
    world.pass_time(days=2, hours=8)
    with pytest.raises(NotAllowed, match="time to return"):
        world.do(services.return_case, world.handler, case_id, reason="太晚了")


def test_the_clock_stands_still_while_the_resident_is_asked(world: World) -> None:
    case_id = world.submit().case_id
    world.do(services.accept_case, world.handler, case_id)
    before = queries.case_page(world.handler, case_id, world.now).reply_deadline
    world.pass_time(days=1)
    world.do(services.ask_resident, world.handler, case_id, question="请问是哪一段？")
    tracked = queries.tracked_case(case_id, world.now)
    assert tracked.question == "请问是哪一段？"
    assert tracked.deadline is not None
    assert not tracked.deadline.is_running
    world.pass_time(days=3)
    world.do(services.add_information, RESIDENT, case_id, text="东段，桥到公园之间。")
    after = queries.case_page(world.handler, case_id, world.now).reply_deadline
    assert before.due_at == datetime(2026, 9, 20, 9, 30, tzinfo=UTC)
    assert after.due_at == datetime(2026, 9, 23, 9, 30, tzinfo=UTC)
    assert [d.day.day for d in after.counted.counted_days if d.why == "paused"] == [8, 9, 10]
    assert services.check_stats() == []


def test_an_extension_is_asked_for_once_and_approved_by_the_dispatcher(world: World) -> None:
    case_id = world.submit().case_id
    world.do(services.accept_case, world.handler, case_id)
    with pytest.raises(Invalid):
        world.do(services.request_extension, world.handler, case_id, days=11, reason="太长")
    world.do(services.request_extension, world.handler, case_id, days=5, reason="需现场勘查")
    world.do(services.approve_extension, world.dispatcher, case_id)
    page = queries.case_page(world.handler, case_id, world.now)
    assert page.extension is ExtensionState.APPROVED
    assert page.reply_deadline.due_at == datetime(2026, 9, 25, 9, 30, tzinfo=UTC)
    with pytest.raises(NotAllowed, match="once"):
        world.do(services.request_extension, world.handler, case_id, days=1, reason="再来")


def test_a_merged_case_gets_the_survivors_answer_and_can_be_released(world: World) -> None:
    first = world.submit()
    contact = NewContact(phone="13800000000")
    second, third = (world.submit(text="河边步道晚上没有路灯，请安装。", contact=contact) for _ in range(2))
    world.do(services.merge_case, world.lead, second.case_id, survivor_id=first.case_id, reason="同一事项")
    assert status_of(second.case_id) is CaseStatus.MERGED
    world.answered(first.case_id)
    page = queries.tracked_case(second.case_id, world.now)
    assert page.merged_into_other
    assert page.replies[0].text.startswith("已安排")
    words = queries.case_page(world.handler, first.case_id, world.now).feedback
    assert [w.reference for w in words] == [first.reference, second.reference]
    assert services.check_stats() == []
    written = queries.earlier_cases(
        world.dispatcher, queries.case_page(world.dispatcher, third.case_id, world.now)
    )
    assert written is not None
    (merged,) = (one for one in written.cases if one.reference == second.reference)
    assert (merged.reply_text[:3], merged.resolution) == ("已安排", page.replies[0].resolution)
    state = world.do(services.unmerge_case, world.dispatcher, second.case_id)
    assert state.status is CaseStatus.ROUTED
    assert queries.case_page(world.handler, first.case_id, world.now).absorbed == ()
    assert services.check_stats() == []


def test_withdrawing_a_survivor_releases_what_was_merged_into_it(world: World) -> None:
    first, second = world.submit(), world.submit()
    world.do(services.merge_case, world.dispatcher, second.case_id, survivor_id=first.case_id)
    world.do(services.withdraw_case, RESIDENT, first.case_id)
    assert status_of(second.case_id) is CaseStatus.ROUTED
    assert services.check_stats() == []


def test_merging_needs_a_say_in_both_cases(world: World) -> None:
    ours, theirs = world.submit(), world.submit(item_id=None)
    world.do(services.route_case, world.dispatcher, theirs.case_id, world.roads)
    with pytest.raises(NotFound):
        world.do(services.merge_case, world.lead, ours.case_id, survivor_id=theirs.case_id)
    with pytest.raises(NotAllowed):
        world.do(services.merge_case, world.handler, ours.case_id, survivor_id=world.submit().case_id)


def test_an_objection_is_not_merged_into_a_case_that_is_answered_already(world: World) -> None:
    """The answer owed to who objected would never come (docs/decisions/016)."""
    answered, objected, still_open = world.submit(), world.submit(), world.submit()
    for case in (answered, objected):
        world.answered(case.case_id)
    world.do(services.reopen_case, RESIDENT, objected.case_id, reason="灯还没装。")
    with pytest.raises(Invalid, match="owed a new answer"):
        world.do(services.merge_case, world.lead, objected.case_id, survivor_id=answered.case_id)
    world.do(services.merge_case, world.lead, objected.case_id, survivor_id=still_open.case_id)
    assert status_of(objected.case_id) is CaseStatus.MERGED


def test_who_works_in_two_supporting_departments_gives_the_part_that_is_owed(world: World) -> None:
    case_id = world.submit().case_id
    parks = make_department("parks", "区园林局")
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.invite_departments, world.handler, case_id, [world.roads, parks], message="请协助")
    world.do(services.contribute_part, world.other, case_id, text="灯杆位置已核对。")
    grants = frozenset({Grant(Role.HANDLER, world.roads), Grant(Role.HANDLER, parks)})
    both = Actor(ActorKind.STAFF, world.other.account_id, "", grants)
    world.do(services.contribute_part, both, case_id, text="树木已修剪。")
    page = queries.case_page(world.handler, case_id, world.now)
    assert set(page.contributed) == {world.roads, parks}


def test_an_auditor_who_handles_cases_as_well_learns_no_writer_of_another_department(world: World) -> None:
    here, ours, theirs = world.submit(), world.submit(), world.submit(item_id=None)
    world.do(services.route_case, world.dispatcher, theirs.case_id, world.roads)
    grants = frozenset({Grant(Role.HANDLER, world.water), Grant(Role.AUDITOR, None)})
    both = Actor(ActorKind.STAFF, world.handler.account_id, "", grants)
    earlier = queries.earlier_cases(both, queries.case_page(both, here.case_id, world.now))
    assert earlier is not None
    assert [case.reference for case in earlier.cases] == [ours.reference]
    assert earlier.elsewhere == 1


def test_a_supporting_department_adds_its_part_without_ever_seeing_the_contact(world: World) -> None:
    case_id = world.submit().case_id
    with pytest.raises(NotFound):
        queries.case_page(world.other, case_id, world.now)
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.invite_departments, world.handler, case_id, [world.roads], message="请提供灯杆位置")
    page = queries.case_page(world.other, case_id, world.now)
    assert not page.may_see_contact
    with pytest.raises(NotAllowed):
        services.reveal_contact(world.other, case_id, world.now)
    world.do(services.contribute_part, world.other, case_id, text="灯杆位置已核对。")
    assert queries.case_page(world.handler, case_id, world.now).contributed == (world.roads,)
    with pytest.raises(NotAllowed):
        world.do(services.draft_reply, world.other, case_id, text="越权起草")


def test_a_lead_who_answers_alone_is_recorded_as_single_signature(world: World) -> None:
    alone, together = world.submit().case_id, world.submit().case_id
    world.do(services.accept_case, world.lead, alone)
    world.do(services.draft_reply, world.lead, alone, text="马上处理。", resolution=Resolution.PLANNED)
    world.do(services.publish_reply, world.lead, alone)
    world.answered(together)
    assert queries.case_page(world.dispatcher, alone, world.now).signed_alone
    assert not queries.case_page(world.dispatcher, together, world.now).signed_alone


def test_a_handler_can_not_publish_what_the_lead_has_not_approved(world: World) -> None:
    case_id = world.submit().case_id
    world.do(services.accept_case, world.handler, case_id)
    with pytest.raises(Invalid):
        world.do(services.send_for_approval, world.handler, case_id)
    world.do(services.draft_reply, world.handler, case_id, text="草稿", resolution=Resolution.EXPLAINED)
    world.do(services.send_for_approval, world.handler, case_id)
    with pytest.raises(NotAllowed, match="not approved"):
        world.do(services.publish_reply, world.handler, case_id)
    world.do(services.send_back_reply, world.lead, case_id, reason="请写明日期")
    assert status_of(case_id) is CaseStatus.IN_PROGRESS


def test_a_published_reply_is_corrected_only_by_a_newer_one(world: World) -> None:
    case_id = world.submit().case_id
    world.answered(case_id)
    world.do(
        services.correct_reply,
        world.lead,
        case_id,
        text="更正：共十四盏。",
        resolution=Resolution.ADOPTED,
        reason="数目有误",
    )
    old, new = queries.tracked_case(case_id, world.now).replies
    assert (new.is_current, new.corrects_id) == (True, old.reply_id)
    assert old.text
    with pytest.raises(Invalid):
        world.do(services.conceal_reply, world.lead, case_id, new.reply_id)
    world.do(services.conceal_reply, world.lead, case_id, old.reply_id)
    old, _ = queries.tracked_case(case_id, world.now).replies
    assert old.is_concealed
    assert old.text == ""


def test_referring_needs_a_name_and_only_suggestions_are_adopted(world: World) -> None:
    case_id = world.submit(kind=FeedbackKind.QUESTION).case_id
    world.do(services.accept_case, world.handler, case_id)
    with pytest.raises(Invalid, match="suggestion"):
        world.do(services.draft_reply, world.handler, case_id, text="好", resolution=Resolution.ADOPTED)
    world.do(
        services.draft_reply, world.handler, case_id, text="请向法院提出。", resolution=Resolution.REFERRED
    )
    with pytest.raises(Invalid, match="authority"):
        world.do(services.send_for_approval, world.handler, case_id)


def test_the_third_objection_goes_to_the_dispatcher_and_is_listed(world: World) -> None:
    case_id = world.submit().case_id
    for round_number in range(3):
        world.answered(case_id)
        world.pass_time(days=1)
        state = world.do(services.reopen_case, RESIDENT, case_id, reason=f"仍未解决 {round_number}")
    assert state.status is CaseStatus.TRIAGE
    assert queries.case_page(world.dispatcher, case_id, world.now).escalated_at == world.now
    world.do(services.route_case, world.dispatcher, case_id, world.water)
    world.answered(case_id)
    with pytest.raises(NotAllowed, match="reopened again"):
        world.do(services.reopen_case, RESIDENT, case_id, reason="第四次")
    assert services.check_stats() == []


def test_a_declined_case_can_be_appealed_once(world: World) -> None:
    case_id = world.submit().case_id
    with pytest.raises(Invalid):
        world.do(services.decline_case, world.dispatcher, case_id, DeclineCode.STATUTORY_CHANNEL)
    world.do(
        services.decline_case,
        world.dispatcher,
        case_id,
        DeclineCode.STATUTORY_CHANNEL,
        explanation="请向劳动仲裁委员会提出。",
    )
    tracked = queries.tracked_case(case_id, world.now)
    assert tracked.decline_text == "请向劳动仲裁委员会提出。"
    assert tracked.may(A.APPEAL)
    state = world.do(services.appeal_case, RESIDENT, case_id, reason="这不是劳动争议。")
    assert state.status is CaseStatus.TRIAGE
    with pytest.raises(NotAllowed, match="appealed"):
        world.do(services.decline_case, world.dispatcher, case_id, DeclineCode.NO_SUBSTANCE)
    assert services.check_stats() == []


def test_time_closes_what_nobody_objected_to_and_notes_what_is_overdue_once(world: World) -> None:
    answered, late = world.submit().case_id, world.submit().case_id
    world.answered(answered)
    world.pass_time(days=14, hours=20)
    with unit_of_work():
        assert services.sweep(world.now) == services.SweepReport(closed=0, overdue=1)
    world.pass_time(days=1)
    with unit_of_work():
        assert services.sweep(world.now) == services.SweepReport(closed=1, overdue=0)
    assert status_of(answered) is CaseStatus.CLOSED
    assert events_of(late).count(A.BECAME_OVERDUE) == 1
    assert services.check_stats() == []
