"""Traditional characters: written by the worker after publication, for what can be read and nothing else."""

from __future__ import annotations

from sqlalchemy import select

from civic.cases import queries, services
from civic.cases.models import Case, CaseText, Feedback, Reply
from civic.cases.queries import PublicCase, VoiceFilter
from civic.cases.rules import CaseAction, Resolution
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.web.caching import ContentVersion
from tests.integration.cases.worlds import World

A = CaseAction
WORDS = "请在河边步道增设路灯，晚上太暗。"
WORDS_HANT = "請在河邊步道增設路燈，晚上太暗。"
REPLY_HANT = "已安排十二盞路燈，九月底前安裝完畢。"


def public(world: World, reference: str) -> PublicCase:
    found = queries.public_case(reference, world.now)
    assert found is not None
    return found


def version() -> int:
    return db.session.scalar(select(ContentVersion.version)) or 0


def test_published_words_and_replies_get_their_traditional_form(world: World) -> None:
    receipt = world.submit()
    world.do(services.review_publication, world.dispatcher, receipt.case_id, A.PUBLISH)
    world.answered(receipt.case_id)
    (row,) = queries.voices(VoiceFilter()).rows
    assert (row.text, row.text_hant, row.reply_text_hant) == (WORDS, "", "")
    before = version()
    deliver_due(world.now)
    (row,) = queries.voices(VoiceFilter()).rows
    assert (row.text, row.text_hant) == (WORDS, WORDS_HANT)
    assert row.reply_text_hant == REPLY_HANT
    case = public(world, receipt.reference)
    assert (case.text_hant, case.replies[0].text_hant) == (WORDS_HANT, REPLY_HANT)
    assert version() > before


def test_a_mask_stands_in_traditional_too_and_what_it_covers_is_not_converted(world: World) -> None:
    receipt = world.submit(text="张三家门口的路灯坏了。")
    world.do(
        services.review_publication,
        world.dispatcher,
        receipt.case_id,
        A.PUBLISH_MASKED,
        masked_text="＊＊家门口的路灯坏了。",
    )
    deliver_due(world.now)
    assert public(world, receipt.reference).text_hant == "＊＊家門口的路燈壞了。"
    assert db.session.scalars(select(Feedback.text_hant)).all() == [""]
    world.do(services.remask_case, world.dispatcher, receipt.case_id, masked_text="＊＊家＊口的路灯坏了。")
    # Between the new mask and its conversion nobody reads the old mask in the other script.
    assert public(world, receipt.reference).text_hant == ""
    deliver_due(world.now)
    assert public(world, receipt.reference).text_hant == "＊＊家＊口的路燈壞了。"


def test_a_private_word_is_not_converted_but_its_reply_is_read_by_the_resident(world: World) -> None:
    receipt = world.submit(wants_publication=False)
    world.answered(receipt.case_id)
    deliver_due(world.now)
    assert db.session.scalars(select(Feedback.text_hant)).all() == [""]
    page = queries.tracked_case(receipt.case_id, world.now)
    assert page.replies[0].text_hant == REPLY_HANT


def test_a_correction_is_converted_and_a_hidden_version_is_shown_in_neither_script(world: World) -> None:
    receipt = world.submit()
    world.do(services.review_publication, world.dispatcher, receipt.case_id, A.PUBLISH)
    world.answered(receipt.case_id)
    deliver_due(world.now)
    world.do(
        services.correct_reply,
        world.lead,
        receipt.case_id,
        text="更正：十月装好。",
        resolution=Resolution.ADOPTED,
        reason="工期有变。",
    )
    deliver_due(world.now)
    old, new = public(world, receipt.reference).replies
    assert (old.text_hant, new.text_hant) == (REPLY_HANT, "更正：十月裝好。")
    world.do(services.conceal_reply, world.lead, receipt.case_id, reply_id=old.reply_id)
    old, _ = public(world, receipt.reference).replies
    assert (old.text, old.text_hant) == ("", "")


def test_a_draft_is_not_converted_and_delivering_twice_changes_nothing(world: World) -> None:
    receipt = world.submit()
    world.do(services.accept_case, world.handler, receipt.case_id)
    world.do(services.draft_reply, world.handler, receipt.case_id, text="正在设计。")
    deliver_due(world.now)
    assert db.session.scalars(select(Reply.text_hant)).all() == [""]
    assert db.session.scalars(select(CaseText.text_hant)).all() == []
    world.do(services.review_publication, world.dispatcher, receipt.case_id, A.PUBLISH)
    deliver_due(world.now)
    before = version()
    world.pass_time(hours=1)
    assert deliver_due(world.now) == 0
    assert version() == before
    assert db.session.scalars(select(Case.visible)).all() == [True]
