"""Photos on the form: each upload is kept at once as a draft, and the form carries a signed list of them.

So nothing has to be chosen again after an error, a look at similar voices or a limit. What is never sent is
erased with the ticket's day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from civic.cases.services import MOST_PHOTOS
from civic.core.actor import Actor
from civic.core.config import settings
from civic.core.db import unit_of_work
from civic.core.errors import Invalid, TooMany
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


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo that came with the form; ``token`` names it for the browser that sent it."""

    token: str
    file: FileRow


def receive_photos(
    actor: Actor, form: FeedbackForm, now: datetime, sender: Sender | None = None
) -> tuple[KeptPhoto, ...]:
    """Keep what was uploaded beside what the form brought back, without what was ticked to be left out.

    What can't be kept is said at the form's field; the rest stays. No ``sender``: staff, whom nothing limits.
    """
    dropped = set(request.form.getlist("drop_photo"))
    kept = [
        key
        for token in request.form.getlist("kept_photo")
        if token not in dropped and (key := read_photo(token))
    ]
    uploads = [one for one in request.files.getlist("photos") if one.filename]
    errors = []
    for upload in uploads:
        if len(kept) >= MOST_PHOTOS:
            errors.append(_("At most %(most)s photos: the first ones were kept.", most=MOST_PHOTOS))
            break
        try:
            kept.append(_keep(actor, upload, now, sender))
        except Invalid as error:
            errors.append(f"{upload.filename}: {say(error)}")
        except TooMany as error:
            errors.append(
                _(
                    "Very many photos came from this browser or connection. Send your message without "
                    "%(name)s now, or add it after %(time)s.",
                    name=upload.filename,
                    time=clock_time(error.again_at, now),
                )
            )
            break
    if errors:
        form.photos.errors = [*form.photos.errors, *errors]
    return kept_photos(kept)


def kept_photos(keys: Iterable[str]) -> tuple[KeptPhoto, ...]:
    """Drafts by key, in order; what was erased or sent meanwhile is left out."""
    wanted = list(dict.fromkeys(keys))
    found = files.files(wanted)
    return tuple(
        KeptPhoto(str(_signer().dumps(key)), found[key])
        for key in wanted
        if key in found and found[key].kept_until is not None
    )


def read_photo(token: str) -> str | None:
    """The key that a token names; None if it is forged or older than a day."""
    try:
        return str(_signer().loads(token, max_age=int(VALID_FOR.total_seconds())))
    except BadSignature:
        return None


def _keep(actor: Actor, upload: FileStorage, now: datetime, sender: Sender | None) -> str:
    if sender:
        senders.require(PHOTO, sender, UPLOADS, now)
    content = upload.stream.read(LARGEST + 1)
    with unit_of_work():
        key = services.store_draft(actor, content, upload.filename or "", now, kept_until=now + VALID_FOR).key
        if sender:
            senders.count(PHOTO, *sender, now=now)
    return key


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=SALT)
