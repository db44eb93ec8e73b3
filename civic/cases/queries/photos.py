"""Photos of cases: all of them for who may see the case, the approved ones of public cases for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from civic.cases.models import Case, CasePhoto, Feedback
from civic.cases.rules import CaseStatus, PhotoState
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.ids import normalise_reference


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo of a case, for who may see the case: ``file_key`` is None once the original was erased."""

    case_id: int
    reference: str
    number: int
    state: PhotoState
    covered: bool
    file_key: str | None
    shown_key: str | None
    preview_key: str | None
    text: str
    """The words it came with."""
    submitted_at: datetime
    decided_at: datetime | None


WAITING = (
    CasePhoto.state == PhotoState.WAITING.value,
    CasePhoto.file_key.is_not(None),
    Case.wants_publication.is_(True),
    Case.status.not_in([CaseStatus.WITHDRAWN.value, CaseStatus.DECLINED.value]),
)


def photos_of_case(case_id: int) -> tuple[PhotoRow, ...]:
    """All photos of a case; whether the reader may see the case was asked before."""
    return _rows(_select().where(Case.id == case_id).order_by(CasePhoto.number))


def photo_of_case(case_id: int, number: int) -> PhotoRow:
    """One of them; raises :class:`~civic.core.errors.NotFound`."""
    return _one(_select().where(Case.id == case_id, CasePhoto.number == number))


def waiting_photos(n: int = 40) -> tuple[PhotoRow, ...]:
    """Photos that somebody has to look at, the oldest first: those of writers who agreed to publication."""
    return _rows(_select().where(*WAITING).order_by(CasePhoto.id).limit(n))


def count_waiting_photos() -> int:
    """How many photos wait."""
    query = select(func.count(CasePhoto.id)).join(Case, Case.feedback_id == CasePhoto.feedback_id)
    return db.session.scalar(query.where(*WAITING)) or 0


def public_photos(reference: str) -> tuple[int, ...]:
    """The numbers of the photos that stand with a public case."""
    query = select(CasePhoto.number).join(Case, Case.feedback_id == CasePhoto.feedback_id)
    query = query.where(*_public(reference)).order_by(CasePhoto.number)
    return tuple(db.session.scalars(query))


def public_photo(reference: str, number: int) -> PhotoRow:
    """A photo that the public may see now; raises NotFound for any other."""
    return _one(_select().where(*_public(reference), CasePhoto.number == number))


def _public(reference: str) -> tuple[Any, ...]:
    return (
        Case.reference == normalise_reference(reference),
        Case.visible.is_(True),
        CasePhoto.state == PhotoState.SHOWN.value,
    )


def _select() -> Select[Any]:
    query: Any = (
        select(CasePhoto, Case.id.label("case_id"), Case.reference, Case.submitted_at, Feedback.text)
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
    return tuple(
        PhotoRow(
            row.case_id,
            row.reference,
            row.CasePhoto.number,
            PhotoState(row.CasePhoto.state),
            row.CasePhoto.covered,
            row.CasePhoto.file_key,
            row.CasePhoto.shown_key,
            row.CasePhoto.preview_key,
            row.text,
            row.submitted_at,
            row.CasePhoto.decided_at,
        )
        for row in db.session.execute(query)
    )
