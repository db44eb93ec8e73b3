"""What a change of cases tells higher features, in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.cases.rules.vocabulary import CaseAction, CaseStatus


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """Published in the transaction of a note, which is no event of its case."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """Published in the transaction of every change; higher features subscribe to it.

    ``first_seq`` numbers the first of its events, the others follow on. ``before`` is the status it had, None for a
    new case. ``visible`` and ``was_visible`` say whether the public can and could read the case.
    """

    case_id: int
    actions: tuple[CaseAction, ...]
    first_seq: int
    before: CaseStatus | None
    status: CaseStatus
    at: datetime
    item_id: int | None
    visible: bool
    was_visible: bool


@dataclass(frozen=True, slots=True)
class CasesLoaded:
    """Published in the transaction that loaded past cases; each is new and tells nobody. ``visible``: those of
    them that the public can read."""

    case_ids: tuple[int, ...]
    visible: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RevisionsErased:
    """Published when the saved versions of drafts go, with the words or in time."""

    reply_ids: tuple[int, ...]
