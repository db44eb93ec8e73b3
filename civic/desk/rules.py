"""What the desk adds to the law of a case: the order of its buttons, how urgent, what a mask changed. Pure.

Whether an action is allowed is never decided here: the law is ``cases.rules.TRANSITIONS``,
and a page shows what ``cases.queries`` says can be done, in the words of ``ACTION_TEXTS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from civic.cases.rules import (
    ACTION_TEXTS,
    CaseAction,
    CaseStatus,
    Exposes,
    changes,
    exposures,
)
from civic.core.errors import N_
from civic.core.workdays import Calendar, workdays_between

A = CaseAction
T = TypeVar("T")

BUTTONS = (
    # What moves the case on comes first.
    A.ROUTE,
    A.ACCEPT,
    A.CONTRIBUTE,
    A.APPROVE_EXTENSION,
    A.REFUSE_EXTENSION,
    A.APPROVE_REPLY,
    A.PUBLISH_REPLY,
    A.SEND_FOR_APPROVAL,
    A.DRAFT_REPLY,
    A.RESUME,
    A.CORRECT_REPLY,
    A.SEND_BACK,
    A.DRAFT_CORRECTION,
    A.ASK_RESIDENT,
    A.INVITE,
    A.WITHDRAW_INVITATION,
    A.REQUEST_EXTENSION,
    A.DESIGNATE,
    A.TRANSFER,
    A.TRIAGE,
    A.RETURN,
    # Who does it.
    A.TAKE,
    A.ASSIGN,
    A.HAND_BACK,
    # What the public reads.
    A.PUBLISH,
    A.PUBLISH_MASKED,
    A.KEEP_PRIVATE,
    A.REMASK,
    A.UNPUBLISH,
    A.CONCEAL_REPLY,
    # Ways out.
    A.MERGE,
    A.UNMERGE,
    A.ESCALATE,
    A.DECLINE,
)
"""Actions with a form at the desk, in the order of their buttons."""

NOT_AT_THE_DESK = frozenset(
    {
        # Entered through the intake form, also for a caller.
        A.SUBMIT,
        # Written in the surviving case by merging into it and undoing that.
        A.ABSORB,
        A.RELEASE,
        # Shows a code once and so has a page of its own.
        A.REISSUE_CODE,
    }
)
"""Actions of staff that have no form among the buttons of a case."""

EXPLAINED = (
    A.RETURN,
    A.REQUEST_EXTENSION,
    A.APPROVE_EXTENSION,
    A.SEND_FOR_APPROVAL,
    A.PUBLISH_REPLY,
    A.MERGE,
    A.TAKE,
    A.PUBLISH,
    A.DECLINE,
)
"""Actions that are looked for in vain: why there is no button now is said."""

ALONE = N_(
    "No second person has signed this text: it's published on your signature alone and listed as such."
)
ONE_SIGNED = N_(
    "One person alone has drafted and approved this text: it's published so and listed as a single signature."
)
PUBLISH_NOW = N_(
    "The reply is approved, and the resident gets it at once; if the case is public, everyone can read it."
)
CHANGED_IN_REVIEW = N_("Only your department sees the draft. Changing it takes an approval back.")


CORRECTED_ALONE = N_(
    "A new version replaces the reply; the old one stays readable. No second person has signed it: it's listed as a "
    "single signature."
)
TAKEN_OVER = N_("The case is yours and leaves your colleague's list “Mine”; the history says so.")


def ordered(actions: Iterable[CaseAction]) -> tuple[CaseAction, ...]:
    """The allowed actions that have a form, in the order of their buttons."""
    allowed = frozenset(actions)
    return tuple(action for action in BUTTONS if action in allowed)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a case decides what an action brings: whether a colleague has it, what is signed, and by how many."""

    status: CaseStatus
    is_held: bool = False
    is_approved: bool = False
    signs_alone: bool = False


def consequence(action: CaseAction, standing: Standing) -> str:
    """The msgid of what pressing the button brings about."""
    if standing.signs_alone and action in (A.PUBLISH_REPLY, A.CORRECT_REPLY):
        if action is A.CORRECT_REPLY:
            return CORRECTED_ALONE
        return ONE_SIGNED if standing.is_approved else ALONE
    if action is A.DRAFT_REPLY and standing.status is CaseStatus.REPLY_REVIEW:
        return CHANGED_IN_REVIEW
    if action is A.TAKE and standing.is_held:
        return TAKEN_OVER
    return ACTION_TEXTS[action].consequence


@dataclass(frozen=True, slots=True)
class Choice:
    """A further button of the same form, which goes on after its action: its word, label and consequence (msgids)."""

    then: str
    label: str
    consequence: str


def onward(action: CaseAction, standing: Standing) -> Choice | None:
    """Saving a draft may send it as well, approving it publish it; the button that does both stands first."""
    if action is A.DRAFT_REPLY and standing.status is CaseStatus.IN_PROGRESS:
        label = N_("Save and send for approval")
        return Choice("send", label, ACTION_TEXTS[A.SEND_FOR_APPROVAL].consequence)
    if action is A.APPROVE_REPLY:
        label = N_("Approve and publish")
        return Choice("publish", label, ALONE if standing.signs_alone else PUBLISH_NOW)
    return None


class DueState(StrEnum):
    """How a deadline stands, from the most to the least urgent."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"
    NONE = "none"


class Owed(StrEnum):
    """What is due."""

    ACCEPTANCE = "acceptance"
    REPLY = "reply"
    REVIEW = "review"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as a clerk needs it: its state, what is owed, and whole working days left or overdue.

    ``days`` is 0 on the day itself, and for a deadline that passed on the present day.
    """

    state: DueState
    owed: Owed = Owed.REPLY
    at: datetime | None = None
    days: int = 0


def due(
    at: datetime | None,
    owed: Owed,
    now: datetime,
    calendar: Calendar,
    *,
    paused: bool = False,
    soon: bool = False,
) -> Due:
    """How a deadline stands at ``now``; ``at`` is None where no clock runs."""
    if at is None:
        return Due(DueState.PAUSED if paused else DueState.NONE, owed)
    today, day = calendar.local_day(now), calendar.local_day(at)
    if at < now:
        return Due(DueState.OVERDUE, owed, at, workdays_between(calendar, day, today))
    if day == today:
        return Due(DueState.TODAY, owed, at)
    days = workdays_between(calendar, today, day)
    return Due(DueState.SOON if soon else DueState.LATER, owed, at, days)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of a text, and what it may expose; None for what is harmless."""

    text: str
    what: Exposes | None = None


def stretches(text: str) -> tuple[Stretch, ...]:
    """The text cut at what may expose a person, in reading order; joined, the stretches give the text."""
    cut: list[Stretch] = []
    at = 0
    for place in exposures(text):
        if place.start > at:
            cut.append(Stretch(text[at : place.start]))
        cut.append(Stretch(text[place.start : place.end], place.what))
        at = place.end
    if at < len(text):
        cut.append(Stretch(text[at:]))
    return tuple(cut)


COVERS = frozenset("＊*■█●×某")
"""Characters that a masked copy may put over what exposes a person (某 as in 某小区)."""


def beyond_covering(original: str, masked: str) -> tuple[str, ...]:
    """What a masked copy changed although a mask may only cover: written in, or cut out without a trace.

    Each entry is one such run of characters; the empty tuple means that the mask only covers.
    """
    faults: list[str] = []
    for same, was, now in changes(original, masked):
        if same:
            continue
        if not now:
            faults.append(was)
        elif not set(now) <= COVERS:
            faults.append(now)
    return tuple(faults)


EARLIER_COMPARED = 100
"""With how many of a department's latest replies a new one is compared."""


def seen_before(saves: Sequence[tuple[datetime, int | None]], acted: datetime | None) -> int | None:
    """Which save of a draft, oldest first, the newest one is compared with; None if there is none to compare.

    It's the one that the reader last had before them, judged by when they last ``acted`` on the case. Whoever has
    seen the newest already gets the last one by somebody else: what one of the two changed in the other's text.
    """
    if not saves:
        return None
    newest = len(saves) - 1
    seen = [at for at, (when, _who) in enumerate(saves) if acted is not None and when <= acted]
    if seen and seen[-1] != newest:
        return seen[-1]
    others = [at for at, (_when, who) in enumerate(saves) if who != saves[newest][1]]
    return others[-1] if others else None


MOST_LISTS = 20
"""How many lists somebody keeps at most: each is counted whenever the lists are shown."""
LONGEST_LIST_NAME = 40


def moved(rows: Sequence[T], row: T, step: int) -> list[T]:
    """The rows with one of them ``step`` places further down, or up if it's negative; never beyond an end."""
    others = [one for one in rows if one is not row]
    at = next(place for place, one in enumerate(rows) if one is row) + step
    at = max(0, min(at, len(others)))
    return [*others[:at], row, *others[at:]]


class Keepable(StrEnum):
    """What is kept while it's written; the value is its word in an address."""

    REPLY = "draft-reply"
    PROPOSAL = "draft-correction"
    CORRECTION = "correct-reply"
    PART = "contribute"
    NOTE = "note"


KEEPS: Mapping[Keepable, CaseAction] = MappingProxyType(
    {
        Keepable.REPLY: A.DRAFT_REPLY,
        Keepable.PROPOSAL: A.DRAFT_CORRECTION,
        Keepable.CORRECTION: A.CORRECT_REPLY,
        Keepable.PART: A.CONTRIBUTE,
    }
)
"""The action that saves such a text; a note is none."""

KEPT_BESIDE = ("resolution", "referred_to", "reason")
"""The other fields of these forms, which are kept with the text."""

KEPT_FOR = timedelta(days=14)
"""How long an unsaved text is kept after its writer last touched it."""

_EVERYTHING = frozenset(Keepable)
_OUTDATED: Mapping[CaseAction, frozenset[Keepable]] = MappingProxyType(
    {
        A.PUBLISH_REPLY: frozenset({Keepable.REPLY, Keepable.PART}),
        A.CORRECT_REPLY: frozenset({Keepable.PROPOSAL, Keepable.CORRECTION}),
        # Another department has it: nothing stays for who had it before.
        A.ROUTE: _EVERYTHING,
        A.TRANSFER: _EVERYTHING,
        A.DESIGNATE: _EVERYTHING,
        A.ERASE_WORDS: _EVERYTHING,
    }
)


def outdated(actions: Iterable[CaseAction]) -> frozenset[Keepable]:
    """Which unsaved texts of a case, whoever wrote them, go with these actions."""
    return frozenset().union(*(_OUTDATED.get(action, frozenset()) for action in actions))
