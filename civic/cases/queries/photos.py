"""Photos of cases: all of them for who may see the case, the approved ones of public cases for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from civic.cases.models import Case, CasePhoto, Feedback
from civic.cases.rules import HIDDEN, MAY_BE_PUBLIC, PhotoState, photo_words
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.ids import normalise_reference


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo of a case, for who may see the case; ``reference`` is that of the message it came with."""

    id: int
    reference: str
    number: int
    state: PhotoState
    squares: frozenset[int]
    file_key: str | None
    shown_key: str | None
    preview_key: str | None
    text: str
    """The words it came with."""
    words: str
    """A msgid: what the public sees of it."""

    @property
    def seen_key(self) -> str | None:
        """The most of it that is left: the original, or once that was erased the copy that the public sees."""
        return self.file_key or self.shown_key

    @property
    def covered(self) -> bool:
        """Whether parts of it are black where the public sees it."""
        return self.state is PhotoState.SHOWN and bool(self.squares)


@dataclass(frozen=True, slots=True)
class PublicPhoto:
    """What a public page says of a photo; ``covered``: parts of it are black."""

    number: int
    covered: bool


_EXPECTED: ColumnElement[bool] = Case.publication.in_(
    [one.value for one in MAY_BE_PUBLIC]
) & Case.status.not_in([one.value for one in HIDDEN])

WAITING = (CasePhoto.state == PhotoState.WAITING.value, CasePhoto.file_key.is_not(None), _EXPECTED)


def photos_of_case(case_id: int) -> tuple[PhotoRow, ...]:
    """The photos of one message, for its writer."""
    return _rows(_select().where(Case.id == case_id).order_by(CasePhoto.number))


def photo_of_case(case_id: int, number: int) -> PhotoRow:
    """One of them; raises :class:`~civic.core.errors.NotFound`."""
    return _one(_select().where(Case.id == case_id, CasePhoto.number == number))


def photos_within_case(case_id: int) -> tuple[PhotoRow, ...]:
    """The photos of a case and of those merged into it, for staff who may see the case; that was asked before."""
    order = ((Case.id != case_id), Case.id, CasePhoto.number)
    return _rows(_select().where(_within(case_id)).order_by(*order))


def photo_within_case(case_id: int, photo_id: int) -> PhotoRow:
    """One of them; raises :class:`~civic.core.errors.NotFound`."""
    return _one(_select().where(_within(case_id), CasePhoto.id == photo_id))


def waiting_photos(n: int = 40) -> tuple[PhotoRow, ...]:
    """Photos that somebody has to look at, the oldest first: those of messages that are or may become public."""
    return _rows(_select().where(*WAITING).order_by(CasePhoto.id).limit(n))


def count_waiting_photos() -> int:
    """How many photos wait."""
    query = select(func.count(CasePhoto.id)).join(Case, Case.feedback_id == CasePhoto.feedback_id)
    return db.session.scalar(query.where(*WAITING)) or 0


def public_photos(reference: str) -> tuple[PublicPhoto, ...]:
    """The photos that stand with a public case."""
    rows = _rows(_select().where(*_public(reference)).order_by(CasePhoto.number))
    return tuple(PublicPhoto(row.number, row.covered) for row in rows)


def public_photo(reference: str, number: int) -> PhotoRow:
    """A photo that the public may see now; raises NotFound for any other."""
    return _one(_select().where(*_public(reference), CasePhoto.number == number))


def _within(case_id: int) -> ColumnElement[bool]:
    return or_(Case.id == case_id, Case.survivor_id == case_id)


def _public(reference: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Case.reference == normalise_reference(reference),
        Case.visible.is_(True),
        CasePhoto.state == PhotoState.SHOWN.value,
    )


def _select() -> Select[Any]:
    query: Any = (
        select(CasePhoto, Case.reference, Case.visible, _EXPECTED.label("expected"), Feedback.text)
        .join(Case, Case.feedback_id == CasePhoto.feedback_id)
        .join(Feedback, Feedback.id == CasePhoto.feedback_id)
    )
    return query  # type: ignore[no-any-return]


def _one(query: Select[Any]) -> PhotoRow:
    rows = _rows(query)
    if not rows:
        raise NotFound(N_("There is no such photo."))
    return rows[0]


def _rows(query: Select[Any]) -> tuple[PhotoRow, ...]:
    return tuple(_row(row.CasePhoto, row) for row in db.session.execute(query))


def _row(photo: CasePhoto, row: Any) -> PhotoRow:
    state, erased = PhotoState(photo.state), photo.file_key is None and photo.shown_key is None
    return PhotoRow(
        id=photo.id,
        reference=row.reference,
        number=photo.number,
        state=state,
        squares=frozenset(photo.squares),
        file_key=photo.file_key,
        shown_key=photo.shown_key,
        preview_key=photo.preview_key,
        text=row.text,
        words=photo_words(state, erased=erased, expected=bool(row.expected), visible=row.visible),
    )
