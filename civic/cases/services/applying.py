"""The one door through which every change of a case goes.

:func:`changing` opens a case under lock, :meth:`CaseWork.apply` guards and records one
event, and on leaving, the row, the assignments, the rounds, the counters
and the subscribers follow from the facts before and after.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from civic.cases import policy
from civic.cases.models import Case, CaseEvent, CaseText, Reply, TextRole
from civic.cases.rules import (
    CaseAction,
    CaseChanged,
    CaseFacts,
    CaseStatus,
    Event,
    Publication,
    days_held,
    difference,
    evolve,
    replay,
)
from civic.cases.rules.vocabulary import MAX_TEXT
from civic.cases.services.counting import post, posting_together
from civic.cases.services.locking import lock_cases
from civic.cases.services.projecting import case_columns, project
from civic.cases.services.scripting import REPLIES, ask_for_traditional
from civic.cases.services.supporting import note_support_change
from civic.cases.services.surroundings import Surroundings, surroundings, works_for
from civic.core import events
from civic.core.actor import SYSTEM, Actor, Role
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.core.extensions import db
from civic.core.text import tidy
from civic.departments import queries as departments
from civic.web.caching import raise_content_version

JOINING = frozenset({CaseAction.ABSORB, CaseAction.RELEASE})
"""A case is joined by another one, or left: who supports either is counted together, or apart again."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands after a change; ``version`` is what the next change must name."""

    case_id: int
    reference: str
    version: int
    status: CaseStatus
    publication: Publication


@dataclass
class CaseWork:
    """One case while it's being changed."""

    actor: Actor
    now: datetime
    case: Case
    before: CaseFacts | None
    facts: CaseFacts | None
    around: Surroundings
    done: list[CaseEvent] = field(default_factory=list)

    @property
    def current(self) -> CaseFacts:
        assert self.facts is not None
        return self.facts

    def apply(self, action: CaseAction, *, by: Actor | None = None, **params: Any) -> CaseFacts:
        """Guard and record one event; ``by`` names another actor than the one who opened the case.

        Raises :class:`NotAllowed` with the reason if table, capacity or guard refuse it.
        """
        actor = by or self.actor
        if self.facts is None:
            policy.can_submit(actor).require()
        else:
            policy.can(actor, action, self.facts, self.now).require()
        kept = {name: value for name, value in params.items() if value is not None}
        event = Event(action, self.now, self.around.calendar.local_day(self.now), kept, actor.account_id)
        self.facts = evolve(self.facts, event)
        self.done.append(
            CaseEvent(
                seq=self.facts.seq,
                action=action.value,
                at=event.at,
                day=event.day,
                actor_kind=actor.kind.value,
                account_id=actor.account_id,
                department_id=self._department_of(actor),
                params=kept,
            )
        )
        return self.facts

    def succeed(self, old: int, new: int, code: str) -> None:
        """Put one department in the place of another, as they were ``merged`` or ``split``; the clocks stay.

        Whoever had the case keeps it if they work for the new department as well.
        """
        facts = self.current
        holds = facts.at_department and facts.department_id == old
        if holds and facts.draft_id is not None:
            db.session.get_one(Reply, facts.draft_id).department_id = new
        self.apply(
            CaseAction.SUCCEED,
            by=SYSTEM,
            from_id=old,
            department_id=new,
            holds=holds,
            whole=(code == "merged") or None,
            assignee_id=facts.assignee_id if holds and works_for(facts.assignee_id, new) else None,
            held_days=days_held(self.around.calendar, facts.stint, self.around.today) if holds else None,
            reason={"code": code},
        )

    def _follow_successors(self) -> None:
        """An open case is never left with a department that is gone, whichever way it came there."""
        facts, heirs = self.current, departments.heirs()
        involved = (facts.department_id, facts.sealed_department_id, *facts.supports)
        for old in dict.fromkeys(one for one in involved if one in heirs) if facts.is_open else ():
            assert old is not None
            self.succeed(old, heirs[old], "merged")

    def _take_along(self) -> None:
        """What was merged into the case goes where it goes: whoever answers reaches all who wrote, and nobody else."""
        department_id = self.current.department_id
        if self.before is None or self.before.department_id == department_id:
            return
        for case_id in self.current.absorbed:
            with changing(SYSTEM, case_id, None, self.now) as other:
                other.go_along(department_id)

    def go_along(self, department_id: int | None) -> None:
        """Be with the department that has the case which this one was merged into."""
        if self.current.status is CaseStatus.MERGED and self.current.department_id != department_id:
            self.apply(CaseAction.FOLLOW, by=SYSTEM, department_id=department_id)

    def require(self, action: CaseAction) -> None:
        """Refuse before anything is prepared for the action; raises :class:`NotAllowed`."""
        policy.can(self.actor, action, self.current, self.now).require()

    def may(self, action: CaseAction) -> bool:
        """Whether the action is possible now."""
        return bool(policy.can(self.actor, action, self.current, self.now))

    def _department_of(self, actor: Actor) -> int | None:
        """In whose name a member of staff acts: the holding department, or a supporting one; of a case that they
        enter for somebody, their own."""
        facts = self.before or self.current
        own = actor.departments()
        if self.before is None and not actor.has(Role.DISPATCHER):
            return min(own, default=None)
        if facts.department_id in own:
            return facts.department_id
        return next((d for d in facts.supports if d in own), None)

    def write(
        self, role: TextRole, text: str, *, required: bool = True, field_name: str = "reason"
    ) -> dict[str, Any]:
        """Keep a free text and return the parameters by which an event names it.

        Raises :class:`Invalid` for a missing or overlong text.
        """
        return self._named(role, checked_text(text, field_name, required=required))

    def _named(self, role: TextRole, text: str) -> dict[str, Any]:
        if not text:
            return {}
        salt = secrets.token_hex(16)
        row = CaseText(
            case_id=self.case.id,
            role=role.value,
            text=text,
            salt=salt,
            account_id=self.actor.account_id,
            department_id=self._department_of(self.actor),
            at=self.now,
        )
        db.session.add(row)
        db.session.flush()
        return {"text_id": row.id, "hash": salted_hash(salt, text)}

    def begin(self) -> None:
        """Write a new case: its row first, for the events to refer to."""
        for name, value in case_columns(self.current).items():
            setattr(self.case, name, value)
        db.session.add(self.case)
        db.session.flush()
        self.finish()

    def finish(self) -> None:
        """Write what follows from the new events."""
        if not self.done:
            return
        self._follow_successors()
        self._take_along()
        facts = self.current
        for entry in self.done:
            entry.case_id = self.case.id
        db.session.add_all(self.done)
        if self.before is not None:
            self.case.version += 1
        project(self.case, self.before, facts)
        if self._new_to_readers():
            ask_for_traditional(self.case.id, facts.seq, self.now)
        if any(CaseAction(entry.action) in JOINING for entry in self.done):
            note_support_change([self.case.id], self.now)
        if self._public_pages_change():
            raise_content_version()
        try:
            db.session.flush()
        except StaleDataError as error:
            raise stale() from error
        events.publish(
            CaseChanged(
                case_id=self.case.id,
                actions=tuple(CaseAction(entry.action) for entry in self.done),
                first_seq=self.done[0].seq,
                before=self.before.status if self.before is not None else None,
                status=facts.status,
                at=self.now,
                item_id=facts.item_id,
                visible=facts.is_visible,
                was_visible=self.before is not None and self.before.is_visible,
            )
        )
        # Last: what is posted together with other cases' must not stay when this one fails.
        post(difference(self.before, facts))

    def _new_to_readers(self) -> bool:
        """Whether words or an answer can now be read that could not be before."""
        facts, before = self.current, self.before
        answered = any(CaseAction(entry.action) in REPLIES for entry in self.done)
        shown = facts.is_visible and (
            before is None or not before.is_visible or before.masked_text_id != facts.masked_text_id
        )
        return answered or shown

    def _public_pages_change(self) -> bool:
        """Whether someone may read or could read the case; of another even the moment of a change stays inside."""
        return self.current.is_visible or (self.before is not None and self.before.is_visible)

    @property
    def state(self) -> State:
        facts = self.current
        return State(self.case.id, self.case.reference, self.case.version, facts.status, facts.publication)


@contextmanager
def changing(actor: Actor, case_id: int, version: int | None, now: datetime) -> Iterator[CaseWork]:
    """Open a case for a change, under lock together with what was merged into it.

    ``version`` is what the actor saw; None only for the platform's own sweeps. Raises
    :class:`NotFound` if the case isn't the actor's business, :class:`Stale` if it changed.
    """
    case = _locked(case_id)
    facts = load_facts(case_id) if case else None
    if case is None or facts is None or not policy.can_see(actor, facts):
        raise not_found()
    if version is not None and version != case.version:
        raise stale()
    work = CaseWork(actor, now, case, facts, facts, surroundings(now))
    # Together with what goes along with it.
    with posting_together():
        yield work
        work.finish()


def _locked(case_id: int) -> Case | None:
    """The case, under lock together with those that were merged into it, which go where it goes; in their order."""
    merged = db.session.scalars(select(Case.id).where(Case.survivor_id == case_id)).all()
    rows = db.session.scalars(
        select(Case)
        .where(Case.id.in_((case_id, *merged)))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return next((case for case in rows.all() if case.id == case_id), None)


@contextmanager
def changing_several(case_ids: Iterable[int]) -> Iterator[None]:
    """Open each of these with :func:`changing` in here: all are locked before the first is changed, in one order, and
    what they bring to the counters is posted together. So nobody who changes several waits in a circle.
    """
    lock_cases(case_ids)
    with posting_together():
        yield


@contextmanager
def changing_two(
    actor: Actor, case_id: int, version: int, other_id: int, now: datetime
) -> Iterator[tuple[CaseWork, CaseWork]]:
    """Open two cases; ``version`` is what the actor saw of the first one."""
    with (
        changing_several((case_id, other_id)),
        changing(actor, case_id, version, now) as work,
        changing(actor, other_id, None, now) as other,
    ):
        yield work, other


@contextmanager
def changing_merged(
    actor: Actor, case_id: int, version: int, now: datetime
) -> Iterator[tuple[CaseWork, CaseWork | None]]:
    """Open a case and the one that it was merged into; None if it wasn't."""
    survivor_id = db.session.scalar(select(Case.survivor_id).where(Case.id == case_id))
    if survivor_id is None:
        with changing(actor, case_id, version, now) as work:
            yield work, None
        return
    with changing_two(actor, case_id, version, survivor_id, now) as (work, survivor):
        if work.current.survivor_id != survivor_id:
            raise stale()
        yield work, survivor


def load_facts(case_id: int) -> CaseFacts | None:
    """The facts of a case, from its events."""
    rows = db.session.execute(
        select(CaseEvent.action, CaseEvent.at, CaseEvent.day, CaseEvent.params, CaseEvent.account_id)
        .where(CaseEvent.case_id == case_id)
        .order_by(CaseEvent.seq)
    )
    return replay(Event(CaseAction(r.action), r.at, r.day, r.params, r.account_id) for r in rows)


def salted_hash(salt: str, text: str) -> str:
    """What an event keeps of a text: proof of what it was, worthless once text and salt are erased."""
    return sha256(f"{salt}\x00{text}".encode()).hexdigest()


def checked_text(text: str, field_name: str, *, required: bool = True, longest: int = MAX_TEXT) -> str:
    """The text as it's kept; raises :class:`Invalid` at its field if it's missing or too long."""
    kept = tidy(text)
    if required and not kept:
        raise Invalid(
            N_("Please write this down: it can't stay empty."), code="text_missing", field=field_name
        )
    if len(kept) > longest:
        raise Invalid(
            N_("This is too long: at most %(longest)s characters."),
            code="text_too_long",
            field=field_name,
            longest=longest,
        )
    return kept


def not_found() -> NotFound:
    return NotFound(N_("There is no such case."), code="no_case")


def stale() -> Stale:
    return Stale(
        N_("Someone else has changed this case in the meantime. Look at it again before you go on."),
        code="stale_case",
    )
