"""Open cases that may be one matter, for the dispatcher. Nothing is merged by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from civic.cases import policy
from civic.cases.models import Case, CaseRound, Feedback
from civic.cases.rules import OPEN, STATUS_LABELS, CaseStatus, Mergeable, groups_of, into_one, near_pairs
from civic.core.actor import Actor
from civic.core.extensions import db
from civic.core.text import bigrams

WITHIN_DAYS = 60
MOST_READ = 5_000
"""Open cases that are looked at, the newest first."""
MOST_COMPARED = 800
"""Of those how many of one department, because the work grows faster than their number."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One case of a group."""

    case_id: int
    reference: str
    status_label: str
    department_id: int | None
    street_id: int | None
    item_id: int | None
    submitted_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Cases that say nearly the same: the first goes on, each of the others can be merged into it."""

    cases: tuple[Duplicate, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        ids = sorted(one.case_id for one in self.cases)
        return tuple((one, other) for at, one in enumerate(ids) for other in ids[at + 1 :])


def duplicate_groups(
    actor: Actor, now: datetime, apart: Collection[Pair] = frozenset()
) -> tuple[DuplicateGroup, ...]:
    """Groups of open cases of the last weeks that say nearly the same, the largest first.

    Compared is what one department has, and what waits for one: a matter that lies with two is merged by hand.
    Cases on different items, or of different streets, are never one matter, and what can't be merged as it stands is
    no part of a group. ``apart``: pairs of ids (the smaller first) of which somebody said that they aren't one matter.
    """
    rows = {row.id: row for row in db.session.execute(_lately(now))}
    stands = {key: _stands(row) for key, row in rows.items()}
    held: dict[int | None, dict[int, frozenset[str]]] = defaultdict(dict)
    for key, row in rows.items():
        if len(held[row.department_id]) < MOST_COMPARED:
            held[row.department_id][key] = frozenset(bigrams(row.text))

    @cache
    def may_merge(one: Mergeable, other: Mergeable) -> bool:
        return bool(policy.can_merge(actor, one, other))

    pairs = (
        (one, other)
        for texts in held.values()
        for one, other in near_pairs(texts)
        if (one, other) not in apart
        and _agree(rows[one].item_id, rows[other].item_id)
        and _agree(rows[one].street_id, rows[other].street_id)
        and (may_merge(stands[one], stands[other]) or may_merge(stands[other], stands[one]))
    )
    found = []
    for group in groups_of(pairs):
        keys = sorted(group, key=lambda key: (rows[key].submitted_at, key))
        one_matter = into_one([stands[key] for key in keys], may_merge)
        found.append(DuplicateGroup(tuple(_shown(rows[keys[at]]) for at in one_matter)))
    return tuple(sorted(found, key=lambda group: -len(group.cases)))


def _lately(now: datetime) -> Select[*tuple[Any, ...]]:
    merged = aliased(Case)
    return (
        select(
            Case.id, Case.reference, Case.status, Case.department_id, Case.street_id, Case.item_id, Case.submitted_at,
            Feedback.text,
            exists().where(merged.survivor_id == Case.id).label("holds_others"),
            exists().where(CaseRound.case_id == Case.id, CaseRound.number > 1).label("objects"),
        )
        .join(Feedback, Feedback.id == Case.feedback_id)
        .where(
            Case.status.in_([status.value for status in OPEN]),
            Case.submitted_at >= now - timedelta(days=WITHIN_DAYS),
            Feedback.erased_at.is_(None),
        )
        .order_by(Case.submitted_at.desc(), Case.id.desc())
        .limit(MOST_READ)
    )  # fmt: skip


def _stands(row: Any) -> Mergeable:
    return Mergeable(CaseStatus(row.status), row.department_id, bool(row.objects), bool(row.holds_others))


def _shown(row: Any) -> Duplicate:
    return Duplicate(
        row.id, row.reference, STATUS_LABELS[CaseStatus(row.status)], row.department_id, row.street_id, row.item_id,
        row.submitted_at, row.text,
    )  # fmt: skip


def _agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other
