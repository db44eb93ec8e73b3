"""What is kept of the own message: seen, taken away, erased, by whoever has number and code and by nobody else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from civic.cases import services
from civic.cases.models import Case, Contact, Feedback
from civic.cases.rules import CaseAction, CaseStatus, DeclineCode
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.extensions import db
from tests.integration.intake.conftest import ITEM, WORDS, Resident
from tests.integration.intake.test_following import send, status

DATA = "/track/case/data"
PERSON = {"name": "林女士", "phone": "13800000000", "email": "lin@example.org"}


@pytest.fixture
def sent(resident: Resident) -> tuple[str, str, int]:
    """Number, code and id of a message with a contact, that may be published."""
    return send(resident, wants_publication="y", place="三号桥头", speaks_as="resident", **PERSON)


def ask(resident: Resident, shape: str) -> Any:
    form = resident.form(resident.open(DATA), DATA)
    return resident.client.post(DATA, data={**form.fields, "shape": shape})


def erase(resident: Resident, what: str) -> Any:
    address = f"/track/case/erase/{what}"
    form = resident.form(resident.open(address), address)
    return resident.client.post(address, data=form.fields)


def package(resident: Resident) -> zipfile.ZipFile:
    answer = ask(resident, "file")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def acts(case_id: int) -> list[str]:
    db.session.rollback()
    query = select(AuditEntry.action).where(
        AuditEntry.subject_id == str(case_id), AuditEntry.subject_type == "case"
    )
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_without_number_and_code_nobody_sees_or_erases_anything(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    stranger = resident.client.application.test_client()
    for address in (DATA, "/track/case/erase/words", "/track/case/erase/contact"):
        assert stranger.get(address).location == "/track"
        assert stranger.post(address, data={"shape": "page", "version": "1"}).location == "/track"
    assert acts(sent[2]) == []
    assert db.session.scalars(select(Contact)).one()


def test_looking_at_the_page_decrypts_nothing_and_leaves_no_trace(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    page = resident.open(DATA).get_data(as_text=True)
    assert acts(sent[2]) == []
    for secret in PERSON.values():
        assert secret not in page


def test_everything_is_shown_on_a_page_and_that_is_recorded(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    answer = ask(resident, "page")
    page = answer.get_data(as_text=True)
    for said in (*PERSON.values(), WORDS, "三号桥头"):
        assert said in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert acts(sent[2]) == ["case.own_data_shown"]


def test_the_file_holds_a_page_the_data_and_the_photos(resident: Resident) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    page = resident.open(ITEM)
    form = resident.form(page, ITEM)
    resident.wait(seconds=60)
    resident.client.post(
        ITEM,
        data={
            **form.fields, **PERSON, "kind": "report", "text": WORDS,
            "photos": (io.BytesIO(out.getvalue()), "桥.jpg"),
        },
    )  # fmt: skip
    found = package(resident)
    assert sorted(found.namelist()) == ["data.json", "index.html", "photos/1.jpg", "style.css"]
    with Image.open(io.BytesIO(found.read("photos/1.jpg"))) as image:
        assert image.size == (60, 40)
    html = found.read("index.html").decode()
    assert re.search(r'<img src="photos/1.jpg"', html)
    assert not re.findall(r'(?:src|href)="(?:/|http)', html)
    held = json.loads(found.read("data.json"))
    assert held["format"] == "civic-own-data/1"
    assert held["contact"] == {**PERSON, "address": ""}
    assert held["text"] == WORDS
    assert held["photos"] == [{"number": 1, "file": "photos/1.jpg", "state": "waiting", "covered": False}]


def test_the_data_tell_the_whole_story(resident: Resident, sent: tuple[str, str, int]) -> None:
    world, (reference, _code, case_id) = resident.world, sent
    world.do(
        services.review_publication,
        world.dispatcher,
        case_id,
        CaseAction.PUBLISH_MASKED,
        masked_text="＊" + WORDS[1:],
    )
    with unit_of_work():
        services.reveal_contact(world.dispatcher, case_id, world.now)
        services.reveal_contact(world.handler, case_id, world.now)
    world.answered(case_id)
    resident.step("rate", level="dissatisfied", solved="not", reason="只装了六盏。")
    held = json.loads(package(resident).read("data.json"))
    assert held["reference"] == reference
    assert held["about"] == {"plan": "test-plan", "code": "6.3.1"}
    assert held["place"] == "三号桥头"
    assert held["public_text"] == "＊" + WORDS[1:]
    assert [one["to"] for one in held["consents"]] == ["publication"]
    assert held["replies"][0]["text"] == "已安排十二盏路灯，九月底前安装完毕。"
    assert held["ratings"] == [
        {
            "round": 1,
            "at": held["ratings"][0]["at"],
            "level": "dissatisfied",
            "solved": "not",
            "reason": "只装了六盏。",
        }
    ]
    assert {entry["action"] for entry in held["timeline"]} >= {"submit", "route", "publish_reply", "reopen"}
    assert [look["capacity"] for look in held["contact_looked_at"]] == ["dispatcher", "handler", "resident"]
    department = held["contact_looked_at"][1]["department"]
    assert department
    assert "经办" not in json.dumps(held, ensure_ascii=False), "no names of staff"
    assert held["kept"] == {"contact_until": None, "contact_days_after_the_end": 180}


def test_what_is_said_about_erasing_is_what_the_job_does(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world = resident.world
    resident.step("withdraw")
    held = json.loads(package(resident).read("data.json"))
    ended = world.now
    assert held["kept"]["contact_until"] == (ended + timedelta(days=180)).isoformat()
    from civic.cases.services.retention import erase_contacts

    for moment, left in ((ended + timedelta(days=180), 1), (ended + timedelta(days=180, seconds=1), 0)):
        with unit_of_work():
            erase_contacts(moment)
        assert len(db.session.scalars(select(Contact.id)).all()) == left


def test_erasing_the_contact_is_confirmed_first_and_the_message_goes_on(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    assert erase(resident, "contact").location == DATA
    page = resident.open(DATA).get_data(as_text=True)
    assert "/track/case/erase/contact" not in page
    assert db.session.scalars(select(Contact)).all() == []
    assert status(sent[2]) == CaseStatus.ROUTED.value
    assert acts(sent[2]) == ["case.contact_erased"]
    assert resident.client.get("/track/case/erase/contact").location == DATA
    ask(resident, "page")


def test_erasing_the_words_names_what_it_brings_and_does_it_at_once(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    world, (reference, code, case_id) = resident.world, sent
    world.do(services.review_publication, world.dispatcher, case_id, CaseAction.PUBLISH)
    outside = resident.client.application.test_client()
    assert WORDS in outside.get(f"/cases/{reference}").get_data(as_text=True)
    page = resident.open("/track/case/erase/words").get_data(as_text=True)
    assert "不再办理" in page
    assert status(case_id) == CaseStatus.ROUTED.value, "looking changes nothing"
    assert erase(resident, "words").location == "/track/case"
    assert status(case_id) == CaseStatus.WITHDRAWN.value
    assert outside.get(f"/cases/{reference}").status_code == 410
    assert WORDS not in outside.get("/voices").get_data(as_text=True)
    assert WORDS not in resident.open("/track/case").get_data(as_text=True)
    assert db.session.scalars(select(Feedback.text)).all() == [""]
    db.session.rollback()
    assert resident.track(reference, code).location == "/track/case", "the code still shows that it was done"
    held = json.loads(package(resident).read("data.json"))
    assert held["erased_at"]
    assert (held["text"], held["place"], held["contact"]["phone"]) == ("", "", "")


def test_each_state_has_its_own_consequences(resident: Resident) -> None:
    world = resident.world
    for prepare, sentence in (
        (lambda case_id: world.answered(case_id), "不能再评价"),
        (
            lambda case_id: world.do(
                services.decline_case, world.dispatcher, case_id, DeclineCode.NO_SUBSTANCE
            ),
            "不能再申请复核",
        ),
    ):
        _reference, _code, case_id = send(resident, text=f"{WORDS}（{sentence}）")
        prepare(case_id)
        assert sentence in resident.open("/track/case/erase/words").get_data(as_text=True)


def test_a_case_that_moved_on_meanwhile_is_asked_about_again(
    resident: Resident, sent: tuple[str, str, int]
) -> None:
    address = "/track/case/erase/words"
    form = resident.form(resident.open(address), address)
    resident.world.do(services.accept_case, resident.world.handler, sent[2])
    answer = resident.client.post(address, data=form.fields)
    assert answer.status_code == 409
    assert status(sent[2]) == CaseStatus.IN_PROGRESS.value
    again = resident.form(answer, address)
    assert resident.client.post(address, data=again.fields).location == "/track/case"
    assert resident.client.post(address, data=again.fields).location == DATA, "a second click does no harm"


def test_an_unknown_shape_is_refused(resident: Resident, sent: tuple[str, str, int]) -> None:
    assert ask(resident, "tape").status_code == 400
    assert acts(sent[2]) == []


@pytest.mark.usefixtures("limits")
def test_asking_again_and_again_is_slowed_down(resident: Resident, sent: tuple[str, str, int]) -> None:
    for _ in range(10):
        assert ask(resident, "page").status_code == 200
    answer = ask(resident, "file")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert acts(sent[2]).count("case.own_data_shown") == 10


def test_erasing_never_strikes_another_message_opened_in_the_same_browser(resident: Resident) -> None:
    """Two tabs: the first one asks to confirm, while the second message is looked at."""
    first = send(resident)
    form = resident.form(resident.open("/track/case/erase/words"), "/erase/words")
    second = send(resident, text="东街口的人行道坏了，请修一修。")
    answer = resident.client.post("/track/case/erase/words", data=form.fields)
    assert answer.location == DATA
    assert "又打开了另一件诉求" in resident.open(DATA).get_data(as_text=True)
    for _reference, _code, case_id in (first, second):
        feedback_id = db.session.get_one(Case, case_id).feedback_id
        assert db.session.get_one(Feedback, feedback_id).text
        db.session.rollback()
