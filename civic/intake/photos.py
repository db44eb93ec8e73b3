"""Photos on the form: each upload is kept at once as a draft, and the form carries a signed list of them.

So nothing has to be chosen again after an error, a look at similar voices or a limit. A signed name is good for
whoever has the page that carries it, and stands in no address; what is never sent is erased after a day.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from civic.cases.services import MOST_PHOTOS
from civic.core.actor import Actor
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, NotFound, TooMany
from civic.core.windows import DAY, HOUR, Limit
from civic.files import queries as files
from civic.files import services
from civic.files.queries import FileRow
from civic.files.rules import LARGEST
from civic.intake.forms import FeedbackForm
from civic.intake.tickets import VALID_FOR
from civic.web import senders
from civic.web.messages import say
from civic.web.senders import Allowance, Sender, clock_time

SALT = "intake.photo"
PHOTO = "photo"
UPLOADS = Allowance(
    address=(Limit(400, HOUR), Limit(1200, DAY)),
    browser=(Limit(40, HOUR), Limit(120, DAY)),
)
"""Photos that are kept before they are sent: those of ten messages in an hour from one browser."""
FORMS = frozenset({"intake.new_feedback_anywhere", "intake.new_feedback", "intake.assisted"})
LARGEST_FORM = 100 * 2**20
"""Bytes of a form with photos: more than are kept, so that too large ones are named and all the rest stays."""
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo that came with the form; ``token`` names it for the page that carries it."""

    token: str
    file: FileRow

    def picture(self) -> str:
        """A very small copy as an address of its own (``data:``): no other request asks for it."""
        try:
            content = services.glimpse(self.file)
        except NotFound:
            return ""
        return "data:image/jpeg;base64," + base64.b64encode(content).decode()


def receive_photos(
    actor: Actor, form: FeedbackForm, now: datetime, sender: Sender | None = None
) -> tuple[KeptPhoto, ...]:
    """Keep what was uploaded beside what the form brought back, without what was ticked to be left out.

    What can't be kept is said at the form's field; the rest stays. No ``sender``: staff, whom nothing limits.
    """
    kept, errors = _brought_back(now)
    for upload in (one for one in request.files.getlist("photos") if one.filename):
        if len(kept) >= MOST_PHOTOS:
            errors.append(_("At most %(most)s photos: the first ones were kept.", most=MOST_PHOTOS))
            break
        try:
            kept.append(_keep(actor, upload, now, sender))
        except Invalid as error:
            errors.append(f"{_name_of(upload)}: {say(error)}")
        except TooMany as error:
            errors.append(
                _(
                    "Very many photos came from this browser or connection. Send your message without "
                    "%(name)s now, or add it after %(time)s.",
                    name=_name_of(upload),
                    time=clock_time(error.again_at, now),
                )
            )
            break
    if errors:
        form.photos.errors = [*form.photos.errors, *errors]
    return tuple(KeptPhoto(str(_signer().dumps(row.key)), row) for row in kept)


def _brought_back(now: datetime) -> tuple[list[FileRow], list[str]]:
    """The drafts that the form names, in order, and what to say of those that were kept for too long.

    A draft that was sent meanwhile is no mistake: it's the second click of two.
    """
    dropped = set(request.form.getlist("drop_photo"))
    tokens = [token for token in request.form.getlist("kept_photo") if token not in dropped]
    keys = list(dict.fromkeys(key for token in tokens if (key := _read(token))))
    found = files.files(keys)
    kept = [row for key in keys if (row := found.get(key)) and row.kept_until and row.kept_until >= now]
    lost = sum(key not in found or (found[key].kept_until or now) < now for key in keys)
    if not lost:
        return kept, []
    return kept, [
        ngettext(
            "%(num)s photo was kept for a day only and is gone. Choose it again, or send without it.",
            "%(num)s photos were kept for a day only and are gone. Choose them again, or send without them.",
            lost,
        )
    ]


def _read(token: str) -> str | None:
    """The key that a token names; None if it is forged."""
    try:
        return str(_signer().loads(token))
    except BadSignature:
        return None


def _keep(actor: Actor, upload: FileStorage, now: datetime, sender: Sender | None) -> FileRow:
    if sender:
        senders.require(PHOTO, sender, UPLOADS, now)
        with unit_of_work():
            # Counted also if it can't be read: unpacking is what costs.
            senders.count(PHOTO, *sender, now=now)
    made = services.made_draft(upload.stream.read(LARGEST + 1))
    with unit_of_work():
        return services.store_draft(actor, made, upload.filename or "", now, kept_until=now + VALID_FOR)


def _name_of(upload: FileStorage) -> str:
    """The end of its name: what tells files apart, and the kind."""
    return (upload.filename or "")[-LONGEST_NAME:]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=SALT)


def allow_large_form(endpoint: str | None) -> None:
    """Let a form with photos be larger than others; called before anything of it is read."""
    if endpoint in FORMS:
        request.max_content_length = LARGEST_FORM
