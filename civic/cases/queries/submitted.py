"""Residents' words as they came in, with where the case went: for trying rules of routing on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from civic.cases.models import Case, Feedback
from civic.core.extensions import db

AT_ONCE = 2_000
"""Rows held in memory."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A first message as routing sees it, and the department that has the case now; no ``text``: erased."""

    reference: str
    text: str
    kind: str
    item_id: int | None
    street_id: int | None
    speaks_as: str | None
    about_staff: bool
    department_id: int | None


def submitted_since(since: datetime, most: int) -> Iterator[Submitted]:
    """The newest ``most`` cases that came in since then, the newest first, read as they're asked for."""
    query = (
        select(
            Case.reference, Feedback.text, Feedback.kind, Feedback.item_id, Feedback.street_id, Feedback.speaks_as,
            Feedback.about_staff, Case.department_id,
        )
        .join(Feedback, Feedback.id == Case.feedback_id)
        .where(Case.submitted_at >= since)
        .order_by(Case.submitted_at.desc(), Case.id.desc())
        .limit(most)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    return (Submitted(*row) for row in db.session.execute(query))
