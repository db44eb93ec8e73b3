"""What happens next: said to the resident each time, for every situation a case can be in.

:func:`situation` names the situation, :func:`outlook` says it in sentences with the days that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from civic.cases.rules.answering import MAX_REOPENINGS
from civic.cases.rules.clocks import Levels
from civic.cases.rules.facts import CaseFacts
from civic.cases.rules.sentences import Param, Sentence
from civic.cases.rules.together import CommonAnswer, judgement_of
from civic.cases.rules.vocabulary import CaseStatus, RatingLevel, RoundKind
from civic.core.errors import N_
from civic.core.workdays import Calendar, workdays_between


class Situation(StrEnum):
    """Where a case stands, as it matters to its writer."""

    HELD = "held"
    TRIAGE = "triage"
    TRIAGE_AFTER_OBJECTIONS = "triage_after_objections"
    TRIAGE_AFTER_APPEAL = "triage_after_appeal"
    ROUTED = "routed"
    ROUTED_LATE = "routed_late"
    IN_PROGRESS = "in_progress"
    REOPENED = "reopened"
    ASKED = "asked"
    ASKED_LATE = "asked_late"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    OVERDUE = "overdue"
    REPLIED = "replied"
    DISPUTED = "disputed"
    DISPUTED_FOR_GOOD = "disputed_for_good"
    CLOSED = "closed"
    DECLINED = "declined"
    DECLINED_FOR_GOOD = "declined_for_good"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


NEXT: Mapping[Situation, str] = {
    Situation.HELD: N_(
        "A person looks at it first and passes it on to a department. The answer is due by %(due)s all the same."
    ),
    Situation.TRIAGE: N_(
        "The dispatcher finds the department that is in charge. The answer is due by %(due)s all the same."
    ),
    Situation.TRIAGE_AFTER_OBJECTIONS: N_(
        "You objected for the third time. The dispatcher now decides who answers, and it is listed for supervision. "
        "The answer is due by %(due)s."
    ),
    Situation.TRIAGE_AFTER_APPEAL: N_(
        "You objected, so it can't be declined again. The dispatcher gives it to a department, which answers by "
        "%(due)s."
    ),
    Situation.ROUTED: N_("The department has to accept it by %(accept)s and to answer by %(due)s."),
    Situation.ROUTED_LATE: N_(
        "The department should have accepted it by %(accept)s; the dispatcher sees that it has not. The answer is "
        "due by %(due)s all the same."
    ),
    Situation.IN_PROGRESS: N_(
        "The department is working on it. The answer is due by %(due)s; working days left: %(left)s."
    ),
    Situation.REOPENED: N_(
        "The department looks at it again, because you objected. The new answer is due by %(due)s; working days "
        "left: %(left)s."
    ),
    Situation.ASKED: N_(
        "The clock stands still since %(since)s, because the department waits for your answer. Once you have "
        "answered, it has %(left)s working days left."
    ),
    Situation.ASKED_LATE: N_(
        "The department waits for your answer. Its own answer was due on %(due)s; it asked too late for the clock to "
        "stop, so it counts as late all the same."
    ),
    Situation.IN_APPROVAL: N_(
        "The answer is written. The lead of the department still has to approve it, by %(due)s at the latest."
    ),
    Situation.APPROVED: N_(
        "The answer is written and approved. The department still has to publish it, by %(due)s at the latest."
    ),
    Situation.OVERDUE: N_(
        "The answer was due on %(due)s and is late. The department's lead and the dispatcher see this, and it "
        "counts in the department's public figures. You need not do anything."
    ),
    Situation.REPLIED: N_(
        "Say by %(until)s what you think of the answer. If you say nothing, it is closed on that day."
    ),
    Situation.DISPUTED: N_(
        "You were dissatisfied. Say why by %(until)s, and it is taken up again; if you say nothing, it is closed "
        "on that day."
    ),
    Situation.DISPUTED_FOR_GOOD: N_(
        "You were dissatisfied again. Your judgement counts in the public figures and it stays listed for "
        "supervision; it is closed on %(until)s."
    ),
    Situation.CLOSED: N_(
        "It was finished on %(ended)s and can't be opened again. If the matter comes up again, send a new message "
        "and name this number in it."
    ),
    Situation.DECLINED: N_(
        "You can object once, by %(until)s, with the form below. Then it can't be declined again: a department has "
        "to answer it, within %(days)s working days of your objection."
    ),
    Situation.DECLINED_FOR_GOOD: N_(
        "The time to object ended on %(until)s. If something new has come up, send a new message."
    ),
    Situation.MERGED: N_(
        "It is answered together with another message on the same matter. You read that answer here; you need not do "
        "anything."
    ),
    Situation.WITHDRAWN: N_(
        "Nobody works on it any more, and nothing of it is public. You can always send a new message."
    ),
}
"""What happens next in each situation."""

OBJECTING: tuple[str, ...] = (
    N_(
        "If you are dissatisfied and say why, the department takes it up again and answers anew within %(days)s "
        "working days. You can object once more after that; then the dispatcher decides."
    ),
    N_(
        "If you are dissatisfied and say why, the department takes it up again and answers anew within %(days)s "
        "working days. You have objected once; after this time, the dispatcher decides."
    ),
    N_(
        "You have objected twice. If you object again, the dispatcher decides who answers, within %(days)s working "
        "days, and it is listed for supervision."
    ),
    N_("You have objected three times. It can't be taken up again here; it stays listed for supervision."),
)
"""What an objection brings, by how often the resident has objected before."""

TOGETHER: Mapping[str, str] = {
    "answered": N_(
        "It was answered together with other messages on the same matter. Say by %(until)s what you think of the "
        "answer."
    ),
    "disputed": N_(
        "You were dissatisfied. Say why by %(until)s, and your message is taken up again, on its own; if you say "
        "nothing, it stays as it is."
    ),
    "finished": N_(
        "It was answered together with other messages on the same matter, and is finished. If the matter comes up "
        "again, send a new message and name this number in it."
    ),
}
"""What happens next with a merged message whose answer is there."""

OBJECTING_ALONE = N_(
    "If you are dissatisfied and say why, your message is taken up again on its own, and the department answers it "
    "anew within %(days)s working days. The other messages keep the answer."
)
"""What an objection of a merged message brings, the first and the second time."""

EXTENDED = N_("The department was given %(days)s more working days for this answer.")
PROVISIONAL = N_("This day is provisional: the holidays of that year are not announced yet.")
CLOSED_IN_SILENCE = N_("No objection came in time, so it was closed.")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What happens next, and, where there is an answer to judge, what an objection brings."""

    situation: Situation
    sentences: tuple[Sentence, ...]
    objection: Sentence | None = None


def situation(facts: CaseFacts, now: datetime) -> Situation:
    """The situation of a case at a moment."""
    return _OF_STATUS[facts.status](facts, now)


def outlook(facts: CaseFacts, now: datetime, calendar: Calendar, levels: Levels) -> Outlook:
    """What happens next with a case; ``levels`` are those of the department that holds it."""
    found = situation(facts, now)
    days = levels.reply_days(facts.kind)
    said = [Sentence(NEXT[found], _params(found, facts, now, calendar, days))]
    if found is Situation.CLOSED and facts.round.rating is None:
        said.insert(0, Sentence(CLOSED_IN_SILENCE))
    if facts.is_open and facts.round.extended_by:
        said.append(Sentence(EXTENDED, {"days": facts.round.extended_by}))
    if facts.is_open and facts.round.clock.provisional:
        said.append(Sentence(PROVISIONAL))
    objection = None
    if facts.status is CaseStatus.REPLIED:
        objection = Sentence(OBJECTING[min(facts.reopenings, MAX_REOPENINGS + 1)], {"days": days})
    return Outlook(found, tuple(said), objection)


def outlook_together(facts: CaseFacts, common: CommonAnswer, now: datetime, levels: Levels) -> Outlook:
    """What happens next with a merged message whose common answer is there; ``levels`` are those of who gave it."""
    said = judgement_of(facts, common)
    disputed = said is not None and said.level is RatingLevel.DISSATISFIED
    if now > common.until or facts.erased_at is not None or (said is not None and not disputed):
        return Outlook(Situation.MERGED, (Sentence(TOGETHER["finished"]),))
    found, words = (
        (Situation.DISPUTED, TOGETHER["disputed"]) if disputed else (Situation.MERGED, TOGETHER["answered"])
    )
    times = facts.reopenings
    objecting = OBJECTING_ALONE if times < MAX_REOPENINGS else OBJECTING[min(times, MAX_REOPENINGS + 1)]
    days = levels.reply_days(facts.kind)
    return Outlook(found, (Sentence(words, {"until": common.until}),), Sentence(objecting, {"days": days}))


def days_left(facts: CaseFacts, now: datetime, calendar: Calendar) -> int:
    """Working days that the answer's clock still has; while it stands still, what it will have when it goes on."""
    clock = facts.round.clock
    if facts.paused_at is None:
        used = workdays_between(calendar, clock.start, calendar.local_day(now), clock.paused)
    else:
        stopped = calendar.office_day(facts.paused_at)
        used = workdays_between(calendar, clock.start, stopped - timedelta(days=1), clock.paused)
    return max(clock.days - used, 0)


def _params(
    found: Situation, facts: CaseFacts, now: datetime, calendar: Calendar, days: int
) -> dict[str, Param]:
    last, stint = facts.round, facts.stint
    known: dict[str, Param | None] = {
        "due": last.clock.due_day,
        "accept": stint.accept.due_day if stint and stint.accept else None,
        "left": days_left(facts, now, calendar),
        "since": calendar.office_day(facts.paused_at) if facts.paused_at else None,
        "until": last.close_at or facts.appeal_until,
        "ended": facts.ended_day,
        "days": days,
    }
    wanted = NEXT[found]
    return {name: value for name, value in known.items() if value is not None and f"%({name})s" in wanted}


def _in_triage(facts: CaseFacts, now: datetime) -> Situation:
    if _is_late(facts, now):
        return Situation.OVERDUE
    return {
        RoundKind.FIRST: Situation.TRIAGE,
        RoundKind.REOPENED: Situation.TRIAGE_AFTER_OBJECTIONS,
        RoundKind.APPEALED: Situation.TRIAGE_AFTER_APPEAL,
    }[facts.round.kind]


def _routed(facts: CaseFacts, now: datetime) -> Situation:
    if _is_late(facts, now):
        return Situation.OVERDUE
    accept = facts.accept_due_at
    return Situation.ROUTED_LATE if accept is not None and now > accept else Situation.ROUTED


def _in_progress(facts: CaseFacts, now: datetime) -> Situation:
    if _is_late(facts, now):
        return Situation.OVERDUE
    return Situation.REOPENED if facts.round.kind is RoundKind.REOPENED else Situation.IN_PROGRESS


def _unless_late(found: Situation) -> Callable[[CaseFacts, datetime], Situation]:
    return lambda facts, now: Situation.OVERDUE if _is_late(facts, now) else found


def _is_late(facts: CaseFacts, now: datetime) -> bool:
    return facts.clock_runs and now > facts.round.clock.due_at


def _asked(facts: CaseFacts, now: datetime) -> Situation:
    return Situation.ASKED_LATE if facts.clock_runs else Situation.ASKED


def _in_review(facts: CaseFacts, now: datetime) -> Situation:
    if _is_late(facts, now):
        return Situation.OVERDUE
    return Situation.IN_APPROVAL if facts.waits_for_lead else Situation.APPROVED


def _replied(facts: CaseFacts, now: datetime) -> Situation:
    if facts.round.rating is not RatingLevel.DISSATISFIED:
        return Situation.REPLIED
    return Situation.DISPUTED_FOR_GOOD if facts.reopenings > MAX_REOPENINGS else Situation.DISPUTED


def _declined(facts: CaseFacts, now: datetime) -> Situation:
    passed = facts.appeal_until is not None and now > facts.appeal_until
    return Situation.DECLINED_FOR_GOOD if passed else Situation.DECLINED


def _always(found: Situation) -> Callable[[CaseFacts, datetime], Situation]:
    return lambda facts, now: found


_OF_STATUS: Mapping[CaseStatus, Callable[[CaseFacts, datetime], Situation]] = {
    CaseStatus.SUBMITTED: _unless_late(Situation.HELD),
    CaseStatus.TRIAGE: _in_triage,
    CaseStatus.ROUTED: _routed,
    CaseStatus.IN_PROGRESS: _in_progress,
    CaseStatus.AWAITING_RESIDENT: _asked,
    CaseStatus.REPLY_REVIEW: _in_review,
    CaseStatus.REPLIED: _replied,
    CaseStatus.CLOSED: _always(Situation.CLOSED),
    CaseStatus.DECLINED: _declined,
    CaseStatus.MERGED: _always(Situation.MERGED),
    CaseStatus.WITHDRAWN: _always(Situation.WITHDRAWN),
}
