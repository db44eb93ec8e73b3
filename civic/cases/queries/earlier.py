"""What was written before: earlier answers of a department, and earlier versions of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.cases.models import Case, Reply, ReplyRevision, ReplyState
from civic.cases.rules import Earlier, Resolution
from civic.core.extensions import db


@dataclass(frozen=True, slots=True)
class Revision:
    """A draft as somebody saved it."""

    number: int
    text: str
    resolution: Resolution | None
    referred_to: str
    account_id: int | None
    at: datetime

    @property
    def said(self) -> tuple[str, Resolution | None, str]:
        """Everything that goes out: what two versions are compared by."""
        return self.text, self.resolution, self.referred_to


def revisions_of(reply_id: int) -> tuple[Revision, ...]:
    """The saved versions of a draft, the oldest first; for those who may read the draft."""
    rows = db.session.scalars(
        select(ReplyRevision).where(ReplyRevision.reply_id == reply_id).order_by(ReplyRevision.number)
    )
    return tuple(
        Revision(
            row.number,
            row.text,
            Resolution(row.resolution) if row.resolution else None,
            row.referred_to,
            row.account_id,
            row.at,
        )
        for row in rows
    )


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
