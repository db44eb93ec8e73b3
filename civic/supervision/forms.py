"""What a reader of a summary may choose; read from the address, so that a link says it all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from civic.core.errors import N_, Invalid
from civic.plans import queries as plans
from civic.supervision.queries import WarningFilter
from civic.supervision.rules import Choice, Period, Scope, parse_period
from civic.supervision.rules.periods import offered
from civic.supervision.rules.topics import DEFAULT_DAYS, TopicChoice, Within, monday_of
from civic.supervision.rules.warning_rules import RuleKey, Severity

PLAN_TO_DATE = "plan"
"""The period from the first day of the running plan up to today, or up to its last day once that has passed."""

Days = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Refused:
    """A choice that makes no sense: why, what was typed, and which of its days aren't any."""

    problem: Invalid
    typed: Mapping[str, str]
    not_days: frozenset[str]


def read_choice(args: Mapping[str, str], today: date) -> Choice:
    """The choice in an address; raises :class:`Invalid` with what to do if it makes no sense."""
    by = args.get("by") or Scope.DEPARTMENT.value
    if by not in set(Scope):
        raise Invalid(
            N_("A summary is by department, chapter, livelihood area, street, kind or item."),
            code="bad_scope",
            field="by",
        )
    text = args.get("period") or None
    narrowed = tuple((scope, args[scope.value]) for scope in Scope if args.get(scope.value))
    if text == PLAN_TO_DATE:
        plan = _plan_to_date(today)
        if plan is None:
            raise Invalid(
                N_("No plan is running. Choose days instead."), code="no_running_plan", field="period"
            )
        return Choice(plan, Scope(by), narrowed=narrowed)
    period = parse_period(text, args.get("since"), args.get("until"), today)
    return Choice(period, Scope(by), text, narrowed)


def refused_choice(problem: Invalid, args: Mapping[str, str]) -> Refused:
    """What the form shows again; a named period isn't in it."""
    typed = {name: args[name] for name in ("by", "since", "until", *Scope) if args.get(name)}
    if typed.get("by") not in set(Scope):
        typed.pop("by", None)
    return Refused(
        problem, typed, frozenset(name for name in ("since", "until") if not _is_day(typed.get(name)))
    )


def _is_day(text: str | None) -> bool:
    """Whether a field for days can hold it."""
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def offered_periods(today: date) -> tuple[tuple[str, str], ...]:
    """The periods that a reader chooses most, that of the running plan the last: (msgid, how an address names it)."""
    plan = _plan_to_date(today)
    if plan is None:
        return offered(today)
    label = N_("Plan to date") if plan.until == today else N_("All years of the plan")
    return *offered(today), (label, PLAN_TO_DATE)


def _plan_to_date(today: date) -> Period | None:
    running = next((plan for plan in plans.plans() if plan.status == "published"), None)
    if running is None or running.first_year > today.year:
        return None
    return Period(date(running.first_year, 1, 1), min(today, date(running.last_year, 12, 31)))


def read_days(text: str | None) -> Days | None:
    """How long something took: ``3`` or ``21-`` for so many working days and more; raises :class:`Invalid`."""
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,4})(-?)", text)
    if match is None:
        raise Invalid(
            N_("Write working days as 3, or as 21- for 21 and more."), code="bad_days", field="days"
        )
    return int(match[1]), None if match[2] else int(match[1])


def read_warning_filter(args: Mapping[str, str]) -> WarningFilter:
    """Which warnings an address asks for; raises :class:`Invalid` for a rule or severity that there isn't."""
    rule, severity = args.get("rule") or None, args.get("severity") or None
    if rule not in (None, *RuleKey):
        raise Invalid(N_("There is no such rule of warning."), code="bad_rule", field="rule")
    if severity not in (None, *Severity):
        raise Invalid(N_("A warning is red or yellow."), code="bad_severity", field="severity")
    return WarningFilter(
        args.get("department") or None,
        RuleKey(rule) if rule else None,
        Severity(severity) if severity else None,
    )


def read_topic_choice(args: Mapping[str, str], today: date) -> TopicChoice:
    """Whose messages an address asks about; without days the last four weeks.

    A period that runs ends today: heat fades with the days since, and those to come aren't among them.
    """
    text, since, until = args.get("period") or None, args.get("since") or None, args.get("until") or None
    recent = Period(today - timedelta(days=DEFAULT_DAYS - 1), today)
    asked = text or since or until
    period = parse_period(text, since, until, today) if asked else recent
    return TopicChoice(
        period.begun_by(today) or period, args.get("chapter") or None, args.get("street") or None
    )


def read_within(args: Mapping[str, str]) -> Within:
    """Which messages of a topic an address asks for: ``place`` a street, ``week`` any day of it."""
    week = args.get("week") or None
    try:
        return Within(args.get("place") or None, monday_of(date.fromisoformat(week)) if week else None)
    except (ValueError, OverflowError):
        raise Invalid(N_("Write a day as 2026-11-23."), code="bad_day", field="week") from None
