"""Everything that is said on a case, for whoever looks for words at the desk. Never for the public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import and_, func, or_, select, union_all

from civic.cases.models import (
    FROM_RESIDENT,
    Case,
    CaseText,
    Feedback,
    InternalNote,
    Reply,
    ReplyState,
    TextRole,
)
from civic.core.extensions import db

SAID = sorted(role.value for role in FROM_RESIDENT - {TextRole.MASKED})


def words_on(case_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """The number of each case, the resident's words, replies that can be read or are being written, and notes.

    What another department had drafted, and what was hidden, isn't among them.
    """
    own = Case.id.in_(case_ids)
    written = or_(
        and_(Reply.state == ReplyState.PUBLISHED.value, Reply.concealed_at.is_(None)),
        and_(Reply.state == ReplyState.DRAFT.value, Reply.department_id == Case.department_id),
    )
    parts = (
        select(Case.id.label("case_id"), Case.reference.label("text")).where(own),
        select(Case.id, Feedback.text).join(Feedback, Feedback.id == Case.feedback_id).where(own),
        select(Case.id, CaseText.text)
        .join(CaseText, CaseText.case_id == Case.id)
        .where(own, CaseText.role.in_(SAID)),
        select(Case.id, Reply.text).join(Reply, Reply.case_id == Case.id).where(own, written),
        select(Case.id, InternalNote.text).join(InternalNote, InternalNote.case_id == Case.id).where(own),
    )
    found: dict[int, list[str]] = defaultdict(list)
    for case_id, text in db.session.execute(union_all(*parts)):
        found[case_id].append(text)
    return {case_id: tuple(texts) for case_id, texts in found.items()}


def case_ids_after(case_id: int, most: int) -> tuple[int, ...]:
    """The next cases by their ids, for going through all of them."""
    further = select(Case.id).where(Case.id > case_id).order_by(Case.id).limit(most)
    return tuple(db.session.scalars(further))


def count_cases() -> int:
    """How many cases there are."""
    return db.session.scalar(select(func.count(Case.id))) or 0
