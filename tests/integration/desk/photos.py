"""Messages with photos, the dispatcher's decisions on them, and what the public gets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from civic.cases import queries, services
from civic.cases.rules import CaseAction
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.files import storage
from civic.files.models import StoredFile
from civic.files.rules import COLUMNS, rows_of
from civic.files.services import made_draft, store_draft
from tests.factories.pictures import opened, picture
from tests.integration.desk.office import Office, forms_of

SIZE = (800, 600)
ROWS = rows_of(*SIZE)
TOP = "0"
"""The square in the upper left corner: red."""
LAST = str(COLUMNS * ROWS - 1)
"""The one in the lower right corner: blue."""


def message(office: Office, photos: int = 1, *, public: bool = True, **values: Any) -> str:
    """A message with photos, its words published if ``public``."""
    with office.app.app_context():
        keys = []
        for _ in range(photos):
            made = made_draft(picture("JPEG", SIZE))
            with unit_of_work():
                until = office.now + timedelta(days=1)
                keys.append(store_draft(RESIDENT, made, "a.jpg", office.now, kept_until=until).key)
    reference = office.submit(photos=tuple(keys), **values)
    if public:
        do(office, services.review_publication, "dispatcher", reference, CaseAction.PUBLISH)
    return reference


def do(office: Office, service: Any, who: str, reference: str, *args: Any, **values: Any) -> None:
    """Call a service of cases as one of the people, or as the resident."""
    actor = office.people[who] if who else RESIDENT
    version = office.case(reference).version
    with office.app.app_context(), unit_of_work():
        case_id = queries.case_id_of(reference)
        service(actor, case_id, version, *args, now=office.now, **values)


def ids(office: Office, reference: str) -> list[int]:
    with office.app.app_context():
        case_id = queries.case_id_of(reference)
        assert case_id is not None
        return [photo.id for photo in queries.photos_within_case(case_id)]


def page_of(office: Office, reference: str, photo: int = 0, came_from: str = "") -> str:
    address = f"/desk/cases/{reference}/photos/{ids(office, reference)[photo]}"
    return f"{address}?from={came_from}" if came_from else address


def decide(
    office: Office,
    reference: str,
    choice: str,
    *squares: str,
    photo: int = 0,
    came_from: str = "",
) -> Any:
    """Open the photo's page, choose exactly these squares, press a button."""
    address = page_of(office, reference, photo, came_from)
    form = next(form for form in forms_of(office.get("dispatcher", address)) if "from" in form.fields)
    fields = {name: value for name, value in form.fields.items() if name != "square"}
    with office.at_work():
        return office.browser("dispatcher").post(
            address, data={**fields, "choice": choice, "square": list(squares)}
        )


def public(office: Office, reference: str, size: str = "full", number: int = 1, **headers: str) -> Any:
    """The photo as anyone fetches it."""
    with office.at_work():
        return office.app.test_client().get(f"/cases/{reference}/photos/{number}/{size}", headers=headers)


def shown_on(office: Office, reference: str) -> int:
    """How many photos the public page shows."""
    with office.at_work():
        page = office.app.test_client().get(f"/cases/{reference}")
    return page.get_data(as_text=True).count("/small")


def corners(content: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    image = opened(content)
    width, height = image.size
    return image.getpixel((4, 4)), image.getpixel((width - 5, height - 5))


def kept_files(office: Office) -> int:
    """Rows of files; each has its bytes, and there are no others."""
    with office.app.app_context():
        keys = sorted(db.session.scalars(select(StoredFile.key)))
        assert keys == sorted(storage.stored_keys())
    return len(keys)


def withdrawn(office: Office, reference: str) -> None:
    do(office, services.withdraw_case, "", reference)


def revoked(office: Office, reference: str) -> None:
    do(office, services.revoke_consent, "", reference)


def unpublished(office: Office, reference: str) -> None:
    do(office, services.unpublish_case, "dispatcher", reference, reason="当事人要求。")


def merged(office: Office, reference: str) -> None:
    other = office.submit()
    with office.app.app_context():
        survivor = queries.case_id_of(other)
    do(office, services.merge_case, "dispatcher", reference, survivor)
