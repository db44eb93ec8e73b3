"""Photos on the form: none is lost by a slip or a limit, none keeps what the camera wrote, none is anybody else's."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic.cases import services
from civic.cases.models import Case, CasePhoto
from civic.cases.rules import CaseAction
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.windows import HOUR, Limit
from civic.files import storage
from civic.files.services import erase_lapsed
from civic.web.senders import Allowance
from tests.factories import make_account, sign_in
from tests.factories.pictures import is_silent, opened, picture
from tests.integration.intake.conftest import ITEM, WORDS, Resident
from tests.integration.intake.photos import GLIMPSE, again, photos, rows, says, send, stored, tokens, upload


def test_photos_stay_through_a_slip_and_are_shown_small_in_the_page_itself(resident: Resident) -> None:
    page = send(resident, upload(picture()), upload(picture("PNG"), "b.png"), text="短")
    assert page.status_code == 422
    assert len(tokens(page)) == 2
    glimpses = [b64decode(one) for one in GLIMPSE.findall(page.get_data(as_text=True))]
    assert len(glimpses) == 2
    for one in glimpses:
        assert max(opened(one).size) == 240
        assert len(one) < 15_000
        assert is_silent(one)
    assert all(
        key not in page.get_data(as_text=True).replace(token, "")
        for token in tokens(page)
        for key in stored()
    )
    assert again(resident, page).location == "/feedback/receipt"
    assert [photo.number for photo in photos()] == [1, 2]
    assert all(row.kept_until is None for row in rows())


def test_photos_stay_through_the_look_before_sending(resident: Resident) -> None:
    world = resident.world
    earlier = world.submit(text=WORDS)
    world.do(services.review_publication, world.dispatcher, earlier.case_id, CaseAction.PUBLISH)
    page = send(resident, upload(picture()), looked="")
    assert page.status_code == 200
    assert says(page, earlier.reference)
    assert again(resident, page).location == "/feedback/receipt"
    assert len(photos()) == 1


def test_photos_stay_on_a_page_without_cookie_and_one_left_open(resident: Resident) -> None:
    form = resident.form(resident.open(ITEM), ITEM)
    resident.client.delete_cookie("civic")
    resident.wait(seconds=30)
    data = {**form.fields, "kind": "suggestion", "text": WORDS, "looked": "1", "photos": [upload(picture())]}
    page = resident.client.post(ITEM, data=data)
    assert page.status_code == 422
    resident.wait(hours=13)
    page = again(resident, page)
    assert page.status_code == 422, "the token of the page is too old"
    assert again(resident, page).location == "/feedback/receipt"
    assert len(photos()) == 1


@pytest.mark.usefixtures("limits")
def test_very_many_photos_are_slowed_down_and_the_others_stay(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = Allowance(address=(Limit(400, HOUR),), browser=(Limit(4, HOUR),))
    monkeypatch.setattr("civic.intake.photos.UPLOADS", allowed)
    broken = upload(b"\xff\xd8\xff broken", "broken.jpg")
    page = send(resident, broken, *(upload(picture(size=(80, 60))) for _ in range(4)))
    assert page.status_code == 422
    assert says(page, "IMG_20260907_101112.jpg")
    assert len(tokens(page)) == 3, "what can't be read costs, too"
    assert again(resident, page, altcha=resident.proof()).location == "/feedback/receipt"


def test_one_can_be_left_out(resident: Resident) -> None:
    page = send(resident, upload(picture(size=(40, 30))), upload(picture(size=(50, 30))), kind="")
    first, second = tokens(page)
    assert again(resident, page, drop_photo=first).status_code == 302
    assert [opened(storage.read(photo.file_key or "")).width for photo in photos()] == [50]
    assert second != first


def test_a_fifth_is_refused_in_words_and_four_stay(resident: Resident) -> None:
    page = send(resident, *(upload(picture(size=(40, 30))) for _ in range(5)))
    assert page.status_code == 422
    assert says(page, "最多 4 张照片")
    assert len(tokens(page)) == 4
    more = again(resident, page, upload(picture()))
    assert more.status_code == 422
    assert again(resident, more, drop_photo=tokens(more)[0]).status_code == 302
    assert len(photos()) == 3


def test_a_form_of_sixty_megabytes_keeps_its_words_and_what_fits(resident: Resident) -> None:
    large = picture(size=(80, 60)) + bytes(15 * 2**20)
    page = send(resident, *(upload(large, f"{n}.jpg") for n in range(3)), upload(picture(size=(80, 60))))
    assert page.status_code == 422
    assert says(page, WORDS)
    assert len(tokens(page)) == 1


def test_a_form_beyond_all_measure_is_refused_in_words(resident: Resident) -> None:
    page = send(resident, upload(bytes(101 * 2**20)))
    assert page.status_code == 413
    assert stored() == []


def test_two_clicks_make_one_case_with_its_photos(resident: Resident) -> None:
    page = send(resident, upload(picture()), kind="")
    form = resident.form(page, ITEM)
    resident.wait(seconds=10)
    data = {**form.fields, "kind": "suggestion", "text": WORDS, "kept_photo": tokens(page)}
    first, second = (resident.client.post(ITEM, data=data) for _ in range(2))
    assert first.location == second.location == "/feedback/receipt"
    assert len(photos()) == 1


def test_a_draft_goes_into_one_message_only(resident: Resident) -> None:
    page = send(resident, upload(picture()), kind="")
    assert again(resident, page).status_code == 302
    assert send(resident, kept_photo=tokens(page), text="公园的长椅也坏了，请修一修。").status_code == 302
    assert len(photos()) == 1


@pytest.mark.parametrize("name", ["forged", "", "x.y.z", '"../../keys.json"'])
def test_a_forged_name_brings_nothing(resident: Resident, name: str) -> None:
    assert send(resident, kept_photo=name).status_code == 302
    assert photos() == []


def test_a_photo_that_was_sent_or_belongs_to_an_office_is_no_draft(app: Flask, resident: Resident) -> None:
    from civic.files.services import store_file
    from civic.intake.photos import _signer

    editor = make_account("editor")
    with unit_of_work():
        row = store_file(editor, picture(), "a.jpg", resident.world.now)
    with app.test_request_context():
        token = str(_signer().dumps(row.key))
    assert send(resident, kept_photo=token).status_code == 302
    assert photos() == []


def test_what_is_never_sent_is_erased_after_a_day_and_said_when_it_is_missed(resident: Resident) -> None:
    page = send(resident, upload(picture()), kind="")
    resident.wait(hours=23)
    with unit_of_work():
        assert erase_lapsed(resident.world.now) == 0
    resident.wait(hours=2)
    late = again(resident, page)
    assert says(late, "超过一天"), "also before the job has come by"
    with unit_of_work():
        assert erase_lapsed(resident.world.now) == 1
    assert (stored(), rows()) == ([], [])
    page = again(resident, page)
    assert page.status_code == 422
    assert says(page, "超过一天")
    assert tokens(page) == []
    assert again(resident, page).location == "/feedback/receipt"


def test_a_transaction_that_fails_leaves_no_photo(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_values: object) -> None:
        raise RuntimeError("no more room")

    monkeypatch.setattr("civic.files.services.file", broken)
    with pytest.raises(RuntimeError):
        send(resident, upload(picture()))
    assert (stored(), rows()) == ([], [])


def test_the_writer_sees_the_own_photos_and_nobody_elses(app: Flask, resident: Resident) -> None:
    send(resident, upload(picture()), wants_publication="y")
    page = resident.open("/track/case")
    assert says(page, "/track/case/photos/1/small")
    small = resident.open("/track/case/photos/1/small")
    assert max(opened(small.data).size) == 480
    assert len(small.data) < 40_000
    full = resident.open("/track/case/photos/1/full")
    assert opened(full.data).size == (800, 600)
    for answer in (small, full):
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert is_silent(answer.data)
    assert resident.client.get("/track/case/photos/2/full").status_code == 404
    assert app.test_client().get("/track/case/photos/1/full").status_code == 404
    resident.write(looked="1", text="公园的长椅也坏了，请修一修。")
    assert resident.client.get("/track/case/photos/1/full").status_code == 404, (
        "this browser has another case now"
    )


@pytest.mark.parametrize(("public", "words"), [("y", "工作人员查看"), ("", "部门")])
def test_the_writer_reads_what_happens_to_a_photo(resident: Resident, public: str, words: str) -> None:
    send(resident, upload(picture()), **({"wants_publication": public} if public else {}))
    said = resident.open("/track/case").get_data(as_text=True).split("/photos/1/small")[1]
    assert words in said.split("</li>")[0]


def test_nobody_sees_the_photos_of_a_message_that_was_merged_into_the_own_one(resident: Resident) -> None:
    world = resident.world
    other = world.submit()
    send(resident, upload(picture()))
    case_id = db.session.scalars(select(CasePhoto.feedback_id)).one()
    db.session.rollback()
    world.do(services.merge_case, world.dispatcher, case_id, other.case_id)
    assert says(resident.open("/track/case"), "/track/case/photos/1/small")
    resident.track(other.reference, other.query_code)
    assert not says(resident.open("/track/case"), "/track/case/photos")
    assert resident.client.get("/track/case/photos/1/full").status_code == 404


def test_staff_enter_photos_for_a_caller(app: Flask, resident: Resident) -> None:
    clerk = sign_in(app.test_client(), make_account(Role.HANDLER, department_id=resident.world.water))
    address = "/desk/intake/new"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', clerk.get(address).get_data(as_text=True))
    ticket = re.search(r'name="ticket"[^>]*value="([^"]+)"', clerk.get(address).get_data(as_text=True))
    assert token
    assert ticket
    data: dict[str, Any] = {
        "csrf_token": token[1], "ticket": ticket[1], "channel": "counter", "text": WORDS, "looked": "1",
    }  # fmt: skip
    page = clerk.post(address, data={**data, "photos": [upload(picture("HEIF", (80, 60)), "a.heic")]})
    assert page.status_code == 422, "the kind was forgotten"
    answer = clerk.post(address, data={**data, "kind": "report", "kept_photo": tokens(page)})
    assert answer.status_code == 302
    assert len(photos()) == 1


def test_originals_are_erased_with_the_contacts(app: Flask, resident: Resident) -> None:
    from civic.cases.services.retention import erase_unseen_photos

    world = resident.world
    send(resident, upload(picture()))
    case_id = db.session.scalars(select(Case.id)).one()
    db.session.rollback()
    with unit_of_work():
        assert erase_unseen_photos(world.now + timedelta(days=999)) == 0, "the case is open"
    world.do(services.withdraw_case, RESIDENT, case_id)
    with unit_of_work():
        assert erase_unseen_photos(world.now + timedelta(days=179)) == 0, "not a day early"
        assert erase_unseen_photos(world.now + timedelta(days=181)) == 1
        assert erase_unseen_photos(world.now + timedelta(days=181)) == 0
    assert (stored(), rows()) == ([], [])
    assert photos()[0].file_key is None
    page = resident.open("/track/case")
    assert says(page, "已删除")
    assert not says(page, "/track/case/photos/1")
    assert resident.client.get("/track/case/photos/1/small").status_code == 404
    checked = app.test_cli_runner().invoke(args=["civic", "check-files"])
    assert "0 files, 0 missing" in checked.output
