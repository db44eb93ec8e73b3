"""What is written for one pair of eyes is found nowhere else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.cases import queries, services
from civic.cases.models import CaseEvent, Contact
from civic.cases.rules import CaseAction, CaseStatus, DeclineCode, RatingLevel, Recognised, Resolution
from civic.core import audit
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.errors import NotAllowed, NotFound
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.core.outbox import OutboxMessage
from tests.integration.cases.worlds import World, status_of

SECRET = "暗号木棉花"


def actions_audited() -> list[str]:
    return list(db.session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.id)))


def tell_the_secret_everywhere(world: World) -> int:
    """A case in which every free text carries the secret word."""
    case_id = world.submit(
        text=f"{SECRET}在河边。", place=SECRET, contact=services.NewContact(name=SECRET, address=SECRET)
    ).case_id
    world.do(services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH)
    world.do(services.unpublish_case, world.dispatcher, case_id, reason=SECRET)
    world.do(services.return_case, world.handler, case_id, reason=SECRET)
    world.do(services.designate_case, world.dispatcher, case_id, world.water, reason=SECRET)
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.invite_departments, world.handler, case_id, [world.roads], message=SECRET)
    world.do(services.contribute_part, world.other, case_id, text=SECRET)
    world.do(services.ask_resident, world.handler, case_id, question=SECRET)
    world.do(services.add_information, RESIDENT, case_id, text=SECRET)
    world.do(services.request_extension, world.handler, case_id, days=2, reason=SECRET)
    world.do(services.refuse_extension, world.dispatcher, case_id, reason=SECRET)
    world.do(services.escalate_case, world.dispatcher, case_id, reason=SECRET)
    world.do(services.draft_reply, world.handler, case_id, text=SECRET, resolution=Resolution.EXPLAINED)
    world.do(services.send_for_approval, world.handler, case_id)
    world.do(services.send_back_reply, world.lead, case_id, reason=SECRET)
    with unit_of_work():
        services.add_note(world.handler, case_id, SECRET, world.now)
    world.do(services.send_for_approval, world.handler, case_id)
    world.do(services.approve_reply, world.lead, case_id, publish=True)
    world.do(
        services.correct_reply, world.lead, case_id, text=SECRET, resolution=Resolution.PLANNED, reason=SECRET
    )
    world.do(services.rate_reply, RESIDENT, case_id, RatingLevel.DISSATISFIED, reason=SECRET)
    other = world.submit(text=f"{SECRET}也在这里")
    world.do(services.merge_case, world.dispatcher, other.case_id, survivor_id=case_id, reason=SECRET)
    declined = world.submit(text=f"{SECRET}在此")
    world.do(
        services.decline_case,
        world.dispatcher,
        declined.case_id,
        DeclineCode.NOT_THIS_LEVEL,
        explanation=SECRET,
    )
    world.do(services.appeal_case, RESIDENT, declined.case_id, reason=SECRET)
    return case_id


def test_events_audit_and_outbox_carry_no_free_text(world: World) -> None:
    tell_the_secret_everywhere(world)
    events = db.session.scalars(select(CaseEvent.params)).all()
    messages = db.session.scalars(select(OutboxMessage.payload)).all()
    audited = db.session.scalars(select(audit.AuditEntry.params)).all()
    assert events
    assert messages
    for params in (*events, *messages, *audited):
        assert SECRET not in json.dumps(params, ensure_ascii=False)


def test_a_private_case_shows_nowhere_in_public(world: World) -> None:
    tell_the_secret_everywhere(world)
    assert queries.voices(queries.VoiceFilter()).rows == ()
    assert queries.similar_voices(world.item_id, f"{SECRET}在河边。") == ()
    assert queries.answered_recently() == ()
    assert queries.voice_counts([world.item_id]) == {}
    assert queries.paragraph_counts(world.item_id) == {}
    for receipt in world.sent:
        assert queries.public_case(receipt.reference, world.now) is None


def test_a_public_case_shows_neither_staff_nor_what_the_resident_added(world: World) -> None:
    receipt = world.submit()
    world.do(services.review_publication, world.dispatcher, receipt.case_id, CaseAction.PUBLISH)
    world.do(services.accept_case, world.handler, receipt.case_id)
    world.do(services.ask_resident, world.handler, receipt.case_id, question=SECRET)
    world.do(services.add_information, RESIDENT, receipt.case_id, text=SECRET)
    world.answered(receipt.case_id)
    page = queries.public_case(receipt.reference, world.now)
    assert page is not None
    assert SECRET not in repr(page)
    assert "经办" not in repr(page)
    assert all(reply.author_id is None for reply in page.replies)


def test_another_departments_case_does_not_exist(world: World) -> None:
    case_id = world.submit().case_id
    for stranger in (world.other, world.other_lead, world.deputy, world.admin, RESIDENT):
        with pytest.raises(NotFound):
            queries.case_page(stranger, case_id, world.now)
    for stranger in (world.other, world.deputy, world.admin):
        with pytest.raises(NotFound):
            world.do(services.accept_case, stranger, case_id)
        assert queries.queue(stranger, queries.QueueFilter(queries.QueueView.ALL), now=world.now).rows == ()
    assert queries.case_page(world.auditor, case_id, world.now).actions == ()


def test_an_auditor_reads_everything_but_contacts_and_leaves_a_trace(world: World) -> None:
    case_id = world.submit().case_id
    page = queries.case_page(world.auditor, case_id, world.now)
    assert not page.may_see_contact
    with pytest.raises(NotAllowed):
        services.reveal_contact(world.auditor, case_id, world.now)
    with unit_of_work():
        services.note_reading(world.auditor, case_id, world.now)
    assert actions_audited() == ["case.read"]


def test_each_view_of_a_contact_is_an_audit_row_and_it_is_encrypted_at_rest(world: World) -> None:
    case_id = world.submit().case_id
    with unit_of_work():
        assert services.reveal_contact(world.handler, case_id, world.now).name == "林女士"
    assert actions_audited() == ["case.contact_viewed"]
    stored = db.session.scalars(select(Contact)).one()
    assert stored.name
    assert "林女士".encode() not in stored.name
    assert stored.phone_hash != "13800000000"


def test_a_query_code_opens_its_case_and_wrong_ones_answer_alike(world: World) -> None:
    receipt = world.submit()
    assert queries.tracking(receipt.reference, receipt.query_code, world.now) is not None
    typed = f" {receipt.reference.lower()} ", f"{receipt.query_code[:4]}-{receipt.query_code[4:].lower()}"
    assert queries.tracking(*typed, world.now) is not None
    assert queries.tracking(receipt.reference, "A" * 13, world.now) is None
    assert queries.tracking("TJ-2026-ZZZZZZ", receipt.query_code, world.now) is None


def test_a_new_code_replaces_the_lost_one(world: World) -> None:
    receipt = world.submit()
    with unit_of_work():
        _, code = services.reissue_code(
            world.dispatcher,
            receipt.case_id,
            1,
            new_nonce(),
            Recognised.QUESTIONS,
            world.now,
            reason="电话核实了内容与日期",
        )
    assert queries.tracking(receipt.reference, receipt.query_code, world.now) is None
    assert queries.tracking(receipt.reference, code, world.now) is not None


def test_two_people_on_one_case_see_each_other(world: World) -> None:
    case_id = world.submit().case_id
    with unit_of_work():
        assert services.touch_presence(world.handler, case_id, world.now) == ()
        assert [one.account_id for one in services.touch_presence(world.lead, case_id, world.now)] == [
            world.handler.account_id
        ]
    later = world.now + timedelta(minutes=2)
    with unit_of_work():
        assert services.touch_presence(world.lead, case_id, later) == ()
    assert status_of(case_id) is CaseStatus.ROUTED
