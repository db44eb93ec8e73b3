"""Photos at the desk: each is decided on by itself, shown with parts covered, taken down covered anew any time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from civic.cases import queries, services
from civic.cases.rules import CaseAction, PhotoState, PrivateBecause
from civic.core.audit import AuditEntry
from civic.core.db import unit_of_work
from civic.core.errors import NotAllowed
from civic.core.extensions import db
from tests.factories.pictures import is_black, is_blue, is_red, is_silent, opened
from tests.integration.desk.office import Office, forms_of
from tests.integration.desk.photos import (
    LAST,
    SIZE,
    TOP,
    corners,
    decide,
    do,
    ids,
    kept_files,
    merged,
    message,
    page_of,
    public,
    revoked,
    shown_on,
    unpublished,
    withdrawn,
)


def test_words_are_published_while_photos_wait(office: Office) -> None:
    reference = message(office)
    assert shown_on(office, reference) == 0
    assert public(office, reference).status_code == 404
    assert public(office, reference, "small").status_code == 404


def test_a_photo_is_shown_by_itself(office: Office) -> None:
    reference = message(office, 2)
    keys = office.get("dispatcher", page_of(office, reference)).get_data(as_text=True)
    assert 'value="shown" data-key="p" data-careful' in keys
    answer = decide(office, reference, "shown")
    assert (answer.status_code, answer.location) == (302, f"/desk/cases/{reference}")
    assert shown_on(office, reference) == 1
    full, small = public(office, reference), public(office, reference, "small")
    assert opened(full.data).size == SIZE
    assert max(opened(small.data).size) == 480
    assert len(small.data) < 40_000, "four of them are less than one photo"
    for one in (full, small):
        assert is_silent(one.data)
        assert one.headers["Cache-Control"] == "public, no-cache"
        assert "sandbox" in one.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in one.headers
        assert "photo-1.jpg" in one.headers["Content-Disposition"]
    assert public(office, reference, number=2).status_code == 404


def test_news_elsewhere_dont_make_a_reader_fetch_a_photo_again(office: Office) -> None:
    reference = message(office)
    decide(office, reference, "shown")
    mark = public(office, reference).headers["ETag"]
    assert public(office, reference, **{"If-None-Match": mark}).status_code == 304
    message(office)
    assert public(office, reference, **{"If-None-Match": mark}).status_code == 304


def test_what_is_covered_is_gone_from_both_copies(office: Office) -> None:
    reference = message(office)
    decide(office, reference, "shown", TOP)
    for size in ("full", "small"):
        content = public(office, reference, size).data
        above, below = corners(content)
        assert is_black(above)
        assert is_blue(below)
        assert is_silent(content)
    with office.at_work():
        page = office.app.test_client().get(f"/cases/{reference}").get_data(as_text=True)
    assert "已作遮盖（黑色部分）" in page
    original = office.get("handler", page_of(office, reference) + "/full")
    assert is_red(corners(original.data)[0]), "the department sees it as it was sent"


def test_covering_one_more_keeps_what_was_covered(office: Office) -> None:
    reference = message(office)
    decide(office, reference, "shown", TOP)
    before = public(office, reference).headers["ETag"]
    page = office.get("dispatcher", page_of(office, reference)).get_data(as_text=True)
    assert page.count(" checked>") == 1, "the page starts from what is covered now"
    decide(office, reference, "shown", TOP, LAST)
    after = public(office, reference, **{"If-None-Match": before})
    assert after.status_code == 200, "the former copy is nowhere any more"
    assert all(is_black(corner) for corner in corners(after.data))
    assert kept_files(office) == 3, "the original, the copy, and its preview: the former ones are erased"
    decide(office, reference, "held", TOP, LAST)
    page = office.get("dispatcher", page_of(office, reference)).get_data(as_text=True)
    assert page.count(" checked>") == 2, "held back, the squares are remembered"


@pytest.mark.parametrize("squares", [(), (TOP,)])
def test_a_photo_that_is_held_back_is_gone_with_the_next_request(
    office: Office, squares: tuple[str, ...]
) -> None:
    reference = message(office)
    decide(office, reference, "shown", *squares)
    marks = {size: public(office, reference, size).headers["ETag"] for size in ("full", "small")}
    decide(office, reference, "held", *squares)
    for size, mark in marks.items():
        gone = public(office, reference, size, **{"If-None-Match": mark})
        assert gone.status_code == 404
        assert gone.headers["Cache-Control"] == "no-store"
    assert shown_on(office, reference) == 0
    assert kept_files(office) == 1, "only the original"


@pytest.mark.parametrize("happens", [withdrawn, revoked, unpublished, merged])
def test_with_its_message_a_photo_is_gone_with_the_next_request(office: Office, happens: Any) -> None:
    reference = message(office)
    decide(office, reference, "shown", TOP)
    marks = {size: public(office, reference, size).headers["ETag"] for size in ("full", "small")}
    happens(office, reference)
    for size, mark in marks.items():
        assert public(office, reference, size, **{"If-None-Match": mark}).status_code == 404
        assert public(office, reference, size).status_code == 404


def test_without_consent_no_photo_is_decided_on_nor_waits(office: Office) -> None:
    reference = message(office, public=False, wants_publication=False)
    assert "没有待查看的照片" in office.get("dispatcher", "/desk/photos").get_data(as_text=True)
    address = page_of(office, reference)
    assert "square" not in office.get("dispatcher", address).get_data(as_text=True)
    with office.app.app_context(), pytest.raises(NotAllowed), unit_of_work():
        case_id = queries.case_id_of(reference)
        assert case_id is not None
        services.decide_photo(office.people["dispatcher"], case_id, 1, PhotoState.SHOWN, office.now)
    assert office.get("handler", f"{address}/full").status_code == 200


def test_kept_private_by_the_reviewer_its_photos_dont_wait(office: Office) -> None:
    reference = message(office, public=False)
    assert reference in office.get("dispatcher", "/desk/photos").get_data(as_text=True)
    do(office, services.keep_private, "dispatcher", reference, PrivateBecause.EXPOSES)
    assert reference not in office.get("dispatcher", "/desk/photos").get_data(as_text=True)


def test_one_photo_after_the_other(office: Office) -> None:
    first, second = message(office), message(office)
    answer = decide(office, first, "shown", came_from="photos")
    assert answer.location == page_of(office, second, came_from="photos")
    assert decide(office, second, "held", came_from="photos").location == "/desk/photos"


def test_the_reviewer_of_the_words_gets_to_the_photos_and_back(office: Office) -> None:
    reference = message(office, public=False)
    address = page_of(office, reference, came_from="review")
    assert f'href="{address}"' in office.get("dispatcher", "/desk/review").get_data(as_text=True)
    answer = decide(office, reference, "shown", came_from="review")
    assert answer.location == f"/desk/review?case={reference}"
    assert public(office, reference).status_code == 404, "the words are not public yet"
    do(office, services.review_publication, "dispatcher", reference, CaseAction.PUBLISH)
    assert public(office, reference).status_code == 200


@pytest.mark.parametrize(
    ("who", "pictures", "decision"),
    [
        ("handler", 200, 403), ("lead", 200, 403), ("other", 404, 403), ("dispatcher", 200, 200),
        ("auditor", 200, 403), ("deputy", 403, 403), ("admin", 403, 403),
    ],
)  # fmt: skip
def test_who_sees_and_who_decides(office: Office, who: str, pictures: int, decision: int) -> None:
    reference = message(office, public=False)
    address = page_of(office, reference)
    for size in ("small", "full"):
        answer = office.get(who, f"{address}/{size}")
        assert answer.status_code == pictures
        assert answer.headers["Cache-Control"] == "no-store"
    assert office.get(who, address).status_code == decision


def test_an_auditors_look_is_written_down(office: Office) -> None:
    reference = message(office, public=False)
    office.get("auditor", page_of(office, reference) + "/full")
    assert office.looks("case.read") == [office.people["auditor"].account_id]


def test_another_cases_photo_is_not_here(office: Office) -> None:
    mine, others = message(office), message(office)
    foreign = ids(office, others)[0]
    assert office.get("handler", f"/desk/cases/{mine}/photos/{foreign}/full").status_code == 404
    assert office.get("dispatcher", f"/desk/cases/{mine}/photos/{foreign}").status_code == 404


def test_photos_of_a_merged_message_are_seen_with_the_case_it_is_part_of(office: Office) -> None:
    reference, other = message(office), message(office, 2)
    with office.app.app_context():
        survivor = queries.case_id_of(other)
    do(office, services.merge_case, "dispatcher", reference, survivor)
    assert len(ids(office, other)) == 3
    page = office.open("handler", other).get_data(as_text=True)
    assert page.count("/small") == 3
    last = page_of(office, other, 2)
    assert office.get("handler", f"{last}/full").status_code == 200
    assert office.get("dispatcher", last).status_code == 404, "nothing of it is public, so nothing is decided"


@pytest.mark.parametrize(
    "data", [{"choice": ""}, {"choice": "waiting"}, {"choice": "shown", "square": ["0", "900"]}]
)
def test_what_makes_no_sense_is_told_and_changes_nothing(office: Office, data: dict[str, Any]) -> None:
    reference = message(office)
    address = page_of(office, reference)
    form = next(form for form in forms_of(office.get("dispatcher", address)) if "from" in form.fields)
    fields = {name: value for name, value in form.fields.items() if name != "square"}
    with office.at_work():
        answer = office.browser("dispatcher").post(address, data={**fields, **data})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert public(office, reference).status_code == 404


def test_decisions_are_on_record_without_a_word_of_anyone(office: Office) -> None:
    reference = message(office)
    decide(office, reference, "shown", TOP, LAST)
    decide(office, reference, "held")
    with office.app.app_context():
        rows = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action.like("photo.%")).order_by(AuditEntry.id)
        ).all()
        assert [(row.action, row.params) for row in rows] == [
            ("photo.shown", {"number": 1, "covered": 2}),
            ("photo.held", {"number": 1, "covered": 0}),
        ]
        assert {row.account_id for row in rows} == {office.people["dispatcher"].account_id}
        assert {row.subject_id for row in rows} == {str(queries.case_id_of(reference))}


def test_a_decision_that_fails_leaves_no_copy(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = message(office)

    def broken(*_args: object, **_values: object) -> None:
        raise RuntimeError("no more room")

    monkeypatch.setattr("civic.cases.services.photos.audit.record", broken)
    with pytest.raises(RuntimeError):
        decide(office, reference, "shown", TOP)
    assert kept_files(office) == 1
