"""Cases that routing gave to a department by itself, and where they are today: what its rules got wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from civic.cases.models import Case, CaseEvent, Feedback
from civic.cases.rules import CaseAction
from civic.core.actor import ActorKind
from civic.core.extensions import db
from civic.core.text import excerpt

AT_ONCE = 2_000
"""Rows held in memory."""
EXCERPT = 90


@dataclass(frozen=True, slots=True)
class Routed:
    """A case that no person routed: why it went where it first went, and who has it now; None: the dispatcher."""

    case_id: int
    reason: Mapping[str, Any]
    first: int
    now: int | None

    @property
    def is_corrected(self) -> bool:
        """Whether it went to another department since. Where nobody has it, nothing is settled."""
        return self.now is not None and self.now != self.first


@dataclass(frozen=True, slots=True)
class Words:
    """The beginning of a first message; no ``excerpt``: erased."""

    reference: str
    submitted_at: datetime
    excerpt: str


def routed_since(since: datetime, most: int) -> Iterator[Routed]:
    """The newest ``most`` cases of those that came in since then and were routed at once, the newest first."""
    first = and_(
        CaseEvent.case_id == Case.id,
        CaseEvent.action == CaseAction.ROUTE.value,
        CaseEvent.actor_kind == ActorKind.SYSTEM.value,
    )
    query = (
        select(Case.id, CaseEvent.params, Case.department_id)
        .join(CaseEvent, first)
        .where(Case.submitted_at >= since)
        .order_by(Case.submitted_at.desc(), Case.id.desc())
        .limit(most)
        .execution_options(yield_per=AT_ONCE)
    )
    for case_id, params, now in db.session.execute(query):
        yield Routed(case_id, params["reason"], params["department_id"], now)


def first_words(case_ids: Collection[int]) -> dict[int, Words]:
    """How the first message of each of these cases begins."""
    query = (
        select(Case.id, Case.reference, Case.submitted_at, Feedback.text)
        .join(Feedback, Feedback.id == Case.feedback_id)
        .where(Case.id.in_(case_ids))
    )
    return {row[0]: Words(row[1], row[2], excerpt(row[3], EXCERPT)) for row in db.session.execute(query)}
