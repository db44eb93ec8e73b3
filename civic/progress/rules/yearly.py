"""The target of a single year (年度目标): what it asks of that year, and whether the value keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from civic.plans.rules import TargetKind
from civic.progress.rules import lines
from civic.progress.rules.comparing import AROUND, DOWNWARD, UPWARD, is_limit, lower_wanted, meets, sign
from civic.progress.rules.formulas import growth_share, level_share
from civic.progress.rules.known import Known, gather
from civic.progress.rules.paths import by_growth, goal_of
from civic.progress.rules.vocabulary import (
    AnnualTarget,
    AnnualVerdict,
    Facts,
    Line,
    Observation,
    Reason,
    Status,
    Tolerances,
    Verdict,
)

ONE = Decimal(1)


def by_the_year(verdict: Verdict, known: Known | None) -> Verdict:
    """Judge by the target set for the year, where there is one; else the verdict as it is.

    While the plan runs this decides the status: reached is on track (ahead if clearly beyond), not reached
    is behind. A plan target that is reached already, or due in that year, decides itself. What can't be
    compared stays undetermined; what the plan doesn't quantify can still be judged by its year.
    """
    target = known.facts.annual_target(known.year) if known else None
    if known is None or target is None or verdict.reason is Reason.BASIS_CHANGED:
        return verdict
    value, said = _value(known, target, verdict)
    goal = None
    if value is not None:
        goal, more = _goal(known.facts, known.observations, target)
        said += more
    if value is None or goal is None:
        return replace(verdict, calculation=(*verdict.calculation, *said))
    word, cuts = target.printed.qualifier, known.tolerances
    lower = lower_in(known.facts, target)
    held = meets(value, goal, word, lower, cuts)
    said.append(_against(known.year, value, goal))
    if word == AROUND and held and not meets(value, goal, "", lower, cuts):
        said.append(lines.line(lines.YEAR_AROUND, slack=lines.percent(cuts.around_by)))
    beyond = _beyond(known, value, goal, verdict) if held else None
    if known.ended:
        status = Status.ACHIEVED if held else Status.MISSED
    else:
        status = _running(held, beyond, cuts)
        if beyond is not None:
            shown = {"beyond": lines.percent(beyond, 1), "ahead": lines.percent(cuts.ahead_by, 1)}
            said.append(lines.line(lines.YEAR_BEYOND, **shown))
    decides = _decides(verdict, known)
    said.append(lines.line(lines.YEAR_DECIDES if decides else lines.PLAN_DECIDES, year=known.year))
    annual = AnnualVerdict(target, goal, value, status, verdict.status, verdict.reason, decides)
    judged = replace(verdict, annual=annual, calculation=(*verdict.calculation, *said))
    if not decides:
        return judged
    observed = value if verdict.observed is None else verdict.observed
    return replace(judged, status=status, reason=None, year=known.year, observed=observed)


def lower_in(facts: Facts, target: AnnualTarget) -> bool:
    """Whether a smaller value is a better one in that year: by the word printed there, else as the plan has it."""
    word, rate = target.printed.qualifier, target.printed.value
    if word in DOWNWARD:
        return True
    if word in UPWARD:
        return False
    if target.as_rate and rate is not None and rate < 0:
        return True
    goal = goal_of(facts)
    if goal is None:
        return facts.lower_is_better or facts.kind is TargetKind.CEILING
    return lower_wanted(facts, goal)


def _decides(verdict: Verdict, known: Known) -> bool:
    """Whether the year's target decides: not over a plan target that is reached or due."""
    if verdict.status is Status.UNDETERMINED:
        return True
    return not known.ended and verdict.status is not Status.ACHIEVED_EARLY


def _running(held: bool, beyond: Decimal | None, cuts: Tolerances) -> Status:
    if not held:
        return Status.BEHIND
    return Status.AHEAD if beyond is not None and beyond > cuts.ahead_by else Status.ON_TRACK


def _value(known: Known, target: AnnualTarget, verdict: Verdict) -> tuple[Decimal | None, list[Line]]:
    """The value that the year's target speaks of: the year's own, or the sum so far for one printed in [ ]."""
    one, facts = known.latest, known.facts
    if facts.kind is not TargetKind.CUMULATIVE:
        return (None if one.cumulative or target.printed.cumulative else one.value), []
    if target.printed.cumulative:
        return verdict.observed, []
    if not one.cumulative:
        return one.value, []
    before = known.observations.get(known.year - 1)
    if known.year - 1 == facts.baseline_year:
        return one.value, []
    if before is None or not before.cumulative:
        return None, [_missing(known.year)]
    value = one.value - before.value
    shown = {
        "sum": lines.number(one.value),
        "before": lines.number(before.value),
        "value": lines.number(value),
    }
    return value, [lines.line(lines.YEAR_SUM, year=known.year, **shown)]


def _goal(
    facts: Facts, observations: Mapping[int, Observation], target: AnnualTarget
) -> tuple[Decimal | None, list[Line]]:
    """The level that the year's target amounts to; a rate needs the value of the year before."""
    wanted = target.printed.value
    if wanted is None or not target.as_rate:
        return wanted, []
    last = target.year - 1
    before = facts.base if last == facts.baseline_year else None
    one = observations.get(last)
    if one is not None:
        before = one.value if not one.cumulative and one.unit in ("", facts.unit) else None
    if before is None or before <= 0:
        return None, [_missing(target.year)]
    goal = before * (ONE + wanted / 100)
    said = lines.line(
        lines.YEAR_RATE, year=target.year, growth=lines.percent(wanted / 100), before=lines.number(before),
        goal=lines.computed(goal),
    )  # fmt: skip
    return goal, [said]


def _missing(year: int) -> Line:
    return lines.line(lines.YEAR_BEFORE_MISSING, year=year, before=year - 1)


def _against(year: int, value: Decimal, goal: Decimal) -> Line:
    shown = {"value": lines.number(value), "sign": sign(value, goal), "goal": lines.computed(goal)}
    return lines.line(lines.YEAR_AGAINST, year=year, **shown)


def _beyond(known: Known, value: Decimal, goal: Decimal, verdict: Verdict) -> Decimal | None:
    """How far the value lies beyond the year's target, in shares of the plan's whole way; None without one."""
    facts, wanted = known.facts, goal_of(known.facts)
    if verdict.status is Status.UNDETERMINED or wanted is None:
        return None
    if facts.kind is TargetKind.CUMULATIVE:
        if wanted <= 0:
            return None
        return (goal - value if lower_wanted(facts, wanted) else value - goal) / wanted
    travels = facts.kind in (TargetKind.LEVEL, TargetKind.GROWTH, TargetKind.CEILING, TargetKind.FLOOR)
    if not travels or facts.base is None or is_limit(facts, wanted, known.tolerances):
        return None
    share = growth_share if by_growth(facts, wanted) else level_share
    here, asked = share(facts.base, wanted, value), share(facts.base, wanted, goal)
    return None if here is None or asked is None else here - asked


def annual_levels(facts: Facts, observations: Iterable[Observation]) -> tuple[tuple[int, Decimal], ...]:
    """The targets of single years that can stand in the indicator's chart, as (year, level).

    A rate becomes a level where the value of the year before is known. Of an indicator that is added
    up only sums since the plan began can stand there, of any other only what isn't one.
    """
    found = gather(facts, observations, facts.target_year)
    summed = facts.kind is TargetKind.CUMULATIVE
    levels = []
    for target in facts.annual:
        if target.printed.cumulative is summed:
            goal, _said = _goal(facts, found, target)
            if goal is not None:
                levels.append((target.year, goal))
    return tuple(levels)
