"""The law of assessments of a plan (规划评估): kinds, states, and the seal. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from civic.core.errors import N_, Invalid
from civic.supervision.rules.periods import Period
from civic.supervision.rules.summaries import SMALL, Rate

FACTS_VERSION = 1
"""Of the shape of ``facts`` (docs/assessments.md); a stored assessment keeps the shape it was published with."""
QUIET_MONTHS = 6
LONGEST_TITLE, LONGEST_ASSESSOR, LONGEST_PROSE, LONGEST_RECOMMENDATION = 200, 160, 20_000, 2_000
SHORTEST_FOLLOW_UP = 4


class AssessmentKind(StrEnum):
    """What the plan itself provides for: yearly monitoring, mid-term and final assessment, assessment by others."""

    ANNUAL = "annual"
    MID_TERM = "mid_term"
    FINAL = "final"
    THIRD_PARTY = "third_party"
    DEPUTIES = "deputies"


ASSESSMENT_KIND_LABELS: Mapping[AssessmentKind, str] = {
    AssessmentKind.ANNUAL: N_("Annual monitoring"),
    AssessmentKind.MID_TERM: N_("Mid-term assessment"),
    AssessmentKind.FINAL: N_("Final assessment"),
    AssessmentKind.THIRD_PARTY: N_("Third-party assessment"),
    AssessmentKind.DEPUTIES: N_("Assessment by deputies"),
}
BY_OTHERS = frozenset({AssessmentKind.THIRD_PARTY, AssessmentKind.DEPUTIES})
"""Kinds that name who assesses."""


class AssessmentState(StrEnum):
    """``open`` is written; ``approved`` waits to be published; ``published`` is sealed for good."""

    OPEN = "open"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


ASSESSMENT_STATE_LABELS: Mapping[AssessmentState, str] = {
    AssessmentState.OPEN: N_("Being written"),
    AssessmentState.APPROVED: N_("Approved, not yet published"),
    AssessmentState.PUBLISHED: N_("Published"),
    AssessmentState.DISCARDED: N_("Discarded"),
}


class FollowUpStatus(StrEnum):
    """What has come of a recommendation, as its department says."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DECLINED = "declined"


FOLLOW_UP_LABELS: Mapping[FollowUpStatus, str] = {
    FollowUpStatus.OPEN: N_("Not begun"),
    FollowUpStatus.UNDER_WAY: N_("Under way"),
    FollowUpStatus.DONE: N_("Done"),
    FollowUpStatus.DECLINED: N_("Not followed, with reason"),
}
NO_FOLLOW_UP = N_("No follow-up published yet")


@dataclass(frozen=True, slots=True)
class Opening:
    """What an editor opens: days inclusive, ``assessor`` only for assessments by others."""

    plan_slug: str
    kind: AssessmentKind
    title: str
    since: date
    until: date
    assessor: str = ""


def check_opening(new: Opening, today: date) -> None:
    """Raise :class:`Invalid` at the field to blame."""
    if not new.title.strip():
        raise Invalid(N_("Give the assessment a title."), field="title")
    if len(new.title) > LONGEST_TITLE:
        raise Invalid(N_("This is too long: at most %(most)s characters."), field="title", most=LONGEST_TITLE)
    if new.since > new.until:
        raise Invalid(
            N_("The first day comes after the last. Choose an earlier first day or a later last one."),
            field="since",
        )
    if new.until >= today:
        raise Invalid(N_("The period must be over: nobody can assess days to come."), field="until")
    if new.kind in BY_OTHERS and not new.assessor.strip():
        raise Invalid(N_("Say who assesses."), field="assessor")
    if len(new.assessor) > LONGEST_ASSESSOR:
        raise Invalid(
            N_("This is too long: at most %(most)s characters."), field="assessor", most=LONGEST_ASSESSOR
        )


def stretches(period: Period, others: Iterable[Period]) -> tuple[Period, ...]:
    """Into which stretches of days a period and those that overlap it cut each other; none where none does.

    Whoever takes one assessment's figures from another's is left with those of such stretches.
    """
    beside = [one for one in others if one.since <= period.until and period.since <= one.until]
    a_day = timedelta(days=1)
    firsts = sorted({day for one in (period, *beside) for day in (one.since, one.until + a_day)})
    found = (Period(first, following - a_day) for first, following in pairwise(firsts))
    return tuple(found) if beside else ()


def gives_a_change_away(then: int | Mapping[str, Any], today: int | Rate, most: int) -> bool:
    """Whether a figure that an earlier document told gives a few away once the same is told of today.

    Who subtracts learns of the change, and can take from it what can be read, of which there is ``most`` at most. So
    nothing has changed, or enough was added that five are left.
    """
    return any(change and change < SMALL + most for change in _changes(then, today))


def _changes(then: int | Mapping[str, Any], today: int | Rate) -> tuple[int, ...]:
    if isinstance(today, Rate):
        part, whole = (then["part"], then["whole"]) if isinstance(then, Mapping) else (0, 0)
        return today.part - part, today.whole - whole, (today.whole - today.part) - (whole - part)
    return (today - then,) if isinstance(then, int) else ()


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one way to write a document down: JSON in UTF-8, keys sorted, no spaces. Floats are refused."""
    _refuse_floats(document)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def seal_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form, in hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("numbers of a sealed document are whole or decimal strings")
    for one in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        _refuse_floats(one)
