"""Photos of a message: taken in with it, shown to the public only after somebody has looked at each one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from civic.cases import policy
from civic.cases.models import Case, CasePhoto
from civic.cases.rules import PhotoState
from civic.cases.services.applying import load_facts, not_found
from civic.core import audit
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.files import queries as stored
from civic.files import services as files
from civic.files.rules import are_squares
from civic.web.caching import raise_content_version

MOST_PHOTOS = 4
CHOICES = frozenset({PhotoState.SHOWN, PhotoState.HELD})


def keep_photos(feedback_id: int, keys: Iterable[str], now: datetime) -> None:
    """Put uploaded drafts with a message, in their order; one that has lapsed meanwhile is left out."""
    for number, row in enumerate(files.keep(list(keys)[:MOST_PHOTOS], now), 1):
        db.session.add(CasePhoto(feedback_id=feedback_id, number=number, file_key=row.key))
    db.session.flush()


def decide_photo(
    actor: Actor,
    case_id: int,
    number: int,
    choice: PhotoState,
    now: datetime,
    *,
    squares: frozenset[int] = frozenset(),
) -> None:
    """Show a photo to the public together with its case, with some squares covered, or hold it back; at any time.

    Once the original was erased more can be covered, but nothing uncovered, and held back it is gone.
    Raises :class:`NotFound`, :class:`NotAllowed` without the writer's consent or the role, :class:`Invalid`.
    """
    facts = load_facts(case_id)
    photo = _photo(case_id, number)
    if facts is None or photo is None or not policy.can_see(actor, facts):
        raise not_found()
    policy.can_decide_photo(actor, facts).require()
    if choice not in CHOICES:
        raise Invalid(N_("Choose whether the public sees it."), code="bad_choice", field="choice")
    source = photo.file_key or photo.shown_key
    if source is None:
        raise NotFound(N_("The original of this photo was erased."), code="photo_erased")
    _check_squares(source, squares)
    former = {photo.shown_key, photo.preview_key}
    if photo.file_key is None:
        squares |= frozenset(photo.squares)
    shown = preview = None
    if choice is PhotoState.SHOWN:
        # Made before the row is touched: a row half changed would be written by the next query.
        shown = files.cover(actor, source, squares, now).key if squares else source
        preview = files.make_preview(actor, shown, now).key
    photo.state, photo.decided_by, photo.decided_at = choice.value, actor.account_id, now
    photo.squares, photo.shown_key, photo.preview_key = sorted(squares), shown, preview
    db.session.flush()
    files.erase_files(key for key in former if key not in (None, photo.file_key, photo.shown_key))
    audit.record(
        actor, f"photo.{choice.value}", "case", case_id, now, number=number, covered=len(squares)
    )  # fmt: skip
    raise_content_version()


def erase_originals(feedback_ids: Iterable[int]) -> None:
    """Erase what of these messages' photos the public doesn't see: held back, never decided, or lying under a cover.

    Of a message that isn't public that is everything.
    """
    query = select(CasePhoto, Case.visible).join(Case, Case.feedback_id == CasePhoto.feedback_id)
    for photo, visible in db.session.execute(query.where(CasePhoto.feedback_id.in_(list(feedback_ids)))):
        stays = {photo.shown_key, photo.preview_key} if visible else set()
        all_keys = (photo.file_key, photo.shown_key, photo.preview_key)
        files.erase_files({key for key in all_keys if key is not None and key not in stays})
        if photo.file_key not in stays:
            photo.file_key = None
        if photo.shown_key is not None and photo.shown_key not in stays:
            photo.state, photo.shown_key, photo.preview_key = PhotoState.HELD.value, None, None
    db.session.flush()


def erase_photos(feedback_id: int) -> None:
    """Erase all photos of a message: originals, covered copies, previews, and their names."""
    rows = list(db.session.scalars(select(CasePhoto).where(CasePhoto.feedback_id == feedback_id)))
    files.erase_files({k for p in rows for k in (p.file_key, p.shown_key, p.preview_key) if k is not None})
    for row in rows:
        db.session.delete(row)
    db.session.flush()


def _check_squares(key: str, squares: frozenset[int]) -> None:
    """Nobody may believe that something is covered which isn't."""
    file = stored.file(key)
    if not are_squares(squares, file.width or 1, file.height or 1):
        raise Invalid(
            N_("The squares don’t fit this photo. Open the page again and choose them anew."),
            code="bad_square",
            field="square",
        )


def _photo(case_id: int, number: int) -> CasePhoto | None:
    query = select(CasePhoto).join(Case, Case.feedback_id == CasePhoto.feedback_id)
    query = query.where(Case.id == case_id, CasePhoto.number == number)
    # Two decisions at once follow each other, so that each erases the other's copies.
    return db.session.scalar(query.with_for_update(of=CasePhoto).execution_options(populate_existing=True))
