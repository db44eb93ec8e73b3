"""What residents said, for whoever counts what is talked about. Never shown to anybody as it stands here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from civic.cases.models import Case, CaseText, Contact, Feedback
from civic.cases.rules import CaseStatus, proposed_mask
from civic.core.extensions import db

NOT_MEANT = (CaseStatus.WITHDRAWN.value, CaseStatus.DECLINED.value)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One resident's words without what tells of the person: the public text, or the original with all such places
    covered. ``writer`` is a keyed hash of telephone or e-mail, '' without either."""

    case_id: int
    day: date
    item_id: int | None
    street_id: int | None
    published: bool
    text: str
    writer: str


def spoken_since(day: date, most: int) -> tuple[Spoken, ...]:
    """The newest messages from a day on, the oldest first.

    Left out are withdrawn and declined ones, erased words, and what is about a department's staff, unless it is public.
    """
    query = (
        select(
            Case.id, Case.submitted_day, Case.item_id, Case.street_id, Case.visible, Case.masked_text_id,
            Feedback.text, CaseText.text.label("masked"), Contact.phone_hash, Contact.email_hash,
        )
        .join(Feedback, Feedback.id == Case.feedback_id)
        .outerjoin(CaseText, CaseText.id == Case.masked_text_id)
        .outerjoin(Contact, Contact.feedback_id == Case.feedback_id)
        .where(*_meant(day))
        .order_by(Case.submitted_day.desc(), Case.id.desc())
        .limit(most)
    )  # fmt: skip
    found = [
        Spoken(
            row.id, row.submitted_day, row.item_id, row.street_id, row.visible,
            _public(row.masked_text_id, row.text, row.masked) if row.visible else proposed_mask(row.text),
            row.phone_hash or row.email_hash or "",
        )
        for row in db.session.execute(query)
    ]  # fmt: skip
    return tuple(reversed(found))


def still_spoken(day: date) -> dict[int, bool]:
    """The cases of which :func:`spoken_since` would read now, and whether the public can read them."""
    query = select(Case.id, Case.visible).join(Feedback, Feedback.id == Case.feedback_id)
    return {row.id: row.visible for row in db.session.execute(query.where(*_meant(day)))}


def _meant(day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Case.submitted_day >= day,
        Case.status.not_in(NOT_MEANT),
        Feedback.erased_at.is_(None),
        or_(Case.visible.is_(True), Case.about_staff.is_(False)),
    )


def _public(masked_text_id: int | None, text: str, masked: str | None) -> str:
    return text if masked_text_id is None else masked or ""
