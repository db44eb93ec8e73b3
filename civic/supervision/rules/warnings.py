"""What supervision warns of: facts and rules in, warnings with their reasons out. Pure.

A warning always carries the sentence that says why, with the figure and the threshold in it. Where a rule that
judges a department gives no warning, it says why not (``All clear``), or that it can't say anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from civic.core.errors import N_
from civic.supervision.rules.intervals import wilson
from civic.supervision.rules.periods import Period
from civic.supervision.rules.summaries import SMALL, Rate
from civic.supervision.rules.warning_rules import RULE_TEXTS, SHARES, RuleKey, Severity, WarningRule

NO_RATE = Rate(0, 0)
"""Of nothing."""

SEVERITY_LABELS: Mapping[Severity, str] = {Severity.RED: N_("Red"), Severity.YELLOW: N_("Yellow")}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a msgid with what belongs into it; days are written in the reader's language."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)
    named: str = ""

    @property
    def english(self) -> str:
        """The sentence for a machine's reader."""
        return self.msgid % dict(self.params)


class SubjectKind(StrEnum):
    """What a warning is about."""

    CASE = "case"
    ITEM = "item"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class CaseFact:
    """An open case and the number that counts: working days past the deadline ``due``, reopenings or returns."""

    case_id: int
    department_id: int | None
    n: int
    due: date | None = None


@dataclass(frozen=True, slots=True)
class SilentFact:
    """An item about which nothing was published since ``last`` (ever, if None), and how many messages came."""

    item_id: int
    department_id: int
    messages: int
    last: date | None
    period: Period


@dataclass(frozen=True, slots=True)
class IndicatorFact:
    """An indicator's verdict. Shares are of the whole way and of the time, None where they don't decide.

    ``year``: of the value that was judged; ``last_year``: the last year that is over, whose values could be judged.
    """

    item_id: int
    department_id: int | None
    judged: bool
    behind: bool = False
    missed: bool = False
    year: int | None = None
    last_year: int | None = None
    achieved: Decimal | None = None
    time: Decimal | None = None

    @property
    def gap(self) -> Decimal | None:
        if self.achieved is None or self.time is None or self.achieved >= self.time:
            return None
        return self.time - self.achieved


@dataclass(frozen=True, slots=True)
class RateFact:
    """A department's rate over a period, and over the one before where the rule compares."""

    department_id: int
    period: Period
    rate: Rate
    before: Rate = NO_RATE


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules look at; of a rule that isn't in force nothing is gathered."""

    cases: Mapping[RuleKey, Sequence[CaseFact]] = field(default_factory=dict)
    silent: Sequence[SilentFact] = ()
    indicators: Sequence[IndicatorFact] = ()
    rates: Mapping[RuleKey, Sequence[RateFact]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing that a rule warns of; ``value`` is the figure by which it warns, larger is worse."""

    rule: RuleKey
    severity: Severity
    department_id: int | None
    kind: SubjectKind
    subject_id: int
    value: Decimal
    reason: Sentence
    period: Period | None = None

    @property
    def rank(self) -> tuple[int, int, Decimal, int]:
        """Rules in their order; in each the worst first."""
        return _RULES[self.rule], _SEVERITIES[self.severity], -self.value, self.subject_id


_RULES = {key: place for place, key in enumerate(RuleKey)}
_SEVERITIES = {severity: place for place, severity in enumerate(Severity)}


def severity_of(value: Decimal, rule: WarningRule) -> Severity | None:
    """How much a figure matters by the rule's thresholds, which it has to reach (overdue days: to pass)."""
    reaches: Callable[[Decimal], bool] = (
        (lambda limit: value > limit) if rule.key is RuleKey.OVERDUE else (lambda limit: value >= limit)
    )
    if reaches(rule.red):
        return Severity.RED
    return Severity.YELLOW if reaches(rule.yellow) else None


def warn(rules: Iterable[WarningRule], facts: Facts) -> tuple[Warned, ...]:
    """All warnings of some rules, by rule and the worst first."""
    return tuple(sorted(judged(rules, facts), key=lambda warned: warned.rank))


def judged(rules: Iterable[WarningRule], facts: Facts) -> Iterator[Warned]:
    """The same in any order, for who only counts them."""
    for rule in rules:
        yield from _JUDGES[rule.key](rule, facts)


def rule_sentence(rule: WarningRule) -> Sentence:
    """What a rule says, with its thresholds."""
    params = {**limits(rule), "days": rule.days, "months": rule.months, "small": SMALL}
    return Sentence(RULE_TEXTS[rule.key], params)


def limits(rule: WarningRule) -> dict[str, str]:
    """Both thresholds of a rule as people read them."""
    return {"yellow": limit(rule, rule.yellow), "red": limit(rule, rule.red)}


def limit(rule: WarningRule, value: Decimal) -> str:
    """A threshold as people read it: a number, a percentage, or points of percent for a fall."""
    if rule.key is RuleKey.ON_TIME:
        return plain(value * 100)
    return percent(value) if rule.key in SHARES else plain(value)


def percent(share: Decimal | float) -> str:
    """A share as a percentage with one decimal at most."""
    return f"{plain(Decimal(share) * 100)}%"


def plain(value: Decimal) -> str:
    """A number with one decimal at most."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


_CASE_REASONS: Mapping[RuleKey, str] = {
    RuleKey.OVERDUE: N_(
        "%(n)s working days past the reply deadline of %(due)s. More than %(yellow)s is yellow, more than %(red)s red."
    ),
    RuleKey.REOPENED: N_(
        "Reopened %(n)s times by dissatisfied residents. From %(yellow)s on it is yellow, from %(red)s on red."
    ),
    RuleKey.RETURNED: N_(
        "Returned %(n)s times as misrouted. From %(yellow)s on it is yellow, from %(red)s on red."
    ),
}


def _cases(rule: WarningRule, facts: Facts) -> Iterable[Warned]:
    shown = limits(rule)
    for fact in facts.cases.get(rule.key, ()):
        severity = severity_of(Decimal(fact.n), rule)
        if severity is not None:
            params = {"n": fact.n, "due": fact.due, **shown}
            reason = Sentence(_CASE_REASONS[rule.key], params)
            yield Warned(
                rule.key, severity, fact.department_id, SubjectKind.CASE, fact.case_id, Decimal(fact.n), reason
            )  # fmt: skip


SILENT_SINCE = N_(
    "%(n)s messages in the last %(days)s days, and nothing about its progress published since %(last)s. After "
    "%(months)s months of silence %(yellow)s messages are yellow, %(red)s red."
)
SILENT_EVER = N_(
    "%(n)s messages in the last %(days)s days, and nothing about its progress published yet. After %(months)s "
    "months of silence %(yellow)s messages are yellow, %(red)s red."
)


def _silent(rule: WarningRule, facts: Facts) -> Iterable[Warned]:
    shown = {"days": rule.days, "months": rule.months, **limits(rule)}
    for fact in facts.silent:
        severity = severity_of(Decimal(fact.messages), rule)
        if severity is not None:
            params = {"n": fact.messages, "last": fact.last, **shown}
            reason = Sentence(SILENT_SINCE if fact.last else SILENT_EVER, params)
            yield Warned(
                rule.key, severity, fact.department_id, SubjectKind.ITEM, fact.item_id,
                Decimal(fact.messages), reason, fact.period,
            )  # fmt: skip


MISSED = N_(
    "The target was missed in %(year)s by the calculation on its page; a missed target is red. Judged by values of "
    "%(last)s and earlier."
)
BEHIND_TIME = N_(
    "In %(year)s %(achieved)s of its way was done when %(time)s of the time had passed: %(gap)s behind. Behind is "
    "yellow, from %(red)s on it is red. Judged by values of %(last)s and earlier."
)
BEHIND = N_(
    "Behind in %(year)s by the calculation on its page; behind is yellow. Judged by values of %(last)s and earlier."
)


def _behind(rule: WarningRule, facts: Facts) -> Iterable[Warned]:
    for fact in facts.indicators:
        if not (fact.judged and (fact.behind or fact.missed)):
            continue
        gap = fact.gap or Decimal(0)
        if fact.missed:
            # Before every gap in the order: there is no time left.
            severity, gap, reason = Severity.RED, gap + 1, Sentence(MISSED, _years(fact))
        else:
            severity = Severity.RED if gap >= rule.red else Severity.YELLOW
            reason = _behind_reason(rule, fact)
        yield Warned(
            rule.key, severity, fact.department_id, SubjectKind.ITEM, fact.item_id, gap, reason
        )  # fmt: skip


def _behind_reason(rule: WarningRule, fact: IndicatorFact) -> Sentence:
    if fact.gap is None or fact.achieved is None or fact.time is None:
        return Sentence(BEHIND, _years(fact))
    params = {
        **_years(fact), "achieved": percent(fact.achieved), "time": percent(fact.time),
        "gap": percent(fact.gap), "red": percent(rule.red),
    }  # fmt: skip
    return Sentence(BEHIND_TIME, params)


def _years(fact: IndicatorFact) -> dict[str, Any]:
    return {"year": fact.year, "last": fact.last_year}


DISSATISFIED = N_(
    "%(part)s of %(whole)s answers rated in the last %(days)s days were rated dissatisfied (%(share)s), with chance "
    "allowed for at least %(low)s. From %(yellow)s on it is yellow, from %(red)s on red."
)


def _dissatisfied(rule: WarningRule, facts: Facts) -> Iterable[Warned]:
    shown = {"days": rule.days, **limits(rule)}
    for fact in facts.rates.get(rule.key, ()):
        low = Decimal(wilson(fact.rate.part, fact.rate.whole)[0])
        severity = severity_of(low, rule) if fact.rate.whole >= SMALL else None
        if severity is not None:
            params = {**_rate(fact.rate), "low": percent(low), **shown}
            yield _about_department(rule, severity, fact, low, Sentence(DISSATISFIED, params))


FELL = N_(
    "%(share)s answered within own days (%(part)s of %(whole)s) from %(since)s to %(until)s, after %(share_before)s "
    "(%(part_before)s of %(whole_before)s) in the %(days)s days before: %(fall)s percentage points less, more than "
    "chance explains. From %(yellow)s points on it is yellow, from %(red)s on red."
)


def _on_time(rule: WarningRule, facts: Facts) -> Iterable[Warned]:
    for fact in facts.rates.get(rule.key, ()):
        fall = fall_of(fact)
        severity = severity_of(fall, rule) if fall is not None else None
        if fall is not None and severity is not None:
            params = {**_compared(rule, fact), "fall": plain(fall * 100), **limits(rule)}
            yield _about_department(rule, severity, fact, fall, Sentence(FELL, params))


def fall_of(fact: RateFact) -> Decimal | None:
    """By how much a rate fell; None where either is of too few, or where chance explains it."""
    if min(fact.rate.whole, fact.before.whole) < SMALL:
        return None
    if wilson(fact.rate.part, fact.rate.whole)[1] >= wilson(fact.before.part, fact.before.whole)[0]:
        return None
    return _share(fact.before) - _share(fact.rate)


def _share(rate: Rate) -> Decimal:
    return Decimal(rate.part) / Decimal(rate.whole)


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "part": rate.part,
        "whole": rate.whole,
        "share": percent(_share(rate)) if rate.whole else "—",
    }


def _compared(rule: WarningRule, fact: RateFact) -> dict[str, Any]:
    before = {f"{name}_before": value for name, value in _rate(fact.before).items()}
    days = {"since": fact.period.since, "until": fact.period.until, "days": rule.days}
    return {**_rate(fact.rate), **before, **days}


def _about_department(
    rule: WarningRule, severity: Severity, fact: RateFact, value: Decimal, reason: Sentence
) -> Warned:
    return Warned(
        rule.key, severity, fact.department_id, SubjectKind.DEPARTMENT, fact.department_id, value, reason,
        fact.period,
    )  # fmt: skip


_JUDGES: Mapping[RuleKey, Callable[[WarningRule, Facts], Iterable[Warned]]] = {
    RuleKey.OVERDUE: _cases,
    RuleKey.REOPENED: _cases,
    RuleKey.RETURNED: _cases,
    RuleKey.UNHEARD: _silent,
    RuleKey.BEHIND: _behind,
    RuleKey.DISSATISFIED: _dissatisfied,
    RuleKey.ON_TIME: _on_time,
}
