"""A district of thousands of cases over 400 days: each lives by the table of transitions, at random moments.

Events are made by the workflow's own rules and written in bulk with the rows that follow from them. On the way a
notice changes the working days, levels change, and departments pass on what they hold to others.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert

from civic.cases.models import Assignment, Case, CaseEvent, CaseJudgement, CaseRound, Feedback, LoneSignature
from civic.cases.rules import (
    TRANSITIONS,
    CaseAction,
    CaseFacts,
    CaseStatus,
    CounterKey,
    Event,
    FeedbackKind,
    RatingLevel,
    Resolution,
    Solved,
    contributions,
    moved_clocks,
)
from civic.cases.services.counting import post
from civic.cases.services.projecting import (
    case_columns,
    judgements,
    lone_signatures,
    round_columns,
    stint_columns,
)
from civic.cases.services.summing import sum_up
from civic.core.db import unit_of_work
from civic.core.workdays import Calendar
from civic.departments import queries as departments
from tests.unit.cases.happenings import happen

A = CaseAction
DAYS = 400
NOTICE = datetime(2026, 4, 27, 1, 0, tzinfo=UTC)
"""When the days off of May and June are made known: deadlines that were promised before move then."""


class Over(Exception):
    """The last day is reached: whatever is going on stays as it is."""


@dataclass(frozen=True)
class Places:
    """Where cases come from and go to; None is drawn as often as one of them."""

    departments: tuple[int, ...]
    items: tuple[int | None, ...]
    streets: tuple[int | None, ...]


@dataclass(frozen=True)
class Years:
    """The working days, as they were known before the notice and since."""

    before: Calendar
    since: Calendar

    def at(self, moment: datetime) -> Calendar:
        return self.since if moment >= NOTICE else self.before


def years(calendar: Calendar) -> Years:
    """The loaded calendar, whose days from the notice on to the end of June nobody knew before it."""
    until = NOTICE.date() + timedelta(days=64)
    known = {day: works for day, works in calendar.days.items() if not NOTICE.date() <= day <= until}
    return Years(replace(calendar, days=known), calendar)


@dataclass
class Life:
    """One case from its submission to its end, or to the last day."""

    draw: random.Random
    years: Years
    places: Places
    last: datetime
    earlier: int
    """Cases with numbers up to this one exist already, to be merged into."""
    at: datetime
    facts: CaseFacts | None = None
    history: list[Event] = field(default_factory=list)

    def live(self) -> None:
        try:
            self._submitted()
            self._routed()
            while self._handled():
                pass
        except Over:
            pass

    def do(self, action: CaseAction, **params: Any) -> None:
        if self.facts and self.history[-1].at < NOTICE <= self.at:
            self._move(NOTICE)
        if self.at > self.last:
            raise Over
        assert (self.facts.status if self.facts else None, action) in TRANSITIONS
        self._record(action, self.at, **params)

    def _record(self, action: CaseAction, at: datetime, **params: Any) -> None:
        self.facts, event = happen(self.facts, action, at, calendar=self.years.at(at), **params)
        self.history.append(event)

    def _move(self, at: datetime, days: dict[str, int] | None = None) -> None:
        """The running clocks under the working days of that moment, or with other days for their levels."""
        if not self.now.is_open:
            return
        levels = (lambda level, _: days.get(level)) if days else None
        clocks = moved_clocks(self.years.at(at), self.now, levels)
        if clocks:
            self._record(A.MOVE_DEADLINES, at, **{name: clock.as_params() for name, clock in clocks.items()})

    def wait(self, days: float) -> None:
        """A random while, up to so many days and often much shorter."""
        self.at += timedelta(days=days * self.draw.random() ** 2, seconds=1)

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    @property
    def now(self) -> CaseFacts:
        assert self.facts is not None
        return self.facts

    def _submitted(self) -> None:
        draw = self.draw
        self.do(
            A.SUBMIT,
            kind=draw.choice(list(FeedbackKind)).value,
            wants_publication=self.chance(0.7),
            item_id=draw.choice(self.places.items),
            street_id=draw.choice(self.places.streets),
        )

    def _routed(self) -> None:
        if self.chance(0.25):
            self.wait(2)
            self.do(A.TRIAGE)
            self.wait(3)
        if self.chance(0.06):
            self.do(A.DECLINE, code="no_substance")
            if self.chance(0.5):
                raise Over
            self.wait(5)
            self.do(A.APPEAL)
            self.wait(4)
        self.do(A.ROUTE, department_id=self.draw.choice(self.places.departments))
        if self.now.wants_publication and self.chance(0.8):
            self.wait(2)
            self.do(A.PUBLISH)
            if self.chance(0.05):
                self.do(A.UNPUBLISH)
                self.wait(2)
                self.do(A.PUBLISH)
            if self.chance(0.05):
                self.do(A.REVOKE_CONSENT)

    def _handled(self) -> bool:
        """One round up to its answer; whether another one began."""
        self._left_aside()
        self._accepted()
        steps = (self._asked, self._extended, self._passed_on, self._levelled)
        for step in self.draw.sample(steps, len(steps)):
            step()
        if self.chance(0.05):
            self.do(A.ESCALATE)
        self.wait(6 if self.chance(0.8) else 25)
        approver = self._written()
        self.do(A.APPROVE_REPLY, account_id=approver)
        self.do(A.PUBLISH_REPLY, account_id=approver, resolution=self.draw.choice(list(Resolution)).value)
        return self._judged()

    def _written(self) -> int:
        """An answer laid before the lead, perhaps a second time, perhaps by another department; who approves it."""
        author, approver = self.draw.choice([(1, 2), (1, 2), (3, 3)])
        self.do(A.DRAFT_REPLY, account_id=author, reply_id=1)
        self.do(A.SEND_FOR_APPROVAL, account_id=author)
        self.wait(2)
        if self.chance(0.05):
            self.do(A.SEND_BACK, account_id=approver)
            self.do(A.SEND_FOR_APPROVAL, account_id=author)
        if self.chance(0.05):
            self._succeeded()
        if not self.chance(0.05):
            return approver
        self.do(A.TRANSFER, department_id=self._another())
        self._accepted()
        return self._written()

    def _left_aside(self) -> None:
        self.wait(3)
        if self.chance(0.04):
            self.do(A.WITHDRAW)
            raise Over
        if self.chance(0.06) and self.earlier:
            self.wait(4 if self.chance(0.6) else 30)
            self.do(A.MERGE, survivor_id=self.draw.randint(1, self.earlier))
            self.do(A.FOLLOW, department_id=self._another())
            if self.chance(0.5) and self._judged_together():
                return
            if self.chance(0.6):
                raise Over
            self.wait(6)
            self.do(A.UNMERGE)
            if self.chance(0.2):
                self._succeeded()
            self.wait(2)

    def _judged_together(self) -> bool:
        """The answer that the other case got; whether an objection took this one out."""
        self.wait(20)
        by = self.draw.choice(self.places.departments)
        level, solved = self.draw.choice(list(RatingLevel)), self.draw.choice([None, *Solved])
        said = {"level": level.value, "solved": solved.value if solved else None}
        self.do(A.RATE, answered_case_id=self.now.survivor_id, round=1, department_id=by, **said)
        if level is not RatingLevel.DISSATISFIED or self.now.reopenings > 2:
            return False
        self.do(A.REOPEN, department_id=by, reply_id=1)
        return True

    def _accepted(self) -> None:
        while self.now.status in (CaseStatus.TRIAGE, CaseStatus.ROUTED):
            if self.now.status is CaseStatus.ROUTED and not self.chance(0.12):
                self.do(A.ACCEPT)
                return
            if self.now.status is CaseStatus.ROUTED:
                if self.chance(0.3):
                    self._succeeded()
                if self.chance(0.7):
                    self.do(A.RETURN)
                self.wait(3)
                if self.chance(0.1):
                    self._succeeded()
                if self.chance(0.4) or not self.now.return_pending:
                    self.do(A.TRANSFER, department_id=self._another())
                    continue
            self.do(A.DESIGNATE, department_id=self.draw.choice(self.places.departments))
            self.wait(3)

    def _asked(self) -> None:
        """The resident, perhaps again and again; meanwhile the case may pass on and its deadlines move."""
        while self.chance(0.2):
            self.wait(4)
            self.do(A.ASK_RESIDENT)
            self.wait(10)
            if self.chance(0.2):
                self._succeeded()
            self._levelled()
            self._decided()
            self.wait(10)
            if self.chance(0.15):
                self.do(A.WITHDRAW)
                raise Over
            self.do(self.draw.choice([A.ADD_INFORMATION, A.RESUME]))
            if self.chance(0.1):
                self.do(A.ADD_INFORMATION)

    def _extended(self) -> None:
        if self.now.extension.value == "none" and self.chance(0.15):
            self.do(A.REQUEST_EXTENSION, days=self.draw.randint(1, 10))
            if self.chance(0.7):
                self._decided()
            else:
                # What was asked for before the question to the resident is decided while it stands.
                self._asked()

    def _decided(self) -> None:
        if self.now.extension.value == "requested":
            self.wait(2)
            self.do(self.draw.choice([A.APPROVE_EXTENSION, A.REFUSE_EXTENSION]))

    def _corrected(self) -> None:
        if self.chance(0.1):
            self.wait(3)
            self.do(
                A.CORRECT_REPLY, account_id=2, reply_id=2, resolution=self.draw.choice(list(Resolution)).value
            )

    def _passed_on(self) -> None:
        if self.chance(0.08):
            self.wait(6)
            self.do(A.TRANSFER, department_id=self._another())
            self._accepted()
        if self.chance(0.1):
            self.wait(12)
            self._succeeded()

    def _succeeded(self) -> None:
        """Another department stands in the place of the one that has the case."""
        holder = self.now.department_id
        if holder is not None:
            self.do(A.SUCCEED, from_id=holder, department_id=self._another(), holds=True)

    def _another(self) -> int:
        return self.draw.choice([one for one in self.places.departments if one != self.now.department_id])

    def _levelled(self) -> None:
        """Levels changed: more days than before, or so few that the answer is late at once."""
        if self.chance(0.06) and self.at <= self.last:
            days = self.draw.choice([2, 4, 8, 15])
            self._move(self.at, {self.now.kind.value: days, "accept": self.draw.choice([1, 2])})

    def _judged(self) -> bool:
        self._corrected()
        self.wait(10)
        if self.chance(0.7):
            level, solved = self.draw.choice(list(RatingLevel)), self.draw.choice([None, *Solved])
            self.do(A.RATE, level=level.value, solved=solved.value if solved else None)
            if level is RatingLevel.DISSATISFIED and self.now.reopenings < 3 and self.chance(0.6):
                self.do(A.REOPEN)
                if self.chance(0.1):
                    self._succeeded()
                return True
        if self.chance(0.1) and self.now.is_visible:
            self.do(A.UNPUBLISH)
        self._corrected()
        self.at += timedelta(days=15)
        self.do(A.CLOSE)
        self._corrected()
        if self.chance(0.05):
            self.wait(9)
            self.do(A.ERASE_WORDS)
        return False


@cache
def lives(seed: int, number: int, places: Places, last: datetime) -> tuple[Life, ...]:
    """So many cases by the loaded calendar; made once for both databases, which hold the same district."""
    draw, known = random.Random(seed), years(departments.calendar())
    found = []
    for case_id in range(1, number + 1):
        began = last - timedelta(days=DAYS * draw.random())
        found.append(Life(draw, known, places, last, case_id - 1, began))
        found[-1].live()
    return tuple(found)


def write(found: tuple[Life, ...]) -> None:
    """In bulk, with the rows that single steps would have left. Needs a database without cases."""
    rows, counters = _Rows(), Counter[CounterKey]()
    for case_id, life in enumerate(found, 1):
        rows.add(case_id, life)
        counters.update(contributions(life.facts))
    with unit_of_work() as session:
        for model, values in rows.tables.items():
            session.execute(insert(model.__table__), values)
        post(counters)
        # Some of it is in the sums by month and year, and the rest is read beside them.
        sum_up(most=1000)


@dataclass
class _Rows:
    tables: dict[Any, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            model: []
            for model in (Feedback, Case, CaseEvent, Assignment, CaseRound, LoneSignature, CaseJudgement)
        }
    )

    def add(self, case_id: int, life: Life) -> None:
        facts = life.now
        self.tables[Feedback].append({
            "id": case_id, "received_at": facts.submitted_at, "kind": facts.kind.value, "text": "", "text_salt": "",
            "text_hash": "", "channel": "web", "nonce_hash": f"n{case_id}",
            "wants_publication": facts.wants_publication,
        })  # fmt: skip
        self.tables[Case].append({
            "id": case_id, "reference": f"TJ-{case_id:06}", "version": 1, "feedback_id": case_id, **case_columns(facts),
        })  # fmt: skip
        for seq, event in enumerate(life.history, 1):
            self.tables[CaseEvent].append({
                "case_id": case_id, "seq": seq, "action": event.action.value, "at": event.at, "day": event.day,
                "actor_kind": "system", "account_id": event.account_id, "params": dict(event.params),
            })  # fmt: skip
        for stint in facts.stints:
            self.tables[Assignment].append(
                {"case_id": case_id, "number": stint.number, **stint_columns(facts, stint)}
            )
        for entry in facts.rounds:
            self.tables[CaseRound].append(
                {"case_id": case_id, "number": entry.number, **round_columns(facts, entry)}
            )
        self.tables[LoneSignature].extend({"case_id": case_id, **one} for one in lone_signatures(facts))
        self.tables[CaseJudgement].extend({"case_id": case_id, **one} for one in judgements(facts))
