"""The figures of supervision once more, from the rows of events alone and from nothing but their definitions.

Written from docs/supervision.md. It shares no code with the counters: it keeps its own clocks over the working days
as they were known when each was set, and asks of each case at the end of a day who holds it and what is owed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

ZONE, CLOSES = ZoneInfo("Asia/Shanghai"), time(17, 30)
DAY = timedelta(days=1)
Works = Callable[[date], bool]
Known = Callable[[datetime], Works]
"""Which days are worked, as it was known at a moment."""


@dataclass
class Clock:
    start: date
    days: int
    works: Works
    still: list[tuple[date, date]] = field(default_factory=list)

    @property
    def due(self) -> date:
        return _due(self.start, self.days, tuple(self.still), self.works)

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.due, CLOSES, ZONE)

    def passed(self, at: datetime) -> bool:
        return at > self.moment

    def used(self, until: date, works: Works) -> int:
        day, n = self.start, 0
        while day < until:
            day += DAY
            n += _counts(day, self.still, works)
        return n

    def stand_still(self, since: datetime, until: datetime, works: Works) -> None:
        """After close of work belongs to the next day; a clock that has run out isn't stopped."""
        if not self.passed(since):
            self.still.append((_office_day(since), _office_day(until)))
            self.works = works

    def passed_on(self) -> Clock:
        return replace(self, still=[*self.still])


def _counts(day: date, still: Iterable[tuple[date, date]], works: Works) -> bool:
    return works(day) and not any(a <= day < b for a, b in still)


@cache
def _due(start: date, days: int, still: tuple[tuple[date, date], ...], works: Works) -> date:
    day = start
    while days:
        day += DAY
        days -= _counts(day, still, works)
    return day


def _office_day(at: datetime) -> date:
    local = at.astimezone(ZONE)
    return local.date() + (DAY if local.time() > CLOSES else 0 * DAY)


@dataclass
class Stay:
    """One holder's time with the case."""

    holder: int | None
    at: datetime
    day: date
    accept: Clock | None = None
    own: Clock | None = None
    accepted: datetime | None = None
    end: datetime | None = None
    end_day: date | None = None
    how: str = ""


@dataclass
class Answer:
    """What is owed once: the first answer, or one after an objection."""

    again: bool
    at: datetime
    day: date
    clock: Clock
    took: int = 0
    given: datetime | None = None
    given_day: date | None = None
    by: int | None = None
    how: str = ""
    resolution: str = ""
    judged: list[str] = field(default_factory=list)
    rating: str = ""
    solved: str | None = None
    stopped: bool = False
    """The clock was stopped in time and never ran on."""
    left: datetime | None = None


@dataclass(frozen=True)
class Unit:
    """Something that counts once on a day, for a holder."""

    what: str
    day: date
    holder: int | None
    days: int = 0


class Told:
    """One case as its events tell it."""

    def __init__(self, events: Iterable[Any], known: Known) -> None:
        self.known = known
        self.units: list[Unit] = []
        self.stays: list[Stay] = []
        self.answers: list[Answer] = []
        self.holder: int | None = None
        self.asked: datetime | None = None
        self.drafters: set[int] = set()
        self.approver: int | None = None
        self.status, self.shown, self.first_shown = "open", False, None
        self.ended: date | None = None
        self.merged_at: datetime | None = None
        self.escalated: date | None = None
        for event in events:
            self._tell(event.action, event.at, event.day, event.params, event.account_id)
        self._conclude()

    def _clock(self, at: datetime, day: date, params: Mapping[str, Any], name: str) -> Clock | None:
        return Clock(day, params[name]["days"], self.known(at)) if params.get(name) else None

    def _tell(self, action: str, at: datetime, day: date, p: Mapping[str, Any], who: int | None) -> None:
        self._change(action, at, day, p, who)
        if self.asked:
            self.answers[-1].stopped = not self.answers[-1].clock.passed(self.asked)

    def _change(self, action: str, at: datetime, day: date, p: Mapping[str, Any], who: int | None) -> None:
        stay = self.stays[-1] if self.stays else None
        answer = self.answers[-1] if self.answers else None
        if action == "submit":
            self.kind, self.street, self.item = p["kind"], p["street_id"], p["item_id"]
            self.stays.append(Stay(None, at, day))
            self._owe(False, at, day, p)
            self.submitted = day
            return
        assert stay
        assert answer
        if action in ("route", "designate", "transfer"):
            if action == "route" and stay.at == at:
                self.stays.pop()
            else:
                self._leave(at, day, "returned" if self.returned else "moved")
            self.holder, self.drafters = p["department_id"], set()
            # Own days are counted of first answers; a second one has its round.
            own = None if answer.again else self._clock(at, day, p, "own")
            self.stays.append(Stay(self.holder, at, day, self._clock(at, day, p, "accept"), own))
        elif action == "succeed" and p["holds"]:
            self._inherit(p["department_id"], at, day)
        elif action == "move_deadlines":
            for name, clock in (("clock", answer.clock), ("own", stay.own), ("accept", stay.accept)):
                if clock and name in p:
                    clock.days, clock.works = p[name]["days"], self.known(at)
        elif action == "accept":
            stay.accepted = at
        elif action == "return":
            self.returned = True
            self.units.append(Unit("returned", day, self.holder))
        elif action == "ask_resident":
            self.asked = at
        elif action in ("add_information", "resume") and self.asked:
            self._stand_still(self.asked, at)
            self.asked, answer.stopped = None, False
        elif action == "request_extension":
            self.wanted = p["days"]
        elif action == "approve_extension":
            self.units.append(Unit("extended", day, self.holder))
            for clock in (answer.clock, stay.own):
                if clock:
                    clock.days, clock.works = clock.days + self.wanted, self.known(at)
        elif action == "escalate":
            self.escalated = day
        elif action in ("draft_reply", "send_for_approval"):
            self.drafters.add(who or 0)
        elif action == "approve_reply":
            self.approver = who
        elif action == "publish_reply":
            answer.given, answer.given_day, answer.by = at, day, self.holder
            answer.resolution = p["resolution"]
            answer.took = answer.clock.used(day, self.known(at))
            if len(self.drafters | {self.approver}) == 1:
                self.units.append(Unit("single_signature", day, self.holder))
            self.drafters = set()
            self._leave(at, day, "replied")
        elif action == "correct_reply":
            # A resident who has judged an answer has judged what it brought then.
            if answer.rating or self.status == "closed":
                answer.judged.append(answer.resolution)
            answer.resolution = p["resolution"]
            if len(self.drafters | {who}) == 1:
                self.units.append(Unit("single_signature", day, answer.by))
            self.drafters = set()
        elif action == "rate":
            by = answer.by
            if self.status == "merge":
                # Of the answer that the other case got: it judges nothing that was answered here.
                by = p["department_id"]
            else:
                answer.rating, answer.solved = p["level"], p["solved"]
            self.units.append(Unit(f"rated_{p['level']}", day, by))
        elif action in ("reopen", "appeal"):
            if self.status == "merge":
                # Whoever gave the common answer has it from now on.
                self.holder = p["department_id"]
            if action == "reopen":
                self.units.append(Unit("reopened", day, self.holder))
            if action == "appeal" or sum(a.again for a in self.answers) == 2:
                self.holder = None
            if action == "reopen" and self.holder is None:
                self.escalated = day
            self.status, self.ended = "open", None
            self.stays.append(Stay(self.holder, at, day))
            self._owe(action == "reopen", at, day, p)
        elif action in ("withdraw", "merge", "decline"):
            answer.left = self.asked if answer.stopped else at
            answer.how, self.status, self.ended = action, action, day
            self.shown = self.shown and action == "merge"
            self.merged_at = at
            if action == "merge":
                # What was late then stays with who was late, wherever the case goes with the other one.
                answer.by = self.holder
            self._leave(at, day, action)
        elif action == "follow":
            self.holder = p.get("department_id")
        elif action == "unmerge":
            assert self.merged_at
            answer.left, answer.how, answer.by, self.status, self.ended = None, "", None, "open", None
            self.holder = stay.holder
            stay.end, stay.end_day, stay.how = None, None, ""
            self._stand_still(self.merged_at, at)
        elif action == "close":
            self.status, self.ended = "closed", day
        elif action == "publish":
            self.shown, self.first_shown = True, self.first_shown or day
        elif action in ("unpublish", "revoke_consent", "erase_words"):
            self.shown = False

    returned = False

    def _owe(self, again: bool, at: datetime, day: date, p: Mapping[str, Any]) -> None:
        self.answers.append(Answer(again, at, day, Clock(day, p["clock"]["days"], self.known(at))))

    def _inherit(self, holder: int, at: datetime, day: date) -> None:
        """The heir goes on with the clocks; a clock that stands still, or hasn't run out, is no longer the former's."""
        former, pending = self.stays[-1], self.returned
        accept = former.accept if former.accepted is None else None
        clocks = [clock.passed_on() if clock else None for clock in (accept, former.own)]
        if former.at == at:
            self.stays.pop()
        else:
            if former.own and self.asked and not former.own.passed(self.asked):
                former.own = None
            self._leave(at, day, "succeeded")
        self.holder, self.returned = holder, pending
        self.stays.append(Stay(holder, at, day, *clocks))

    def _leave(self, at: datetime, day: date, how: str) -> None:
        stay = self.stays[-1]
        if stay.end is None:
            stay.end, stay.end_day, stay.how = at, day, how
        self.returned = False

    def _stand_still(self, since: datetime, until: datetime) -> None:
        stay = self.stays[-1]
        accept = stay.accept if stay.accepted is None else None
        for clock in (self.answers[-1].clock, stay.own, accept):
            if clock:
                clock.stand_still(since, until, self.known(until))

    def _conclude(self) -> None:
        add = self.units.append
        add(Unit("received", self.submitted, self.holder))
        if self.shown and self.status != "merge" and self.first_shown:
            add(Unit("public", self.first_shown, self.holder))
        if self.escalated:
            add(Unit("escalated", self.escalated, self.holder))
        if self.ended and self.status in ("withdraw", "merge", "decline"):
            add(Unit(self.status, self.ended, self.holder))
        if self.ended and self.status == "closed" and self.kind != "praise":
            add(Unit("solved" if self._solved() else "not_solved", self.ended, self.holder))
        for stay in self.stays:
            self._conclude_stay(stay)
        for answer in self.answers:
            self._conclude_answer(answer)

    def _solved(self) -> bool:
        last = self.answers[-1]
        if last.solved in ("partly", "not") or last.rating == "dissatisfied":
            return False
        solving = {"resolved", "adopted"} | ({"explained"} if self.kind == "question" else set())
        return {last.resolution, *last.judged[:1]} <= solving

    def _conclude_stay(self, stay: Stay) -> None:
        # What had run out before the case came is the account of whoever had it then.
        if stay.accept and not stay.accept.passed(stay.at):
            gone = stay.end is not None and stay.accepted is None
            excused = stay.how in ("decline", "returned") or not stay.accept.passed(stay.end or stay.at)
            if not (gone and excused):
                self.units.append(Unit("accept_due", stay.accept.due, stay.holder))
                if stay.accepted and not stay.accept.passed(stay.accepted):
                    self.units.append(Unit("accept_on_time", stay.accept.due, stay.holder))
        if stay.own and not stay.own.passed(stay.at) and stay.how not in ("decline", "withdraw"):
            kept_on = stay.end is None and not (self.asked and not stay.own.passed(self.asked))
            late = stay.end is not None and stay.own.passed(stay.end)
            if stay.how == "replied" or kept_on or late:
                self.units.append(Unit("own_due", stay.own.due, stay.holder))
                if stay.how == "replied" and not late:
                    self.units.append(Unit("own_on_time", stay.own.due, stay.holder))

    def _conclude_answer(self, answer: Answer) -> None:
        prefix = "again" if answer.again else "reply"
        last = answer is self.answers[-1]
        holder = answer.by if answer.given or answer.how == "merge" else (self.holder if last else None)
        if answer.given:
            owed = True
        elif answer.how:
            owed = answer.how in ("withdraw", "merge") and answer.clock.passed(answer.left or answer.at)
        else:
            owed = not answer.stopped
        if owed:
            self.units.append(Unit(f"{prefix}_due", answer.clock.due, holder))
            if answer.given and not answer.clock.passed(answer.given):
                self.units.append(Unit(f"{prefix}_on_time", answer.clock.due, holder))
        if answer.given_day:
            self.units.append(Unit(f"{prefix}_days", answer.given_day, holder, answer.took))

    def held_by(self, day: date) -> Stay | None:
        """Who has the case at the end of a day, if an answer is owed."""
        return next((s for s in self.stays if s.day <= day and (s.end_day is None or day < s.end_day)), None)

    def late_on(self, day: date, judged: date) -> bool:
        """Whether the answer that is owed at the end of a day is past its deadline then."""
        owed = [a for a in self.answers if a.day <= day][-1]
        return not owed.stopped and owed.clock.due <= min(day, judged)
