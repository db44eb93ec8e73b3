"""What isn't public is found under no public address: not in words, counts, suggestions, feeds or file names."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask
from PIL import Image

from civic.cases import services
from civic.cases.models import CasePhoto
from civic.cases.rules import (
    AttachedTo,
    CaseAction,
    DeclineCode,
    PhotoState,
    PrivateBecause,
    RatingLevel,
    Resolution,
)
from civic.cases.services import NewContact, Receipt
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.delivery import deliver_due
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.files import queries as files
from civic.files import services as uploads
from civic.plans import queries as plans
from civic.search.services import rebuild_voices
from civic.supervision.queries.editions import edition_document
from civic.supervision.rules import quarter_of
from civic.supervision.rules.opinions import AnswerClass
from civic.supervision.services import opinions, publish_scoreboard
from civic.web.access import Audience, declared_access
from civic.web.caching import STORE_BYTES
from civic.web.pagestore import PageStore
from tests.integration.cases.worlds import MONDAY, World, make_staff
from tests.integration.desk.office import forms_of
from tests.integration.portal.stranger import KINDS, Stranger

A = CaseAction
SECRET = "木棉暗号"
FORMS = (SECRET, "木棉暗號", "13911112222", "王秘密")
"""The word as it was written, in the other script, and a contact."""
CONTACT = NewContact(name="王秘密", phone="13911112222", address=SECRET)
CODE = "6.3.1"


LISTS = ("portal.search", "portal.voices", "portal.voices_feed", "portal.item", "portal.item_feed")
"""Endpoints that show voices."""


@pytest.fixture
def world(taijiang: Flask) -> World:
    """The real district, with staff of the department that leads one of its clauses."""
    with taijiang.app_context():
        document = plans.document("taijiang-14")
        item = document.item(CODE)
        lead = document.lead(item)
        assert lead
        other = next(row.id for row in departments.departments() if row.id != lead.department_id)
        department_id = lead.department_id
        staff = {
            "handler": make_staff(Role.HANDLER, department_id), "colleague": make_staff(Role.HANDLER, department_id),
            "lead": make_staff(Role.LEAD, department_id), "other": make_staff(Role.HANDLER, other),
            "other_lead": make_staff(Role.LEAD, other), "dispatcher": make_staff(Role.DISPATCHER),
            "auditor": make_staff(Role.AUDITOR), "deputy": make_staff(Role.DEPUTY), "admin": make_staff(Role.ADMIN),
        }  # fmt: skip
        yield World(
            water=department_id, roads=other, item_id=item.id, orphan_item_id=document.item("6.2.1").id,
            now=MONDAY, **staff,
        )  # fmt: skip
        db.session.remove()


def draft(world: World) -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    made = uploads.made_draft(out.getvalue())
    with unit_of_work():
        until = world.now + timedelta(days=1)
        return uploads.store_draft(RESIDENT, made, f"{SECRET}.png", world.now, kept_until=until).key


def secret(world: World, word: str = SECRET, *, wants_publication: bool = True) -> Receipt:
    return world.submit(
        text=f"{word}在河边，路灯坏了。", place=word, contact=CONTACT, wants_publication=wants_publication,
        photos=(draft(world),), street_id=departments.streets()[0].id,
    )  # fmt: skip


def publish(world: World, receipt: Receipt) -> Receipt:
    world.do(services.review_publication, world.dispatcher, receipt.case_id, A.PUBLISH)
    with unit_of_work():
        services.decide_photo(world.dispatcher, receipt.case_id, 1, PhotoState.SHOWN, world.now)
    return receipt


def taken_down(world: World) -> None:
    case_id = publish(world, secret(world)).case_id
    world.answered(case_id)
    world.do(services.unpublish_case, world.dispatcher, case_id, reason=SECRET)


def revoked(world: World) -> None:
    world.do(services.revoke_consent, RESIDENT, publish(world, secret(world)).case_id)


def withdrawn(world: World) -> None:
    world.do(services.withdraw_case, RESIDENT, publish(world, secret(world)).case_id)


def erased(world: World) -> None:
    case_id = publish(world, secret(world)).case_id
    world.answered(case_id)
    world.do(services.erase_words, RESIDENT, case_id)


def declined(world: World) -> None:
    case_id = publish(world, secret(world)).case_id
    code = DeclineCode.NOT_THIS_LEVEL
    world.do(services.decline_case, world.dispatcher, case_id, code, explanation=SECRET)


def kept_private(world: World) -> None:
    case_id, because = secret(world).case_id, PrivateBecause.OTHER
    world.do(services.keep_private, world.dispatcher, case_id, because, explanation=SECRET)


def attach(world: World, case_id: int, attached_to: AttachedTo) -> None:
    """A file of staff that says the word by its name and inside."""
    upload = uploads.made_upload(f"%PDF-1.7 {SECRET}".encode(), f"{SECRET}.pdf")
    with unit_of_work():
        services.attach_file(world.handler, case_id, upload, attached_to, world.now)


def answered_in_private(world: World) -> None:
    case_id = secret(world, wants_publication=False).case_id
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.draft_reply, world.handler, case_id, text=SECRET, resolution=Resolution.EXPLAINED)
    attach(world, case_id, AttachedTo.REPLY)
    world.do(services.send_for_approval, world.handler, case_id)
    world.do(services.approve_reply, world.lead, case_id, publish=True)


def opinion_without_agreement(world: World) -> None:
    """A deputy agrees to publication, the department doesn't: nobody outside reads a word of it."""
    reference = secret(world, wants_publication=False).reference
    key = departments.department(world.water).key
    new = opinions.NewOpinion(SECRET, f"{SECRET}，请说明原因。", key, CODE, (reference,))
    with unit_of_work():
        one = opinions.write_opinion(world.deputy, new, world.now)
        opinions.send_opinion(world.deputy, one, 1, world.now)
        words = f"{SECRET}，正在办理之中。"
        opinions.draft_answer(world.handler, one, 2, AnswerClass.SOLVED, words, world.now, send=True)
        opinions.approve_answer(world.lead, one, 3, world.now, agrees=False)
        opinions.rate_answer(world.deputy, one, 4, RatingLevel.SATISFIED, SECRET, world.now, agrees=True)


HIDDEN: dict[str, Callable[[World], object]] = {
    "private": lambda world: secret(world, wants_publication=False),
    "waiting for review": secret,
    "kept private": kept_private,
    "declined": declined,
    "taken down": taken_down,
    "consent revoked": revoked,
    "withdrawn": withdrawn,
    "erased": erased,
    "answered in private": answered_in_private,
    "opinion without agreement": opinion_without_agreement,
}
"""Cases that nobody outside may read, with how each came about."""


def a_public_case_with_secrets_inside(world: World) -> Receipt:
    """Everyone reads the words, with one word covered; everything else that was said on the case is between us."""
    receipt = world.submit(
        text=f"{SECRET}旁边的路灯坏了。",
        place=SECRET,
        contact=CONTACT,
        photos=(draft(world), draft(world), draft(world)),
    )
    case_id = receipt.case_id
    masked = "＊＊＊＊旁边的路灯坏了。"
    world.do(services.review_publication, world.dispatcher, case_id, A.PUBLISH_MASKED, masked_text=masked)
    with unit_of_work():
        services.decide_photo(
            world.dispatcher, case_id, 1, PhotoState.SHOWN, world.now, squares=frozenset({1})
        )
        services.decide_photo(world.dispatcher, case_id, 2, PhotoState.HELD, world.now)
        services.add_note(world.handler, case_id, SECRET, world.now)
    world.do(services.return_case, world.handler, case_id, reason=SECRET)
    world.do(services.designate_case, world.dispatcher, case_id, world.water, reason=SECRET)
    world.do(services.accept_case, world.handler, case_id)
    world.do(services.ask_resident, world.handler, case_id, question=SECRET)
    world.do(services.add_information, RESIDENT, case_id, text=SECRET)
    world.answered(case_id)
    attach(world, case_id, AttachedTo.NOTE)
    world.do(services.rate_reply, RESIDENT, case_id, RatingLevel.DISSATISFIED, reason=SECRET)
    merged = secret(world)
    world.do(services.merge_case, world.dispatcher, merged.case_id, survivor_id=case_id, reason=SECRET)
    world.answered(case_id)
    return receipt


def stranger(app: Flask, world: World, *more_words: str) -> Stranger:
    """Everything that is known of, tried everywhere; ``more_words`` are searched for too."""
    keys = [row.key for row in db.session.scalars(db.select(CasePhoto)) for row in _files(row)]
    department, street = departments.department(world.water), departments.streets()[0]
    words = [SECRET, "木棉", "暗號", *(receipt.reference for receipt in world.sent[:2]), *more_words]
    narrowed = [
        {"department": department.key}, {"street": street.code}, {"item": CODE},
        *({"kind": kind} for kind in KINDS), {"answered": "1"}, {"answered": "0"},
    ]  # fmt: skip
    asked = [{"q": word} for word in words]
    return Stranger(
        app,
        {
            "plan": ["taijiang-14"],
            "code": [CODE, "6.3", "6", "T2-01", "B1-001"],
            "area": [area.key for area in departments.areas()],
            "key": [department.key, "edu"],
            "files.file:key": keys,
            "name": [f"{SECRET}.png", "photo-1.jpg"],
            "reference": [receipt.reference for receipt in world.sent],
            "number": [1, 2, 3],
            "year": [MONDAY.year],
            "quarter": ["2026-Q3"],
            "serial": [1, 2],
            "attachment_id": [1, 2, 3],
            "size": ["small", "full"],
            "what": ["words", "contact"],
            "token": ["forged"],
        },
        {
            "portal.search": asked,
            "portal.voices": [*asked, *narrowed],
            "portal.voices_feed": [*asked, *narrowed],
            "intake.new_feedback": [{"paragraph": "p1"}],
        },
    )


def _files(photo: CasePhoto) -> list[files.FileRow]:
    keys = [key for key in (photo.file_key, photo.shown_key, photo.preview_key) if key]
    return list(files.files(keys).values())


def leaks(visitor: Stranger, *, typed: str = SECRET, only: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(address, word) wherever a secret shows. What somebody typed into a search may be said back to them."""
    found = []
    for _endpoint, address, answer in visitor.opened(only):
        shown = answer.get_data()
        # Without the marks of a search, which would cut the word in two.
        said = (
            re.sub(r"</?mark>", "", shown.decode(errors="ignore"))
            if answer.mimetype.split("/")[0] != "image"
            else ""
        )
        said += unquote(str(answer.headers))
        asked = unquote(address)
        for word in FORMS:
            if word in said.replace(typed, "") if typed in asked else word in said:
                found.append((address, word))
    return found


def test_a_word_said_in_private_is_found_under_no_public_address(taijiang: Flask, world: World) -> None:
    for hide in HIDDEN.values():
        hide(world)
    a_public_case_with_secrets_inside(world)
    deliver_due(world.now)
    assert leaks(stranger(taijiang, world)) == []
    with unit_of_work():
        rebuild_voices()
    assert leaks(stranger(taijiang, world), only=LISTS) == []


def test_the_stranger_would_find_what_is_public(taijiang: Flask, world: World) -> None:
    """Otherwise the test above would prove nothing."""
    publish(world, secret(world))
    shown = leaks(stranger(taijiang, world), only=(*LISTS, "portal.case", "portal.home", "portal.department"))
    found = {address for address, word in shown if word == SECRET}
    assert len(found) > 10
    for part in ("/voices", "/voices/feed.atom", "/cases/", f"/plans/taijiang-14/{CODE}", "/search?q="):
        assert any(part in address for address in found), part


def test_no_search_counts_or_lists_a_hidden_case(taijiang: Flask, world: World) -> None:
    """Not even that there is one: pages that show voices are the same with and without it."""
    address_of = [(e, a) for e, a in stranger(taijiang, world).addresses() if e in LISTS]

    def bodies() -> dict[str, bytes]:
        # Made anew each time: a page that was kept would prove nothing.
        taijiang.extensions["civic.pages"] = PageStore(STORE_BYTES)
        return {address: taijiang.test_client().get(address).get_data() for _, address in address_of}

    before = bodies()
    for how, hide in HIDDEN.items():
        hide(world)
        deliver_due(world.now)
        after = bodies()
        assert [address for address in before if before[address] != after[address]] == [], how


QUARTERS = (datetime(2026, 10, 8, 2, 0, tzinfo=UTC), datetime(2027, 1, 4, 2, 0, tzinfo=UTC))
"""The first working days after the third and the fourth quarter."""


def _pages_with_figures(app: Flask, world: World) -> list[str]:
    """Every public page and file that isn't about one case: those of an item, area and department for one of each."""
    department, street = departments.department(world.water), departments.streets()[0]
    parts: dict[str, list[object]] = {
        "plan": ["taijiang-14"], "code": [CODE], "area": [departments.areas()[0].key], "key": [department.key],
        **{part: [] for part in ("reference", "number", "year", "serial", "attachment_id", "size", "name")},
        "quarter": ["2026-Q3"],
        **{part: [] for part in ("what", "token", "files.file:key")},
    }  # fmt: skip
    asked = [{"department": department.key}, {"street": street.code}, {"item": CODE}, {"q": "路灯"}]
    visitor = Stranger(app, parts, {"portal.search": asked[3:], "portal.voices": asked})
    return [address for e, address in visitor.addresses() if Audience.PUBLIC in declared_access(app, e)]


def in_private(world: World) -> int:
    """A private case of the first street."""
    street = departments.streets()[0]
    return world.submit(text="路灯坏了。", wants_publication=False, street_id=street.id).case_id


def test_no_public_figure_moves_with_a_private_case(taijiang: Flask, world: World) -> None:
    """An attacker has read everything before and after each step of one private life, and both editions."""
    for number in range(5):
        one = world.submit(text=f"第{number}盏路灯坏了。", street_id=departments.streets()[0].id)
        world.do(services.review_publication, world.dispatcher, one.case_id, A.PUBLISH)
    world.answered(one.case_id)
    world.now = QUARTERS[0]
    with unit_of_work():
        publish_scoreboard(world.now)
    deliver_due(world.now)
    addresses = _pages_with_figures(taijiang, world)
    client = taijiang.test_client()

    def read() -> dict[str, bytes]:
        taijiang.extensions["civic.pages"] = PageStore(STORE_BYTES)
        return {address: client.get(address).get_data() for address in addresses}

    with time_machine.travel(world.now, tick=False):
        before, mark = read(), client.get("/").headers["ETag"]
        assert b"2026-07-01" in before["/scoreboard.csv"]
        case_id = in_private(world)
        world.do(services.accept_case, world.handler, case_id)
        assert client.get("/").headers["ETag"] == mark, "not even that something came"
        world.answered(case_id)
        world.do(services.rate_reply, RESIDENT, case_id, RatingLevel.DISSATISFIED, reason="没有解决。")
        assert client.get("/").headers["ETag"] == mark, "nor that it was answered and reopened"
        world.answered(case_id)
        world.do(services.rate_reply, RESIDENT, case_id, RatingLevel.SATISFIED)
        deliver_due(world.now)
        after = read()
        assert [address for address in addresses if before[address] != after[address]] == []
        assert client.get("/").headers["ETag"] == mark
    quarter = quarter_of(world.now.date())
    in_private(world)
    few = edition_document(quarter)
    in_private(world)
    assert edition_document(quarter) == few, "two and three look alike"
    for _ in range(2):
        in_private(world)
    five = edition_document(quarter)
    assert five["streets"]["rows"][-1]["counts"][-1] == 5
    assert five["departments"][0]["figures"]["received"] == 5


def test_nobody_is_offered_a_hidden_case_as_similar(taijiang: Flask, world: World) -> None:
    for hide in HIDDEN.values():
        hide(world)
    hidden = {receipt.reference for receipt in world.sent}
    public = publish(world, secret(world)).reference
    client = taijiang.test_client()
    form = next(one for one in forms_of(client.get("/feedback/new")) if one.action.endswith("/feedback/new"))
    typed = {"kind": "report", "text": f"{SECRET}在河边，路灯坏了。"}
    answer = client.post("/feedback/new", data={**form.fields, **typed})
    shown = answer.get_data(as_text=True)
    assert public in shown, "the look before sending"
    assert {reference for reference in hidden if reference in shown} == set()
