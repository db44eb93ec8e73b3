"""The one door through which every change of an opinion goes.

:func:`changing` opens an opinion under lock as the person saw it, :meth:`OpinionWork.apply` guards and records one
event, and on leaving, the row and its rounds follow from the facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from civic.core import outbox
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.core.extensions import db
from civic.core.text import tidy
from civic.departments import queries as departments
from civic.departments.rules import LevelKey
from civic.supervision import policy
from civic.supervision.models import Opinion, OpinionEvent, OpinionRound, OpinionText
from civic.supervision.queries.opinions.deputies import has_left
from civic.supervision.rules.opinions import (
    LONGEST_REMARK,
    Event,
    OpinionAction,
    OpinionFacts,
    TextRole,
    clock_params,
    evolve,
    replay,
)
from civic.supervision.services.scripts import OPINION, SCRIPT
from civic.web.caching import raise_content_version


@dataclass
class OpinionWork:
    """One opinion while it's being changed; ``facts`` is None for one that is just being begun. ``has_left``: its
    deputy isn't one any more."""

    actor: Actor
    now: datetime
    row: Opinion
    facts: OpinionFacts | None
    has_left: bool = False
    done: list[OpinionEvent] = field(default_factory=list)

    @property
    def current(self) -> OpinionFacts:
        assert self.facts is not None
        return self.facts

    def require(self, action: OpinionAction) -> None:
        """Refuse before anything is prepared for the action; raises NotAllowed."""
        policy.can_act_on_opinion(self.actor, action, self.current, has_left=self.has_left).require()

    def apply(self, action: OpinionAction, **params: Any) -> OpinionFacts:
        """Guard and record one event."""
        if self.facts is None:
            policy.can_write_opinions(self.actor).require()
        else:
            self.require(action)
        day = departments.local_day(self.now)
        event = Event(action, self.now, day, self.actor.account_id, params)
        self.facts = evolve(self.facts, event)
        self.done.append(
            OpinionEvent(
                seq=self.facts.seq, action=action.value, at=self.now, day=day,
                account_id=self.actor.account_id, params=params,
            )
        )  # fmt: skip
        return self.facts

    def keep_text(self, role: TextRole, words: str, answer_class: str | None = None) -> int:
        """Save a text as a row of its own; returns its id."""
        number = len(self.facts.rounds) if self.facts and role is not TextRole.OPINION else 0
        row = OpinionText(
            opinion_id=self.row.id, role=role.value, round=number, answer_class=answer_class, text=words,
            account_id=self.actor.account_id, at=self.now,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id

    def new_deadline(self) -> dict[str, Any]:
        """The clock of a round that begins now, as its event keeps it."""
        today, department_id = departments.local_day(self.now), self.current.department_id
        days = departments.service_levels().days(LevelKey.OPINION, department_id, today)
        return clock_params(departments.calendar().deadline(self.now, days))


@contextmanager
def begun(actor: Actor, row: Opinion, now: datetime) -> Iterator[OpinionWork]:
    """A new opinion, whose first event is applied inside."""
    db.session.add(row)
    db.session.flush()
    work = OpinionWork(actor, now, row, None)
    yield work
    _save(work)


@contextmanager
def changing(actor: Actor, opinion_id: int, version: int | None, now: datetime) -> Iterator[OpinionWork]:
    """An opinion under lock. ``version`` as the person saw it; None for the platform itself.

    Raises NotFound (also for whose business it is not) and :class:`Stale`.
    """
    query = select(Opinion).where(Opinion.id == opinion_id).with_for_update(of=Opinion)
    row: Opinion | None = db.session.scalar(query.execution_options(populate_existing=True))
    facts = replay(history(opinion_id)) if row is not None else None
    if row is None or facts is None:
        raise NotFound(N_("There is no such opinion."))
    left = has_left(facts.deputy_id)
    if not policy.opinion_parties(actor, facts, has_left=left):
        raise NotFound(N_("There is no such opinion."))
    if version is not None and row.version != version:
        raise Stale(N_("This opinion has changed since you opened it. Read it again first."), code="stale")
    work = OpinionWork(actor, now, row, facts, left)
    yield work
    _save(work)


def history(opinion_id: int) -> Iterator[Event]:
    """The events of an opinion in order; one query."""
    query = select(OpinionEvent).where(OpinionEvent.opinion_id == opinion_id).order_by(OpinionEvent.seq)
    for row in db.session.scalars(query):
        yield Event(OpinionAction(row.action), row.at, row.day, row.account_id, row.params)


def last_opinion_event() -> int:
    """The number of the newest event of any opinion, 0 before the first; until the transaction ends no other is
    written."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE opinion_event IN SHARE MODE"))
    return db.session.scalar(select(func.max(OpinionEvent.id))) or 0


def checked_remark(words: str, missing: str, name: str) -> str:
    """A remark or reason that can't stay empty; raises :class:`Invalid` at its field."""
    kept = tidy(words)
    if len(kept) < 2:
        raise Invalid(missing, field=name)
    if len(kept) > LONGEST_REMARK:
        raise Invalid(N_("This is too long: at most %(most)s characters."), field=name, most=LONGEST_REMARK)
    return kept


def _save(work: OpinionWork) -> None:
    """Write events, row and rounds; what becomes public or ceases to be raises the version of public content."""
    row, facts, was_public = work.row, work.current, work.row.public
    for event in work.done:
        event.opinion_id = row.id
        db.session.add(event)
    with db.session.no_autoflush:  # half of the columns would break the table's constraints
        row.status, row.department_id, row.text_id = facts.status.value, facts.department_id, facts.text_id
        row.draft_id, row.deputy_id = facts.draft_id, facts.deputy_id
        row.due_at = facts.round.due_at if facts.round else None
        row.deputy_agrees, row.department_agrees = facts.deputy_agrees, facts.department_agrees
        row.public = facts.is_public
        if row.public and row.published_at is None:
            row.published_at = work.now
        row.version += 1
        _project_rounds(row.id, facts)
    db.session.flush()
    if row.public and not was_public:
        outbox.enqueue(SCRIPT, f"{SCRIPT}:{OPINION}:{row.id}", {"subject": OPINION, "id": row.id}, work.now)
    if row.public or was_public:
        raise_content_version()


def _project_rounds(opinion_id: int, facts: OpinionFacts) -> None:
    known = {
        one.number: one
        for one in db.session.scalars(select(OpinionRound).where(OpinionRound.opinion_id == opinion_id))
    }
    for found in facts.rounds:
        values = asdict(found) | {"rating": found.rating.value if found.rating else None}
        row = known.get(found.number)
        if row is None:
            db.session.add(OpinionRound(opinion_id=opinion_id, **values))
            continue
        for name, value in values.items():
            setattr(row, name, value)
