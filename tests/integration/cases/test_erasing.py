"""Erasing at the resident's request: what they told us is gone, what happened to the case is as it was."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from civic.cases import queries, services
from civic.cases.models import CaseEvent, CasePhoto, CaseText, Contact, Feedback, QueryKey
from civic.cases.rules import (
    CaseAction,
    CaseStatus,
    DeclineCode,
    PhotoState,
    Publication,
    RatingLevel,
    Recognised,
    Resolution,
)
from civic.cases.services.applying import load_facts, salted_hash
from civic.core import audit
from civic.core.actor import RESIDENT, SYSTEM
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.errors import NotAllowed
from civic.core.extensions import db
from civic.core.ids import new_nonce
from civic.desk.models import staff_terms
from civic.files import queries as stored
from civic.files import services as files
from civic.files.storage import stored_keys
from civic.search import queries as search
from civic.search.models import voice_terms
from civic.search.services import rebuild_voices
from tests.integration.cases.replayed import rows_are_what_the_events_say
from tests.integration.cases.worlds import World, events_of, status_of

A, S = CaseAction, CaseStatus
SECRET = "暗号木棉花"


def erase(world: World, case_id: int) -> services.State:
    return world.do(services.erase_words, RESIDENT, case_id)


def published(world: World, **values: Any) -> services.Receipt:
    receipt = world.submit(text=f"{SECRET}的路灯坏了。", place=f"{SECRET}桥头", **values)
    world.do(services.review_publication, world.dispatcher, receipt.case_id, A.PUBLISH)
    return receipt


def photo(world: World, name: str = f"{SECRET}.png") -> str:
    """The key of an uploaded draft."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    made = files.made_draft(out.getvalue())
    with unit_of_work():
        until = world.now + timedelta(days=1)
        return files.store_draft(RESIDENT, made, name, world.now, kept_until=until).key


def found_in_the_database(word: str) -> list[str]:
    """Tables and columns that hold a word, looked for in every text and index of the database."""
    found = []
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            held = db.session.scalars(select(column).where(column.is_not(None)))
            if any(word in str(value) for value in held):
                found.append(f"{table.name}.{column.name}")
    for index in (voice_terms, staff_terms):
        if any(word[:2] in str(value) for value in db.session.scalars(select(index.c.terms))):
            found.append(index.name)
    return found


def everything_was_said(world: World) -> int:
    """An answered, published case in which every word of the resident carries the secret."""
    case_id = world.submit(
        text=f"{SECRET}的路灯坏了。", place=SECRET, outside_reference=SECRET,
        actor=world.dispatcher, photos=(photo(world), photo(world)), under_14=True, guardian=True,
    ).case_id  # fmt: skip
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.ask_resident, world.handler, case_id, question="哪一段？")
    world.do(services.add_information, RESIDENT, case_id, text=f"{SECRET}东段")
    masked = f"{SECRET}的＊＊坏了。"
    world.do(services.review_publication, world.dispatcher, case_id, A.PUBLISH_MASKED, masked_text=masked)
    world.do(services.remask_case, world.dispatcher, case_id, f"{SECRET}的＊＊＊＊。")
    with unit_of_work():
        services.decide_photo(
            world.dispatcher, case_id, 1, PhotoState.SHOWN, world.now, squares=frozenset({3})
        )
    world.answered(case_id)
    deliver_due(world.now)
    world.do(services.rate_reply, RESIDENT, case_id, RatingLevel.DISSATISFIED, reason=f"{SECRET}仍未修")
    world.answered(case_id)
    return case_id


def test_nothing_of_what_was_said_is_left_anywhere_and_the_history_is_whole(world: World) -> None:
    case_id = everything_was_said(world)
    before, files_before = events_of(case_id), set(stored_keys())
    assert {"feedback.text", "staff_terms"} <= set(found_in_the_database(SECRET))
    assert files_before
    erase(world, case_id)
    assert found_in_the_database(SECRET) == []
    assert set(stored_keys()) == set(), "originals, the covered copy and its preview"
    for table in (Contact, CasePhoto):
        assert db.session.scalars(select(table)).all() == []
    assert events_of(case_id) == [*before, A.ERASE_WORDS]
    assert status_of(case_id) is S.REPLIED
    rows_are_what_the_events_say([case_id])
    assert services.check_stats() == []


def test_who_knows_the_words_cannot_prove_from_the_events_that_they_were_written(world: World) -> None:
    receipt = world.submit()
    kept = db.session.scalars(select(CaseEvent.params).where(CaseEvent.case_id == receipt.case_id)).first()
    feedback = db.session.scalars(select(Feedback)).one()
    assert kept
    assert kept["hash"] == salted_hash(feedback.text_salt, feedback.text)
    db.session.rollback()
    erase(world, receipt.case_id)
    db.session.expire_all()
    feedback = db.session.scalars(select(Feedback)).one()
    assert (feedback.text_salt, feedback.text_hash, feedback.text) == ("", "", "")


def test_an_open_case_is_withdrawn_with_its_words(world: World) -> None:
    case_id = published(world).case_id
    state = erase(world, case_id)
    assert (state.status, state.publication) == (S.WITHDRAWN, Publication.PRIVATE)
    assert events_of(case_id)[-2:] == [A.WITHDRAW, A.ERASE_WORDS]
    assert services.check_stats() == []


def test_public_lists_index_and_counts_lose_it_at_once(world: World) -> None:
    receipt = published(world)
    world.answered(receipt.case_id)
    assert search.find_voices(SECRET).count == 1
    erase(world, receipt.case_id)
    assert queries.voices(queries.VoiceFilter()).rows == ()
    assert queries.answers() == ()
    assert queries.similar_voices(None, f"{SECRET}的路灯坏了。") == ()
    assert queries.voice_counts([world.item_id]) == {}
    assert queries.public_case(receipt.reference, world.now) is None
    assert queries.was_public(receipt.reference)
    assert search.find_voices(SECRET).count == 0
    assert search.voice_index_is_right()
    with unit_of_work():
        assert rebuild_voices() == 0


def test_the_code_still_opens_what_is_left(world: World) -> None:
    receipt = published(world)
    erase(world, receipt.case_id)
    page = queries.tracking(receipt.reference, receipt.query_code, world.now)
    assert page is not None
    assert (page.text, page.erased_at) == ("", world.now)
    assert page.timeline[-1].action is A.ERASE_WORDS


def test_a_replaced_code_goes_and_the_present_one_stays(world: World) -> None:
    receipt = world.submit()
    with unit_of_work():
        _, code = services.reissue_code(
            world.dispatcher,
            receipt.case_id,
            1,
            new_nonce(),
            Recognised.QUESTIONS,
            world.now,
            reason="电话核实",
        )
    erase(world, receipt.case_id)
    assert db.session.scalar(select(func.count()).select_from(QueryKey)) == 1
    assert queries.tracking(receipt.reference, code, world.now) is not None


def test_the_contact_alone_can_go_while_the_case_goes_on(world: World) -> None:
    case_id = world.submit().case_id
    state = world.do(services.erase_contact, RESIDENT, case_id)
    assert state.status is S.ROUTED
    assert db.session.scalars(select(Contact)).all() == []
    with pytest.raises(NotAllowed, match="No contact is kept"):
        world.do(services.erase_contact, RESIDENT, case_id)
    assert events_of(case_id).count(A.ERASE_CONTACT) == 1, "the refused one left nothing behind"
    world.answered(case_id)
    assert services.check_stats() == []


def test_both_leave_an_audit_row_without_a_word_in_it(world: World) -> None:
    case_id = world.submit().case_id
    world.do(services.erase_contact, RESIDENT, case_id)
    erase(world, case_id)
    rows = db.session.execute(
        select(audit.AuditEntry.action, audit.AuditEntry.actor_kind, audit.AuditEntry.params).order_by(
            audit.AuditEntry.id
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        ("case.contact_erased", "resident", {}), ("case.words_erased", "resident", {}),
    ]  # fmt: skip


def ended_declined(world: World) -> int:
    case_id = published(world).case_id
    world.do(services.decline_case, world.dispatcher, case_id, DeclineCode.NO_SUBSTANCE)
    return case_id


def ended_replied(world: World) -> int:
    case_id = published(world).case_id
    world.answered(case_id)
    return case_id


AFTERWARDS: list[tuple[Callable[[World], int], Any, dict[str, Any]]] = [
    (ended_declined, services.appeal_case, {"reason": "请再看看"}),
    (ended_replied, services.rate_reply, {"level": RatingLevel.SATISFIED}),
    (ended_replied, services.reopen_case, {"reason": "没有装好"}),
    (ended_replied, services.erase_words, {}),
]


@pytest.mark.parametrize(("begin", "service", "values"), AFTERWARDS)
def test_what_has_no_words_any_more_is_not_taken_up_again(
    world: World, begin: Callable[[World], int], service: Any, values: dict[str, Any]
) -> None:
    case_id = begin(world)
    erase(world, case_id)
    with pytest.raises(NotAllowed, match="were erased"):
        world.do(service, RESIDENT, case_id, **values)


def test_it_cannot_be_published_again_and_no_photo_shown(world: World) -> None:
    case_id = ended_replied(world)
    erase(world, case_id)
    with pytest.raises(NotAllowed, match="were erased"):
        world.do(services.review_publication, world.dispatcher, case_id, A.PUBLISH)
    facts = load_facts(case_id)
    assert facts is not None
    assert not facts.wants_publication


def test_an_answered_case_closes_by_itself_and_its_answer_can_be_put_right(world: World) -> None:
    case_id = ended_replied(world)
    erase(world, case_id)
    world.do(
        services.correct_reply,
        world.lead,
        case_id,
        text="更正：十月装好。",
        resolution=Resolution.ADOPTED,
        reason="工期",
    )
    world.pass_time(days=40)
    with unit_of_work():
        services.sweep(world.now)
    assert status_of(case_id) is S.CLOSED
    assert services.check_stats() == []


def test_who_was_merged_into_it_keeps_the_own_words_and_goes_on_alone(world: World) -> None:
    survivor, other = published(world), world.submit(text="我也看到路灯坏了。")
    world.do(services.merge_case, world.dispatcher, other.case_id, survivor_id=survivor.case_id)
    erase(world, survivor.case_id)
    assert status_of(other.case_id) is S.ROUTED
    page = queries.case_page(world.handler, other.case_id, world.now)
    assert [words.text for words in page.feedback] == ["我也看到路灯坏了。"]
    assert services.check_stats() == []


def test_a_merged_case_stays_merged_without_its_words_and_the_survivors_page_keeps_the_others(
    world: World,
) -> None:
    survivor, other = published(world), world.submit(text=f"{SECRET}也坏了。")
    world.do(services.merge_case, world.dispatcher, other.case_id, survivor_id=survivor.case_id)
    erase(world, other.case_id)
    page = queries.case_page(world.handler, survivor.case_id, world.now)
    assert [(w.text, w.erased_at) for w in page.feedback] == [
        (f"{SECRET}的路灯坏了。", None), ("", world.now),
    ]  # fmt: skip
    assert queries.public_case(survivor.reference, world.now) is not None
    with pytest.raises(NotAllowed, match="were erased"):
        world.do(services.unmerge_case, world.dispatcher, other.case_id)
    world.do(services.withdraw_case, RESIDENT, survivor.case_id)
    assert status_of(other.case_id) is S.MERGED, "there is nothing left in it to answer"
    rows_are_what_the_events_say([survivor.case_id, other.case_id])
    assert services.check_stats() == []


def test_staff_read_when_it_was_erased_instead_of_the_words(world: World) -> None:
    case_id = ended_replied(world)
    erase(world, case_id)
    page = queries.case_page(world.handler, case_id, world.now)
    assert (page.feedback[0].text, page.feedback[0].place, page.feedback[0].erased_at) == ("", "", world.now)
    (row,) = queries.queue(world.handler, queries.QueueFilter(queries.QueueView.ANSWERED), now=world.now).rows
    assert (row.excerpt, row.erased_at) == ("", world.now)


def test_a_conversion_that_was_waiting_writes_nothing_back(world: World) -> None:
    receipt = published(world)
    erase(world, receipt.case_id)
    deliver_due(world.now)
    assert db.session.scalars(select(Feedback.text_hant)).all() == [""]


def test_only_the_resident_can_have_it_erased(world: World) -> None:
    case_id = ended_replied(world)
    for actor in (world.handler, world.lead, world.dispatcher, SYSTEM):
        for service in (services.erase_words, services.erase_contact):
            with pytest.raises(NotAllowed):
                world.do(service, actor, case_id)


def test_each_file_named_by_a_photo_is_known_until_then(world: World) -> None:
    """Guards the test above against a photo that was never stored."""
    case_id = everything_was_said(world)
    rows = db.session.scalars(select(CasePhoto).order_by(CasePhoto.number)).all()
    keys = {k for row in rows for k in (row.file_key, row.shown_key, row.preview_key) if k}
    assert len(rows) == 2
    assert set(stored.files(keys)) == keys
    assert len(keys) == 4
    assert (
        db.session.scalar(select(func.count()).select_from(CaseText).where(CaseText.case_id == case_id)) == 5
    )


def test_after_a_restore_it_is_erased_again_from_the_log(app: Flask, world: World) -> None:
    gone, whole, reachable = world.submit(), world.submit(), world.submit()
    run = app.test_cli_runner().invoke
    first = run(args=["civic", "erase-again", "words", gone.reference])
    again = run(args=["civic", "erase-again", "words", gone.reference, "TJ-2026-ZZZZZZ"])
    contact = run(args=["civic", "erase-again", "contact", reachable.reference])
    assert (first.exit_code, first.output.strip()) == (0, f"{gone.reference}: erased")
    assert again.exit_code == 1
    assert again.output.splitlines() == [
        f"{gone.reference}: nothing left to erase", "TJ-2026-ZZZZZZ: there is no such case",
    ]  # fmt: skip
    assert (contact.exit_code, contact.output.strip()) == (0, f"{reachable.reference}: erased")
    assert [status_of(r.case_id) for r in (gone, whole, reachable)] == [S.WITHDRAWN, S.ROUTED, S.ROUTED]
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 1
