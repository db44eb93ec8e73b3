"""Everything that is kept of a message, as a file to take away: one page to read, JSON for programs, the photos.

The JSON is described in docs/privacy.md. Times are UTC; what isn't known or was erased is null or ''.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from civic.cases.services import ContactView
from civic.core.config import settings
from civic.departments.queries import DepartmentRow
from civic.files import queries as files
from civic.files.rules import FORMATS
from civic.intake.queries import OwnDataPage

FORMAT = "civic-own-data/1"
STYLE = "css/own-data.css"


def as_json(page: OwnDataPage, contact: ContactView, now: datetime) -> dict[str, Any]:
    """All of it as plain values."""
    data, case, told = page.data, page.data.case, page.data.told
    return {
        "format": FORMAT,
        "made_at": _time(now),
        "reference": case.reference,
        "submitted_at": _time(case.submitted_at),
        "status": case.status.value,
        "kind": case.kind.value,
        "about": {"plan": page.item.plan_slug, "code": page.item.code} if page.item else None,
        "paragraph": {"anchor": case.paragraph_anchor, "excerpt": told.paragraph_excerpt},
        "text": case.text,
        "erased_at": _time(case.erased_at),
        "place": told.place,
        "street": page.street.name if page.street else None,
        "community": page.community.name if page.community else None,
        "speaks_as": told.speaks_as.value if told.speaks_as else None,
        "under_14": told.under_14,
        "about_staff": told.about_staff,
        "channel": told.channel.value,
        "outside_reference": told.outside_reference,
        "language": told.locale,
        "contact": {"name": contact.name, "phone": contact.phone, "email": contact.email, "address": contact.address},
        "contact_looked_at": [
            {"at": _time(look.at), "capacity": look.capacity, "department": _name(page, look.department_id)}
            for look in data.looks
        ],
        "consents": [
            {"to": one.what, "given_at": _time(one.at), "ended_at": _time(one.ended_at)} for one in data.consents
        ],
        "publication": case.publication.value,
        "public_text": data.public_text,
        "timeline": [
            {
                "at": _time(entry.at),
                "action": entry.action.value,
                "department": _name(page, entry.department_id),
                "text": entry.text,
            }
            for entry in case.timeline
        ],
        "replies": [
            {
                "published_at": _time(reply.published_at),
                "department": _name(page, reply.department_id),
                "resolution": reply.resolution.value if reply.resolution else None,
                "text": reply.text,
                "current": reply.is_current,
            }
            for reply in case.replies
        ],
        "ratings": [
            {
                "round": one.round,
                "at": _time(one.at),
                "level": one.level.value,
                "solved": one.solved.value if one.solved else None,
                "reason": one.reason,
            }
            for one in case.ratings
        ],
        "photos": [
            {
                "number": photo.number,
                "file": name if photo.seen_key else None,
                "state": photo.state.value,
                "covered": photo.covered,
            }
            for photo, name in _photo_names(page)
        ],
        "query_code_issued_at": _time(data.code_issued_at),
        "kept": {
            "contact_until": _time(data.contact_until),
            "contact_days_after_the_end": settings().contact_days,
        },
    }  # fmt: skip


def as_zip(page: OwnDataPage, contact: ContactView, html: str, now: datetime) -> bytes:
    """The file: ``index.html``, ``data.json`` and ``photos/``. It lies in memory only (four photos at most)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("index.html", html)
        package.writestr("style.css", (Path(str(current_app.static_folder)) / STYLE).read_bytes())
        text = json.dumps(as_json(page, contact, now), ensure_ascii=False, indent=1)
        package.writestr("data.json", text)
        for photo, name in _photo_names(page):
            if photo.seen_key:
                content = files.content(files.file(photo.seen_key))
                package.writestr(name, content, compress_type=zipfile.ZIP_STORED)
    return out.getvalue()


def photo_names(page: OwnDataPage) -> dict[int, str]:
    """Where each photo lies in the file, by number; those that were erased are left out."""
    return {photo.number: name for photo, name in _photo_names(page) if photo.seen_key}


def _photo_names(page: OwnDataPage) -> Iterator[tuple[Any, str]]:
    rows = files.files(photo.seen_key for photo in page.data.photos if photo.seen_key)
    for photo in page.data.photos:
        row = rows.get(photo.seen_key or "")
        extension = FORMATS[row.media_type].extensions[0] if row else ""
        yield photo, f"photos/{photo.number}{extension}"


def _name(page: OwnDataPage, department_id: int | None) -> str | None:
    found: DepartmentRow | None = page.departments.get(department_id or 0)
    return found.name if found else None


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
