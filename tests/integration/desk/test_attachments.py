"""Files of staff: ready for the reply, out with it, for colleagues alone, taken down, erased."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from civic.cases import services
from civic.cases.rules import CaseAction, FeedbackKind
from civic.cases.services import NewFeedback, submit_feedback
from civic.cases.services.retention import erase_unsent_files
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.ids import new_nonce
from tests.integration.desk.office import WORDS, Office, forms_of
from tests.integration.progress.office import photo_with_place

NONCE = new_nonce()
PDF = b"%PDF-1.7\nreport of the lamps"


def attach(
    office: Office, who: str, reference: str, to: str, content: bytes = PDF, name: str = "路灯清单.pdf"
) -> TestResponse:
    page = office.open(who, reference)
    form = next(f for f in forms_of(page) if f.action.endswith(f"{reference}/files"))
    typed: dict[str, Any] = {"attached_to": to, "upload": (BytesIO(content), name)}
    browser = office.browser(who)
    with office.at_work():
        return browser.post(form.action, data={**form.fields, **typed}, content_type="multipart/form-data")


def links(office: Office, who: str, reference: str) -> list[str]:
    """The addresses of files on the page of a case."""
    page = office.open(who, reference).get_data(as_text=True)
    return re.findall(rf'href="(/desk/cases/{reference}/files/\d+)"', page)


def public_links(office: Office, reference: str) -> list[str]:
    with office.at_work():
        page = office.app.test_client().get(f"/cases/{reference}")
    return re.findall(rf'href="(/cases/{reference}/files/\d+)"', page.get_data(as_text=True))


def published(office: Office) -> str:
    reference = office.submit()
    office.act("dispatcher", reference, "publish")
    return reference


def code_of(office: Office) -> str:
    """The query code: the same form sent again gives the same receipt."""
    with office.app.app_context(), unit_of_work():
        new = NewFeedback(kind=FeedbackKind.SUGGESTION, text=WORDS, nonce=NONCE)
        return submit_feedback(RESIDENT, new, office.now).query_code


def stored(office: Office) -> int:
    return sum(path.is_file() for path in Path(office.app.instance_path, "files").rglob("*"))


def test_a_file_goes_out_with_the_reply_and_never_before(office: Office) -> None:
    reference = published(office)
    office.draft(reference)
    assert attach(office, "handler", reference, "reply").status_code == 302
    [link] = links(office, "handler", reference)
    answer = office.get("handler", link)
    assert answer.data == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    # What lies ready is the department's own, as the draft is.
    assert links(office, "dispatcher", reference) == []
    assert office.get("dispatcher", link).status_code == 404
    assert office.get("other", link).status_code == 404
    assert public_links(office, reference) == []
    number = link.rsplit("/", 1)[1]
    with office.at_work():
        assert office.app.test_client().get(f"/cases/{reference}/files/{number}").status_code == 404

    office.act("handler", reference, "send-for-approval")
    office.act("lead", reference, "approve-reply", then="publish")
    [address] = public_links(office, reference)
    with office.at_work():
        shown = office.app.test_client().get(address)
    assert (shown.status_code, shown.data) == (200, PDF)
    assert "Set-Cookie" not in shown.headers
    # A correction has files of its own; the earlier ones stay with the earlier version.
    assert attach(office, "lead", reference, "reply", name="更正.pdf").status_code == 302
    office.act(
        "lead", reference, "correct-reply", text="更正：十三盏。", resolution="adopted", reason="数量有误。"
    )
    assert len(public_links(office, reference)) == 2
    # Taken down it is gone at once; the row says so.
    form = next(f for f in forms_of(office.open("lead", reference)) if f.action == f"{link}/remove")
    assert office.send("lead", form).status_code == 302
    with office.at_work():
        assert office.app.test_client().get(address).status_code == 404
    assert len(public_links(office, reference)) == 1


def test_the_writer_reads_it_with_the_code_also_where_nothing_is_public(office: Office) -> None:
    reference = office.submit(wants_publication=False, nonce=NONCE)
    code = code_of(office)
    office.draft(reference)
    attach(office, "handler", reference, "reply", photo_with_place(), "现场.jpg")
    office.act("handler", reference, "send-for-approval")
    office.act("lead", reference, "approve-reply", then="publish")
    browser = office.app.test_client()
    with office.at_work():
        assert browser.get("/track/case/files/1").status_code == 404
        form = next(f for f in forms_of(browser.get("/track")) if "reference" in f.fields)
        browser.post("/track", data={**form.fields, "reference": reference, "code": code})
        page = browser.get("/track/case").get_data(as_text=True)
        [address] = re.findall(r'href="(/track/case/files/\d+)"', page)
        photo = browser.get(address)
    assert photo.status_code == 200
    assert b"Exif" not in photo.data, "made anew, so that place and camera are gone"
    assert public_links(office, reference) == []


def test_files_for_colleagues_stay_inside_and_go_with_the_words(office: Office) -> None:
    reference = published(office)
    office.accept(reference)
    attach(office, "handler", reference, "note")
    assert len(links(office, "dispatcher", reference)) == 1
    assert links(office, "auditor", reference) == []
    assert stored(office) == 1
    case = office.case(reference)
    with office.app.app_context(), unit_of_work():
        services.erase_words(RESIDENT, case.case_id, case.version, office.now)
    assert stored(office) == 0


def test_what_never_went_out_goes_some_time_after_the_end(office: Office) -> None:
    reference = office.submit()
    office.accept(reference)
    attach(office, "handler", reference, "note")
    attach(office, "handler", reference, "reply")
    case = office.case(reference)
    with office.app.app_context(), unit_of_work():
        assert erase_unsent_files(office.now + timedelta(days=999)) == 0, "the case is open"
        services.withdraw_case(RESIDENT, case.case_id, case.version, office.now)
    with office.app.app_context(), unit_of_work():
        days = office.app.extensions["settings"].contact_days
        assert erase_unsent_files(office.now + timedelta(days=days - 1)) == 0
        assert erase_unsent_files(office.now + timedelta(days=days + 1)) == 2
    assert stored(office) == 0


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.pdf", "文件是空的"),
        (b"MZ\x90\x00 program", "report.pdf", "不接受这种文件"),
        (b"%PDF" + b"x" * (10 * 2**20), "large.pdf", "10"),
    ],
    ids=["empty", "kind", "large"],
)
def test_what_isnt_accepted_is_said_at_the_field(
    office: Office, content: bytes, name: str, said: str
) -> None:
    reference = office.submit()
    office.accept(reference)
    answer = attach(office, "handler", reference, "note", content, name)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'href="#upload"' in page or 'id="upload-error"' in page
    assert said in page
    assert stored(office) == 0


def test_nothing_joins_a_reply_that_is_approved_and_not_more_than_five(office: Office) -> None:
    reference = office.submit()
    office.draft(reference)
    for number in range(5):
        assert attach(office, "handler", reference, "reply", name=f"{number}.pdf").status_code == 302
    assert attach(office, "handler", reference, "reply").status_code == 422
    office.act("handler", reference, "send-for-approval")
    office.act("lead", reference, "approve-reply")
    page = office.open("lead", reference).get_data(as_text=True)
    assert 'value="reply"' not in page
    assert 'value="note"' in page
    assert CaseAction.PUBLISH_REPLY in {one.action for one in office.case(reference, "lead").actions}
