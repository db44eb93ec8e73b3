"""A district of thousands of cases over 400 days: each lives by the table of transitions, at random moments.

Events are made by the workflow's own rules and written in bulk with the rows that follow from them.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert

from civic.cases.models import Assignment, Case, CaseEvent, CaseRound, Feedback, LoneSignature
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
)
from civic.cases.services.counting import post
from civic.cases.services.projecting import case_columns, lone_signatures, round_columns, stint_columns
from civic.cases.services.summing import sum_up
from civic.core.db import unit_of_work
from civic.core.workdays import Calendar
from civic.departments import queries as departments
from tests.unit.cases.happenings import happen

A = CaseAction
DAYS = 400


class Over(Exception):
    """The last day is reached: whatever is going on stays as it is."""


@dataclass(frozen=True)
class Places:
    """Where cases come from and go to; None is drawn as often as one of them."""

    departments: tuple[int, ...]
    items: tuple[int | None, ...]
    streets: tuple[int | None, ...]


@dataclass
class Life:
    """One case from its submission to its end, or to the last day."""

    draw: random.Random
    calendar: Calendar
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
        if self.at > self.last:
            raise Over
        assert (self.facts.status if self.facts else None, action) in TRANSITIONS
        self.facts, event = happen(self.facts, action, self.at, calendar=self.calendar, **params)
        self.history.append(event)

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

    def _handled(self) -> bool:
        """One round up to its answer; whether another one began."""
        self._left_aside()
        self._accepted()
        self._asked()
        self._extended()
        if self.chance(0.05):
            self.do(A.ESCALATE)
        self.wait(6 if self.chance(0.8) else 25)
        author, approver = self.draw.choice([(1, 2), (1, 2), (3, 3)])
        reply = {"account_id": author, "reply_id": 1}
        self.do(A.DRAFT_REPLY, **reply)
        self.do(A.SEND_FOR_APPROVAL, account_id=author)
        self.wait(2)
        self.do(A.APPROVE_REPLY, account_id=approver)
        self.do(A.PUBLISH_REPLY, account_id=approver, resolution=self.draw.choice(list(Resolution)).value)
        return self._judged()

    def _left_aside(self) -> None:
        self.wait(3)
        if self.chance(0.04):
            self.do(A.WITHDRAW)
            raise Over
        if self.chance(0.06) and self.earlier:
            self.wait(4 if self.chance(0.6) else 30)
            self.do(A.MERGE, survivor_id=self.draw.randint(1, self.earlier))
            if self.chance(0.6):
                raise Over
            self.wait(6)
            self.do(A.UNMERGE)
            self.wait(2)

    def _accepted(self) -> None:
        while self.now.status in (CaseStatus.TRIAGE, CaseStatus.ROUTED):
            if self.now.status is CaseStatus.ROUTED and not self.chance(0.12):
                self.do(A.ACCEPT)
                return
            if self.now.status is CaseStatus.ROUTED:
                self.do(A.RETURN)
                self.wait(3)
            self.do(A.DESIGNATE, department_id=self.draw.choice(self.places.departments))
            self.wait(3)

    def _asked(self) -> None:
        if not self.chance(0.2):
            return
        self.wait(4)
        self.do(A.ASK_RESIDENT)
        self.wait(20)
        if self.chance(0.15):
            self.do(A.WITHDRAW)
            raise Over
        self.do(self.draw.choice([A.ADD_INFORMATION, A.RESUME]))

    def _extended(self) -> None:
        if self.now.extension.value == "none" and self.chance(0.15):
            self.do(A.REQUEST_EXTENSION, days=self.draw.randint(1, 10))
            self.wait(2)
            self.do(self.draw.choice([A.APPROVE_EXTENSION, A.REFUSE_EXTENSION]))

    def _corrected(self) -> None:
        if self.chance(0.1):
            self.wait(3)
            resolution = self.draw.choice(list(Resolution)).value
            self.do(A.CORRECT_REPLY, account_id=2, reply_id=2, resolution=resolution)

    def _judged(self) -> bool:
        self._corrected()
        self.wait(10)
        if self.chance(0.7):
            level, solved = self.draw.choice(list(RatingLevel)), self.draw.choice([None, *Solved])
            self.do(A.RATE, level=level.value, solved=solved.value if solved else None)
            if level is RatingLevel.DISSATISFIED and self.now.reopenings < 3 and self.chance(0.6):
                self.do(A.REOPEN)
                return True
        if self.chance(0.1) and self.now.is_visible:
            self.do(A.UNPUBLISH)
        self._corrected()
        self.at += timedelta(days=15)
        self.do(A.CLOSE)
        self._corrected()
        return False


@cache
def lives(seed: int, number: int, places: Places, last: datetime) -> tuple[Life, ...]:
    """So many cases by the loaded calendar; made once for both databases, which hold the same district."""
    draw, calendar = random.Random(seed), departments.calendar()
    found = []
    for case_id in range(1, number + 1):
        began = last - timedelta(days=DAYS * draw.random())
        found.append(Life(draw, calendar, places, last, case_id - 1, began))
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
        sum_up(most=4000)


@dataclass
class _Rows:
    tables: dict[Any, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            model: [] for model in (Feedback, Case, CaseEvent, Assignment, CaseRound, LoneSignature)
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
