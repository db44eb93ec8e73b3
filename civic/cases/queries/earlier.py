"""Earlier answers of a department, to compare a new one with."""

from __future__ import annotations

from sqlalchemy import select

from civic.cases.models import Case, Reply, ReplyState
from civic.cases.rules import Earlier
from civic.core.extensions import db


def earlier_replies(department_id: int, other_than: int, most: int) -> tuple[Earlier, ...]:
    """The department's latest published replies to other cases, newest first; whoever works there may read them."""
    rows = db.session.execute(
        select(Case.reference, Reply.text)
        .join(Case, Case.id == Reply.case_id)
        .where(
            Reply.department_id == department_id,
            Reply.state == ReplyState.PUBLISHED.value,
            Reply.case_id != other_than,
            Reply.concealed_at.is_(None),
        )
        .order_by(Reply.id.desc())
        .limit(most)
    )
    return tuple(Earlier(row.reference, row.text) for row in rows)
