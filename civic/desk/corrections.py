"""What routing got wrong: cases that are with another department than the one it gave them to, by what decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from civic.cases import queries as cases
from civic.cases.queries import Routed, Words
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.routing import queries as routing

DAYS = 90
MOST_LOOKED = 50_000
"""Cases that are looked through, the newest first."""
NAMED = 100
"""Cases that are named, the newest first."""


@dataclass(frozen=True, slots=True)
class Decider:
    """What decided, a rule or the lead of an item: how often, how often otherwise since, and whereto."""

    key: str
    said: str
    rule: str
    routed: int
    corrected: int
    went: tuple[tuple[int, int], ...]
    """Departments that have the corrected cases, with their number; the most first."""

    @property
    def share(self) -> float:
        return self.corrected / self.routed


@dataclass(frozen=True, slots=True)
class Correction:
    """One case: why it went to ``first``, and where it is."""

    words: Words
    said: str
    first: int
    now: int


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """The last ``days`` days. ``chosen``: the decider whose cases are named, None: all."""

    days: int
    routed: int
    corrected: int
    at_limit: bool
    deciders: tuple[Decider, ...]
    chosen: Decider | None
    named: tuple[Correction, ...]
    departments: Mapping[int, DepartmentRow]


def corrections_page(wanted: str, now: datetime, *, names_cases: bool) -> CorrectionsPage:
    """What was decided otherwise since; ``wanted`` narrows the cases that are named to one decider's."""
    groups: defaultdict[str, list[Routed]] = defaultdict(list)
    looked = 0
    for looked, one in enumerate(cases.routed_since(now - timedelta(days=DAYS), MOST_LOOKED), start=1):  # noqa: B007
        groups[_key(one.reason)].append(one)
    deciders = sorted(
        (found for key, group in groups.items() if (found := _decider(key, group)).corrected),
        key=lambda one: (-one.corrected, -one.share, one.key),
    )
    chosen = next((one for one in deciders if one.key == wanted), None)
    shown = [chosen] if chosen else deciders
    return CorrectionsPage(
        days=DAYS,
        routed=looked,
        corrected=sum(one.corrected for one in deciders),
        at_limit=looked == MOST_LOOKED,
        deciders=tuple(deciders),
        chosen=chosen,
        named=_named([one for decider in shown for one in groups[decider.key]]) if names_cases else (),
        departments={row.id: row for row in departments.departments(include_inactive=True)},
    )


def _key(reason: Mapping[str, Any]) -> str:
    """The rule, or the plan and item; what else decided goes by its code."""
    if "rule" in reason:
        return str(reason["rule"])
    return f"{reason['plan']}/{reason['item']}" if "item" in reason else str(reason.get("code", ""))


def _decider(key: str, group: list[Routed]) -> Decider:
    went = Counter(one.now for one in group if one.is_corrected and one.now is not None)
    # The newest reason: a rule may have had another name before.
    reason = group[0].reason
    ordered = sorted(went.items(), key=lambda pair: (-pair[1], pair[0]))
    rule = str(reason.get("rule", ""))
    return Decider(key, routing.say_reason(reason), rule, len(group), went.total(), tuple(ordered))


def _named(group: list[Routed]) -> tuple[Correction, ...]:
    corrected = sorted((one for one in group if one.is_corrected), key=lambda one: -one.case_id)[:NAMED]
    words = cases.first_words([one.case_id for one in corrected])
    return tuple(
        Correction(words[one.case_id], routing.say_reason(one.reason), one.first, one.now)
        for one in corrected
        if one.now is not None
    )
