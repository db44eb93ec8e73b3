"""The events of a past case: those that the same steps would have left here, at their historic moments.

Deadlines are counted by the working days and service levels of those days. Nothing is made up: where the other
system doesn't say when a department accepted, acceptance isn't counted; who signed an answer isn't known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from civic.cases.rules.clocks import Levels, closing_moment, start_clock
from civic.cases.rules.facts import Event
from civic.cases.rules.past_rows import PastAnswer, PastCase, PastRefusal
from civic.cases.rules.refusing import PrivateBecause
from civic.cases.rules.vocabulary import CaseAction, RatingLevel
from civic.core.workdays import Calendar, workdays_between

LOADED = {"code": "loaded"}
"""Why a department had the case: the other system says so."""

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """By which ids and hashes the events name what is kept beside them. ``refusal`` names the explanation."""

    feedback_id: int
    text_hash: str
    reply_id: int | None = None
    reply_hash: str = ""
    refusal: Mapping[str, Any] | None = None


class Almanac:
    """The district's working days and levels; what was counted for a day once isn't counted again."""

    def __init__(self, calendar: Calendar, levels_on: Callable[[int | None, date], Levels]) -> None:
        self.calendar = calendar
        self._levels_on = levels_on
        self._levels: dict[tuple[int | None, date], Levels] = {}
        self._clocks: dict[tuple[date, int], Params] = {}
        self._spans: dict[tuple[date, date], int] = {}
        self._closings: dict[tuple[date, int], datetime] = {}

    def levels(self, department_id: int | None, day: date) -> Levels:
        """What held for a department on a day."""
        key = (department_id, day)
        if key not in self._levels:
            self._levels[key] = self._levels_on(department_id, day)
        return self._levels[key]

    def clock(self, at: datetime, days: int) -> Params:
        """A clock of so many working days from a moment on, as an event keeps it."""
        key = (self.calendar.local_day(at), days)
        if key not in self._clocks:
            self._clocks[key] = start_clock(self.calendar, at, days).as_params()
        return self._clocks[key]

    def span(self, after: date, until: date) -> int:
        """How many working days passed."""
        key = (after, until)
        if key not in self._spans:
            self._spans[key] = workdays_between(self.calendar, after, until)
        return self._spans[key]

    def closing(self, replied_at: datetime, days: int) -> datetime:
        """Until when one could object."""
        key = (self.calendar.local_day(replied_at), days)
        if key not in self._closings:
            self._closings[key] = closing_moment(self.calendar, replied_at, days)
        return self._closings[key]


def past_events(past: PastCase, kept: Kept, almanac: Almanac, system: str, now: datetime) -> list[Event]:
    """All events of a past case, in order."""
    return _Telling(past, kept, almanac, now).events(system)


class _Telling:
    """One case while its events are written down."""

    def __init__(self, past: PastCase, kept: Kept, almanac: Almanac, now: datetime) -> None:
        self.past, self.kept, self.almanac, self.now = past, kept, almanac, now
        self.told: list[Event] = []
        day = almanac.calendar.local_day(past.submitted_at)
        levels = almanac.levels(past.department_id, day)
        self.clock = almanac.clock(past.submitted_at, levels.reply_days(past.kind))
        self.review_days = levels.moderate
        self.held_since: date | None = None

    def tell(self, action: CaseAction, at: datetime, **params: Any) -> None:
        known = {name: value for name, value in params.items() if value is not None}
        self.told.append(Event(action, at, self.almanac.calendar.local_day(at), known))

    def events(self, system: str) -> list[Event]:
        past = self.past
        self._submit(system)
        if past.department_id is not None:
            self._send(past.department_id)
        else:
            self.tell(CaseAction.TRIAGE, past.submitted_at, reason=LOADED)
        if past.answer is not None:
            self._accept(past.accepted_at or past.answer.at)
            self._answer(past.answer)
        else:
            if past.accepted_at is not None:
                self._accept(past.accepted_at)
            self._leave()
        self._publication()
        # Sorting keeps the order of what happened at the same moment.
        return sorted(self.told, key=lambda event: event.at)

    def _submit(self, system: str) -> None:
        past = self.past
        agreed = past.published_at is not None
        self.tell(
            CaseAction.SUBMIT,
            past.submitted_at,
            feedback_id=self.kept.feedback_id,
            hash=self.kept.text_hash,
            kind=past.kind.value,
            item_id=past.item_id,
            street_id=past.street_id,
            wants_publication=agreed,
            about_staff=False,
            channel=past.channel.value,
            loaded_from=system,
            clock=self.clock,
            review=self.almanac.clock(past.submitted_at, self.review_days) if agreed else None,
        )

    def _send(self, department_id: int) -> None:
        """Routed at once, or from the dispatcher's desk, as the moments say."""
        past, almanac = self.past, self.almanac
        at = past.routed_at or past.submitted_at
        if at > past.submitted_at:
            self.tell(CaseAction.TRIAGE, past.submitted_at, reason=LOADED)
        self.held_since = almanac.calendar.local_day(at)
        levels = almanac.levels(department_id, self.held_since)
        # An answer without a moment of acceptance: whether it was accepted in time isn't known.
        unknown = past.answer is not None and past.accepted_at is None
        self.tell(
            CaseAction.ROUTE,
            at,
            department_id=department_id,
            reason=LOADED,
            accept=None if unknown else almanac.clock(at, levels.accept),
            own=almanac.clock(at, levels.reply_days(past.kind)),
            returning=almanac.clock(at, levels.return_within),
        )

    def _accept(self, at: datetime) -> None:
        days = self._held(at) if self.past.accepted_at is not None else None
        self.told.append(
            Event(CaseAction.ACCEPT, at, self.almanac.calendar.local_day(at), {"accept_days": days})
        )

    def _held(self, at: datetime) -> int | None:
        """Whole working days with the department; None on the dispatcher's desk."""
        if self.held_since is None:
            return None
        return self.almanac.span(self.held_since, self.almanac.calendar.local_day(at))

    def _answer(self, answer: PastAnswer) -> None:
        past, almanac = self.past, self.almanac
        day = almanac.calendar.local_day(answer.at)
        until = almanac.closing(answer.at, almanac.levels(past.department_id, day).close_after)
        self.tell(
            CaseAction.PUBLISH_REPLY,
            answer.at,
            reply_id=self.kept.reply_id,
            hash=self.kept.reply_hash,
            resolution=answer.resolution.value,
            days=almanac.span(almanac.calendar.local_day(past.submitted_at), day),
            held_days=self._held(answer.at),
            close_at=until.isoformat(),
        )
        closed_at = past.closed_at
        if past.rating is not None:
            rated_at = past.rated_at or past.closed_at or answer.at
            solved = past.solved.value if past.solved else None
            self.tell(CaseAction.RATE, rated_at, level=past.rating.value, solved=solved)
            content = past.rating is not RatingLevel.DISSATISFIED
            # Here a rating closes a case; where people were asked afterwards, it was over then.
            closed_at = max(closed_at, rated_at) if closed_at else rated_at if content else None
        if closed_at is None and until <= self.now:
            closed_at = max(until, self.told[-1].at)
        if closed_at is not None:
            self.tell(CaseAction.CLOSE, closed_at)

    def _leave(self) -> None:
        past = self.past
        if past.declined is not None:
            self._decline(past.declined)
        elif past.withdrawn_at is not None:
            self.tell(CaseAction.WITHDRAW, past.withdrawn_at, held_days=self._held(past.withdrawn_at))
        elif (due := datetime.fromisoformat(self.clock["due"])) < self.now:
            self.tell(CaseAction.BECAME_OVERDUE, due)

    def _decline(self, declined: PastRefusal) -> None:
        almanac = self.almanac
        day = almanac.calendar.local_day(declined.at)
        self.tell(
            CaseAction.DECLINE,
            declined.at,
            code=declined.code.value,
            held_days=self._held(declined.at),
            appeal_until=almanac.closing(declined.at, almanac.levels(None, day).close_after).isoformat(),
            **(self.kept.refusal or {}),
        )

    def _publication(self) -> None:
        """Published as it was there, unless its words may expose someone: then a person looks at it first."""
        past = self.past
        if past.published_at is None or past.declined is not None or past.withdrawn_at is not None:
            return
        if past.exposes:
            self.tell(CaseAction.KEEP_PRIVATE, past.published_at, code=PrivateBecause.EXPOSES.value)
        else:
            self.tell(CaseAction.PUBLISH, past.published_at)
