"""Whether a text has come before, by its fingerprint: the words themselves are not compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from civic.cases.codes import text_fingerprint
from civic.cases.models import Case, Feedback
from civic.cases.rules import CaseStatus
from civic.core.crypto import keyed_hash
from civic.core.extensions import db


@dataclass(frozen=True, slots=True)
class SentBefore:
    """A message with the same words that the same browser has sent; ``nonce`` is its form's one-time number."""

    reference: str
    case_id: int
    nonce: str


def count_same_text(text: str, since: datetime) -> int:
    """How many messages with just this text came in since then."""
    query = select(func.count(Feedback.id)).where(
        Feedback.text_hash == text_fingerprint(text), Feedback.received_at > since
    )
    return db.session.scalar(query) or 0


def sent_before(
    nonces: Sequence[str], text: str, about: Mapping[str, int | str | None], since: datetime
) -> SentBefore | None:
    """The newest of these forms' messages with the same text ``about`` the same item and place.

    One that was withdrawn doesn't count: who took it back may send it anew.
    """
    by_hash = {keyed_hash(nonce, "nonce"): nonce for nonce in nonces}
    if not by_hash:
        return None
    row = db.session.execute(
        select(Case.id, Case.reference, Feedback.nonce_hash)
        .join(Feedback, Feedback.id == Case.feedback_id)
        .where(
            Feedback.nonce_hash.in_(by_hash),
            Feedback.text_hash == text_fingerprint(text),
            Feedback.received_at > since,
            Case.status != CaseStatus.WITHDRAWN.value,
            *(getattr(Feedback, name).is_not_distinct_from(value) for name, value in about.items()),
        )
        .order_by(Feedback.id.desc())
        .limit(1)
    ).one_or_none()
    return SentBefore(row.reference, row.id, by_hash[row.nonce_hash]) if row else None
