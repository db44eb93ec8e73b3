"""A form with photos: filled in, sent, pressed again; and what is kept of it."""

from __future__ import annotations

import io
import re
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.cases.models import CasePhoto
from civic.core.extensions import db
from civic.files import storage
from civic.files.models import StoredFile
from tests.integration.intake.conftest import ITEM, WORDS, Resident

TOKEN = re.compile(r'name="kept_photo" value="([^"]+)"')
GLIMPSE = re.compile(r'src="data:image/jpeg;base64,([^"]+)"')


def tokens(page: TestResponse) -> list[str]:
    """The names under which a form carries its photos."""
    return TOKEN.findall(page.get_data(as_text=True))


def upload(content: bytes, name: str = "IMG_20260907_101112.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def send(resident: Resident, *uploads: tuple[io.BytesIO, str], **typed: Any) -> TestResponse:
    """Fill in the form with these photos and press the button."""
    return resident.write(**{"looked": "1", "photos": list(uploads), **typed})


def again(
    resident: Resident, page: TestResponse, *uploads: tuple[io.BytesIO, str], **typed: Any
) -> TestResponse:
    """Press the button of the form that came back, with everything that is in it."""
    form = resident.form(page, ITEM)
    resident.wait(seconds=10)
    given = {"kind": "suggestion", "text": WORDS, "kept_photo": tokens(page), "photos": list(uploads)}
    return resident.client.post(ITEM, data={**form.fields, **given, **typed})


def photos() -> list[CasePhoto]:
    db.session.rollback()
    return list(db.session.scalars(select(CasePhoto).order_by(CasePhoto.number)))


def stored() -> list[str]:
    return list(storage.stored_keys())


def rows() -> list[StoredFile]:
    db.session.rollback()
    return list(db.session.scalars(select(StoredFile)))


def says(page: TestResponse, words: str) -> bool:
    return words in page.get_data(as_text=True)
