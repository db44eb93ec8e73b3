"""One door to the arithmetic: :func:`assess`. What each kind of target asks stands in ``docs/progress.md``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from civic.plans.rules import TargetKind
from civic.progress.rules import lines
from civic.progress.rules.comparing import against, is_limit, lower_wanted, meets, sign
from civic.progress.rules.formulas import cumulative_sum, missing_years, time_share, written_share
from civic.progress.rules.known import Known, basis_changed, gather
from civic.progress.rules.paths import goal_of, implied_target, on_the_way, path_status, printed_rate
from civic.progress.rules.vocabulary import (
    AnnualVerdict,
    Facts,
    Line,
    Observation,
    Reason,
    Status,
    Tolerances,
    Verdict,
)
from civic.progress.rules.yearly import by_the_year

TOLERANCES = Tolerances()


def assess(
    facts: Facts, observations: Iterable[Observation], year: int, tolerances: Tolerances = TOLERANCES
) -> Verdict:
    """Judge an indicator by what is known of it up to ``year``: the latest published value counts.

    Never a status from missing data: without a value after the baseline year the verdict is
    ``undetermined``, and so it is when the basis changed, when a sum has a hole, when the target
    isn't a number, or when the value that it refers to isn't published. A target set for the year
    itself decides while the plan runs (:mod:`civic.progress.rules.yearly`).
    """
    every = gather(facts, observations, facts.target_year)
    found = {one: value for one, value in every.items() if one <= year}
    known = Known(facts, found, tolerances) if found else None
    verdict = _judge(known) if known else _no_data(facts, year, Reason.YEAR_RUNS if every else Reason.NO_DATA)
    return by_the_year(_with_seconds(verdict, facts, known, tolerances), known)


def annual_verdicts(
    facts: Facts, observations: Iterable[Observation], last: int, tolerances: Tolerances = TOLERANCES
) -> dict[int, AnnualVerdict]:
    """The answer by the target of each year up to ``last`` that has one and a value."""
    known = tuple(observations)
    found = {}
    for target in facts.annual:
        if target.year > last:
            continue
        annual = assess(facts, known, target.year, tolerances).annual
        if annual is not None and annual.target.year == target.year:
            found[target.year] = annual
    return found


def _no_data(facts: Facts, year: int, reason: Reason) -> Verdict:
    passed = time_share(facts.baseline_year, facts.target_year, year)
    return Verdict(Status.UNDETERMINED, reason, goal=goal_of(facts), time_share=passed)


def _judge(known: Known) -> Verdict:
    kind = known.facts.kind
    used = known.observations if kind is TargetKind.CUMULATIVE else (known.year,)
    problem = basis_changed(known, used)
    if problem is not None:
        return known.undetermined(Reason.BASIS_CHANGED, problem)
    if kind is TargetKind.EXTERNAL:
        return _external(known)
    if kind is TargetKind.MILESTONE:
        return _milestone(known)
    goal = goal_of(known.facts)
    if goal is None:
        return known.undetermined(Reason.NOT_QUANTIFIED)
    if kind is TargetKind.CUMULATIVE:
        return _cumulative(known, goal)
    if kind is TargetKind.ANNUAL_RATE:
        return _annual_rate(known, goal)
    return _level(known, goal)


def _level(known: Known, goal: Decimal) -> Verdict:
    """A way to go from the baseline, or a limit to keep if the baseline is already there."""
    if is_limit(known.facts, goal, known.tolerances):
        return _every_year(known, goal)
    if known.facts.base is None:
        return known.undetermined(Reason.REFERENCE_MISSING)
    return on_the_way(known, goal)


def _every_year(known: Known, goal: Decimal) -> Verdict:
    """Floor, ceiling or 持平: every published year has to keep it."""
    facts, lower = known.facts, lower_wanted(known.facts, goal)
    problem = basis_changed(known, known.observations)
    if problem is not None:
        return known.undetermined(Reason.BASIS_CHANGED, problem)
    values = {year: known.observations[year].value for year in sorted(known.observations)}
    kept = {y: meets(v, goal, known.goal_word, lower, known.tolerances) for y, v in values.items()}
    said = known.opening()
    for year, value in values.items():
        shown = {"value": lines.number(value), "sign": sign(value, goal), "goal": lines.computed(goal)}
        said.append(lines.line(lines.EVERY_YEAR, year=year, **shown))
    missing = missing_years(facts.baseline_year, known.year, values)
    if missing:
        said.append(lines.line(lines.YEARS_UNKNOWN, years=lines.span(missing)))
    return _held(known, goal, all(kept.values()), said)


def _held(known: Known, goal: Decimal, held: bool, said: list[Line]) -> Verdict:
    """A plain comparison: kept or not; while the plan runs nobody is ahead of a limit."""
    if known.ended:
        status = Status.ACHIEVED if held else Status.MISSED
    else:
        status = Status.ON_TRACK if held else Status.BEHIND
    value = known.latest.value
    return Verdict(
        status,
        None,
        known.year,
        value,
        goal,
        known.time,
        path_value=goal,
        on_path=held,
        calculation=tuple(said),
    )


def _annual_rate(known: Known, goal: Decimal) -> Verdict:
    """A rate that is asked of each year: compared directly, never added up."""
    value = known.latest.value
    held = meets(value, goal, known.goal_word, lower_wanted(known.facts, goal), known.tolerances)
    said = [*known.opening(), against(value, goal, known.goal_word, known.tolerances)]
    return _held(known, goal, held, said)


def _external(known: Known) -> Verdict:
    """A target set by someone else (市下达, 全市平均): nothing can be said without their number for that year."""
    reference = known.facts.reference(known.year)
    if reference is None:
        return known.undetermined(Reason.REFERENCE_MISSING, *known.opening())
    value, goal = known.latest.value, reference.value
    held = value <= goal if known.facts.lower_is_better else value >= goal
    said = lines.line(
        lines.AGAINST_REFERENCE, year=known.year, value=lines.number(value), sign=sign(value, goal),
        goal=lines.number(goal),
    )  # fmt: skip
    return _held(known, goal, held, [*known.opening(), said])


def _milestone(known: Known) -> Verdict:
    """Done (1) or not yet (0)."""
    done = known.latest.value >= 1
    said = lines.line(lines.MILESTONE_DONE if done else lines.MILESTONE_OPEN, year=known.year)
    early = done and not known.ended
    verdict = _held(known, Decimal(1), done or not known.ended, [*known.opening(), said])
    return replace(verdict, status=Status.ACHIEVED_EARLY) if early else verdict


def _cumulative(known: Known, goal: Decimal) -> Verdict:
    """The sum over the period against the total; what was reported as a sum replaces the years before it."""
    facts, year = known.facts, known.year
    sums = [y for y, one in known.observations.items() if one.cumulative]
    reported = max(sums) if sums else facts.baseline_year
    head = known.observations[reported].value if sums else Decimal(0)
    values = {y: one.value for y, one in known.observations.items() if y > reported}
    missing = missing_years(reported, year, values)
    if missing:
        hole = lines.line(lines.HOLE, years=lines.span(missing))
        return known.undetermined(Reason.INCOMPLETE, hole)
    total = head + (cumulative_sum(reported, year, values) or Decimal(0))
    share = total / goal if goal else None
    lower = lower_wanted(facts, goal)
    reached = meets(total, goal, known.goal_word, lower, known.tolerances)
    first = {"first": facts.baseline_year + 1, "last": year, "sum": lines.number(total)}
    terms = [*([head] if sums else []), *(values[y] for y in sorted(values))]
    said = known.opening()
    if values:
        written = " + ".join(lines.number(one) for one in terms)
        said.append(lines.line(lines.SUM, **first, terms=written))
    else:
        said.append(lines.line(lines.SUM_REPORTED, **first))
    if share is not None:
        shown = {"sum": lines.number(total), "goal": lines.number(goal), "share": written_share(share)}
        said.append(lines.line(lines.SUM_SHARE, **shown))
    said.append(against(total, goal, known.goal_word, known.tolerances))
    status = _sum_status(known, share, reached, lower)
    path = goal * known.time
    return Verdict(
        status, None, year, total, goal, known.time, share, path,
        total <= path if lower else total >= path, calculation=tuple(said),
    )  # fmt: skip


def _sum_status(known: Known, share: Decimal | None, reached: bool, lower: bool) -> Status:
    if not lower:
        return path_status(share, known.time, reached, known.ended, known.tolerances)
    if known.ended:
        return Status.ACHIEVED if reached else Status.MISSED
    if not reached or share is None:
        return Status.BEHIND
    # the signs swap: having used less than the time's share is being ahead
    return path_status(2 * known.time - share, known.time, False, False, known.tolerances)


def _with_seconds(verdict: Verdict, facts: Facts, known: Known | None, cuts: Tolerances) -> Verdict:
    """Where the print disagrees with itself, the other answers and why; none beside an undetermined status."""
    judged = known if verdict.status is not Status.UNDETERMINED else None
    found = [implied_target(facts, judged, cuts)]
    if judged is not None:
        found.append(printed_rate(judged))
    there = [one for one in found if one is not None]
    return replace(
        verdict,
        seconds=tuple(second for second, _ in there),
        calculation=(*verdict.calculation, *(said for _, said in there)),
    )
