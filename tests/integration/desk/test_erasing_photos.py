"""Some time after the end only what the public sees of photos is left; it can still be covered and taken down."""

from __future__ import annotations

from sqlalchemy import select

from civic.cases.models import CasePhoto
from civic.cases.services.retention import erase_unseen_photos
from civic.core.db import unit_of_work
from civic.core.extensions import db
from tests.factories.pictures import is_black
from tests.integration.desk.office import Office
from tests.integration.desk.photos import (
    LAST,
    TOP,
    corners,
    decide,
    kept_files,
    message,
    page_of,
    public,
    unpublished,
)


def ended(office: Office, reference: str) -> None:
    """The case is answered, closed by time, and its contact days are over."""
    from civic.cases.services import sweep

    office.answered(reference)
    office.pass_time(days=30)
    with office.app.app_context(), unit_of_work():
        sweep(office.now)
    office.pass_time(days=181)


def erase(office: Office) -> int:
    with office.app.app_context(), unit_of_work():
        return erase_unseen_photos(office.now)


def photo_row(office: Office) -> CasePhoto:
    with office.app.app_context():
        return db.session.scalars(select(CasePhoto)).one()


def test_after_the_contact_days_only_what_the_public_sees_is_left(office: Office) -> None:
    reference = message(office)
    decide(office, reference, "shown", TOP)
    ended(office, reference)
    assert erase(office) == 1
    assert erase(office) == 0
    assert kept_files(office) == 2, "the covered copy and its preview"
    assert is_black(corners(public(office, reference).data)[0])
    seen = office.get("handler", page_of(office, reference) + "/full")
    assert is_black(corners(seen.data)[0]), "the department sees what is left"

    decide(office, reference, "shown", LAST)
    assert all(is_black(corner) for corner in corners(public(office, reference).data)), "nothing is uncovered"
    assert kept_files(office) == 2
    decide(office, reference, "held")
    assert public(office, reference).status_code == 404, "taken down at any time"
    assert kept_files(office) == 0
    assert "已删除" in office.open("handler", reference).get_data(as_text=True)
    assert office.get("handler", page_of(office, reference) + "/full").status_code == 404


def test_a_photo_that_is_shown_as_it_is_stays(office: Office) -> None:
    reference = message(office)
    decide(office, reference, "shown")
    ended(office, reference)
    assert erase(office) == 0
    assert public(office, reference).status_code == 200
    unpublished(office, reference)
    assert erase(office) == 1
    assert kept_files(office) == 0
    assert photo_row(office).state == "held"


def test_a_photo_that_nobody_decided_on_is_erased(office: Office) -> None:
    reference = message(office)
    ended(office, reference)
    assert erase(office) == 1
    assert kept_files(office) == 0
    assert "没有待查看的照片" in office.get("dispatcher", "/desk/photos").get_data(as_text=True)
