"""Traditional characters for what the public reads of a case, written by the worker after publication.

The words were published as they are; the conversion (character by character, see ``core.scripts``)
loads OpenCC, which no web process should hold. Until it is done a reader of Traditional gets the
Simplified text, which is never wrong, only the other script.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.cases.models import Case, CaseText, Feedback, Reply, ReplyState
from civic.cases.rules import CaseAction
from civic.core import outbox
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.web.caching import raise_content_version

KIND = "case_script"
"""The kind of the outbox message."""

REPLIES = frozenset({CaseAction.PUBLISH_REPLY, CaseAction.CORRECT_REPLY})
"""What brings a new reply that somebody reads: the resident always, the public if the case is public."""


def ask_for_traditional(case_id: int, seq: int, now: datetime) -> None:
    """Let the worker write what is missing of the case; ``seq`` is the event that published it."""
    outbox.enqueue(KIND, f"{KIND}:{case_id}:{seq}", {"case_id": case_id}, now)


def write_traditional(payload: Mapping[str, Any], now: datetime) -> None:
    """Write the Traditional form of a case's public words and published replies, where it is missing.

    Doing it twice changes nothing: texts are never edited, so what is written stays right. What the
    public can't read isn't converted: a word kept private or covered by a mask stays in one copy.
    """
    case = db.session.get(Case, payload["case_id"])
    if case is None:
        return
    missing: list[Feedback | CaseText | Reply] = [
        *db.session.scalars(
            select(Reply)
            .where(
                Reply.case_id == case.id,
                Reply.state == ReplyState.PUBLISHED.value,
                Reply.concealed_at.is_(None),
                Reply.text_hant == "",
            )
            .order_by(Reply.id)
        )
    ]
    if case.visible:
        words = (
            db.session.get(CaseText, case.masked_text_id)
            if case.masked_text_id
            else db.session.get(Feedback, case.feedback_id)
        )
        if words is not None and not words.text_hant:
            missing.append(words)
    for row in missing:
        row.text_hant = traditional(row.text)
    if missing and case.visible:
        raise_content_version()
