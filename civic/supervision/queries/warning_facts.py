"""What the rules of warning look at, gathered in a dozen queries however many cases and items there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from civic.cases import queries as cases
from civic.cases.queries import WatchedCase
from civic.cases.rules.counters import Measure, Totals
from civic.core.workdays import workdays_between
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.plans.queries import PlanDocument
from civic.progress import queries as progress
from civic.progress.queries import IndicatorStatus
from civic.progress.rules import Status
from civic.supervision.rules import Period, Rate, windows
from civic.supervision.rules.summaries import own_of, satisfied_of
from civic.supervision.rules.warning_rules import RuleKey, Severity, WarningRule, stored_rule
from civic.supervision.rules.warnings import (
    NO_RATE,
    CaseFact,
    Facts,
    IndicatorFact,
    RateFact,
    SilentFact,
    severity_of,
)

CASE_RULES = (RuleKey.OVERDUE, RuleKey.REOPENED, RuleKey.RETURNED)
RATED = (Measure.RATED_SATISFIED, Measure.RATED_BASICALLY, Measure.RATED_DISSATISFIED)
OWN = (Measure.OWN_DUE, Measure.OWN_ON_TIME)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, and the cases that they speak of by id."""

    facts: Facts
    cases: Mapping[int, WatchedCase] = field(default_factory=dict)


def warning_rules() -> tuple[WarningRule, ...]:
    """The rules in force, as ``warnings.yaml`` was loaded; none before."""
    return tuple(stored_rule(stored) for stored in departments.district().warnings)


def gather_warning_facts(rules: Sequence[WarningRule], now: datetime) -> Gathered:
    """What some rules look at, as it stands now."""
    by_key = {rule.key: rule for rule in rules}
    today = departments.local_day(now)
    watched = {key: _watched(rule, now) for key, rule in by_key.items() if key in CASE_RULES}
    documents = _running()
    return Gathered(
        Facts(
            cases={key: _case_facts(key, found, today) for key, found in watched.items()},
            silent=_silent(by_key.get(RuleKey.UNHEARD), today),
            indicators=_indicators(documents, today) if RuleKey.BEHIND in by_key else (),
            rates=_rates(by_key, today, departments.last_judged_day(now)),
        ),
        {row.case_id: row for found in watched.values() for row in found},
    )


def overdue_severities(rule: WarningRule, now: datetime) -> dict[Severity, int]:
    """How many cases the rule of overdue ones warns of; no case is read for it."""
    counts, found = cases.overdue_counts(_long_ago(rule, now)), dict.fromkeys(Severity, 0)
    late = _days_late(counts, departments.local_day(now))
    for due, n in counts.items():
        severity = severity_of(Decimal(late[due]), rule)
        if severity is not None:
            found[severity] += n
    return found


def _long_ago(rule: WarningRule, now: datetime) -> datetime:
    """So many working days are at least as many days: what is later is decided by the rule."""
    return now - timedelta(days=int(min(rule.yellow, rule.red)))


def _days_late(dues: Iterable[date], today: date) -> Mapping[date, int]:
    """How many working days passed after each day up to today; a day is looked at once, however many lie before it."""
    calendar, late, passed, day = departments.calendar(), {}, 0, today
    for due in sorted(set(dues), reverse=True):
        passed += workdays_between(calendar, due, day)
        late[due], day = passed, min(due, day)
    return late


def _watched(rule: WarningRule, now: datetime) -> tuple[WatchedCase, ...]:
    least = int(min(rule.yellow, rule.red))
    if rule.key is RuleKey.REOPENED:
        return cases.reopened_cases(least)
    if rule.key is RuleKey.RETURNED:
        return cases.returned_cases(least)
    return cases.overdue_cases(_long_ago(rule, now))


def _case_facts(key: RuleKey, found: Iterable[WatchedCase], today: date) -> tuple[CaseFact, ...]:
    if key is not RuleKey.OVERDUE:
        return tuple(CaseFact(row.case_id, row.department_id, row.n) for row in found)
    found = tuple(found)
    late = _days_late((row.due_day for row in found), today)
    return tuple(CaseFact(row.case_id, row.department_id, late[row.due_day], row.due_day) for row in found)


def _silent(rule: WarningRule | None, today: date) -> tuple[SilentFact, ...]:
    if rule is None:
        return ()
    quiet = progress.quiet_items(today, rule.months)
    period = _days_until(today, rule.days)
    received = cases.stat_totals(windows([Measure.RECEIVED], period, today), "item_id")
    return tuple(
        SilentFact(one.ref.id, one.department_id, found.numbers[Measure.RECEIVED], one.last, period)
        for one in quiet
        if (found := received.get(one.ref.id))
    )


def _running() -> tuple[PlanDocument, ...]:
    return tuple(document for document in plans.documents() if document.plan.status == "published")


def _indicators(documents: Iterable[PlanDocument], today: date) -> tuple[IndicatorFact, ...]:
    return tuple(
        _indicator(one, document)
        for document in documents
        for one in progress.indicator_statuses(document.plan.slug, today, document=document)
    )


def _indicator(one: IndicatorStatus, document: PlanDocument) -> IndicatorFact:
    verdict, duty = one.verdict, document.lead(one.row.ref)
    # Where the target of the year decides, the way of the whole plan isn't why.
    by_plan = verdict.annual is None or not verdict.annual.decides
    return IndicatorFact(
        item_id=one.row.ref.id,
        department_id=duty.department_id if duty else None,
        judged=verdict.status is not Status.UNDETERMINED,
        behind=verdict.status is Status.BEHIND,
        missed=verdict.status is Status.MISSED,
        year=verdict.year,
        last_year=one.judged_year,
        achieved=verdict.achieved_share if by_plan else None,
        time=verdict.time_share if by_plan else None,
    )


def _rates(
    rules: Mapping[RuleKey, WarningRule], today: date, judged: date
) -> dict[RuleKey, tuple[RateFact, ...]]:
    found: dict[RuleKey, tuple[RateFact, ...]] = {}
    if RuleKey.DISSATISFIED in rules:
        period = _days_until(today, rules[RuleKey.DISSATISFIED].days)
        found[RuleKey.DISSATISFIED] = tuple(
            RateFact(department_id, period, Rate(rate.whole - rate.part, rate.whole))
            for department_id, rate in _by_department(RATED, satisfied_of, period, judged).items()
        )
    if RuleKey.ON_TIME in rules:
        period = _days_until(judged, rules[RuleKey.ON_TIME].days)
        before = _by_department(OWN, own_of, period.before, judged)
        found[RuleKey.ON_TIME] = tuple(
            RateFact(department_id, period, rate, before.get(department_id, NO_RATE))
            for department_id, rate in _by_department(OWN, own_of, period, judged).items()
        )
    return found


def _by_department(
    measures: tuple[Measure, ...], rate: Callable[[Totals], Rate], period: Period, judged: date
) -> dict[int, Rate]:
    """The rate that is made of some measures, by department."""
    totals = cases.stat_totals(windows(measures, period, judged), "department_id")
    return {key: rate(one) for key, one in totals.items() if isinstance(key, int) and key}


def _days_until(last: date, days: int) -> Period:
    return Period(last - timedelta(days=days - 1), last)
