"""Targets with a way to go: levels, growth, and limits that still have to be reached."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from civic.plans.rules import TargetKind
from civic.progress.rules import lines
from civic.progress.rules.comparing import against, apart, lower_wanted, meets
from civic.progress.rules.formulas import (
    average_growth,
    growth_path,
    growth_share,
    level_path,
    level_share,
    required_growth,
    written_share,
)
from civic.progress.rules.known import Known
from civic.progress.rules.vocabulary import Basis, Facts, Line, SecondVerdict, Status, Tolerances, Verdict


def goal_of(facts: Facts) -> Decimal | None:
    """The level the target amounts to: printed, or where the printed rate leads; None if neither says one."""
    if facts.goal is not None:
        return facts.goal
    if facts.kind is TargetKind.GROWTH and facts.base is not None and facts.growth is not None:
        return growth_path(facts.base, facts.growth, facts.target_year - facts.baseline_year)
    return facts.base if facts.kind is TargetKind.MAINTAIN else None


def by_growth(facts: Facts, goal: Decimal) -> bool:
    """Whether the way is a growth curve; without positive numbers there is none, and the way is straight."""
    return facts.kind is TargetKind.GROWTH and facts.base is not None and facts.base > 0 and goal > 0


def path_status(share: Decimal | None, time: Decimal, reached: bool, ended: bool, cuts: Tolerances) -> Status:
    """Class of a way covered; no share means a value that has no place on the way at all."""
    if ended:
        return Status.ACHIEVED if reached else Status.MISSED
    if reached:
        return Status.ACHIEVED_EARLY
    if share is None or share - time < -cuts.behind_by:
        return Status.BEHIND
    return Status.AHEAD if share - time > cuts.ahead_by else Status.ON_TRACK


def on_the_way(known: Known, goal: Decimal) -> Verdict:
    """Judge the latest value on the way from the baseline to ``goal``; both must be known and differ."""
    facts, value, base = known.facts, known.latest.value, known.facts.base
    assert base is not None
    lower, growing = lower_wanted(facts, goal), by_growth(facts, goal)
    reached = meets(value, goal, known.goal_word, lower, known.tolerances)
    share = growth_share(base, goal, value) if growing else level_share(base, goal, value)
    path = _path_value(known, base, goal, growing)
    status = path_status(share, known.time, reached, known.ended, known.tolerances)
    said = known.opening()
    if facts.goal is None:
        said.append(_goal_line(known, base, goal))
    said += _path_lines(known, base, goal, path, growing)
    if share is not None:
        text = lines.GROWTH_SHARE if growing else lines.LEVEL_SHARE
        said.append(
            lines.line(text, value=lines.number(value), base=lines.number(base), goal=lines.computed(goal),
                       share=written_share(share))
        )  # fmt: skip
    verdict = Verdict(
        status, None, known.year, value, goal, known.time, share, path,
        value <= path if lower else value >= path,
    )  # fmt: skip
    if growing:
        verdict, more = _with_growth(verdict, known, base, goal)
        said += more
    said.append(against(value, goal, known.goal_word, known.tolerances))
    if not known.ended and not reached and share is not None:
        said.append(_difference_line(share - known.time, known.tolerances))
    return replace(verdict, calculation=tuple(said))


def _path_value(known: Known, base: Decimal, goal: Decimal, growing: bool) -> Decimal:
    if not growing:
        return level_path(base, goal, known.time)
    return growth_path(base, _growth(known, base, goal), known.years)


def _growth(known: Known, base: Decimal, goal: Decimal) -> Decimal:
    """The printed rate; without one, the rate that leads from the baseline to the target."""
    growth = known.facts.growth
    if growth is None:
        growth = average_growth(base, goal, known.span)
    assert growth is not None
    return growth


def _path_lines(known: Known, base: Decimal, goal: Decimal, path: Decimal, growing: bool) -> list[Line]:
    if not growing:
        return [
            lines.line(lines.LEVEL_PATH, year=known.year, base=lines.number(base), goal=lines.computed(goal),
                       share=written_share(known.time), path=lines.computed(path))
        ]  # fmt: skip
    growth = lines.percent(_growth(known, base, goal))
    return [
        lines.line(lines.GROWTH_PATH, year=known.year, base=lines.number(base), years=known.years,
                   growth=growth, path=lines.computed(path))
    ]  # fmt: skip


def _goal_line(known: Known, base: Decimal, goal: Decimal) -> Line:
    assert known.facts.growth is not None
    return lines.line(
        lines.GROWTH_GOAL, base=lines.number(base), growth=lines.percent(known.facts.growth), years=known.span,
        goal=lines.computed(goal), end=known.facts.target_year,
    )  # fmt: skip


def _with_growth(verdict: Verdict, known: Known, base: Decimal, goal: Decimal) -> tuple[Verdict, list[Line]]:
    value = known.latest.value
    average = average_growth(base, value, known.years)
    needed = required_growth(value, goal, known.years_left)
    said: list[Line] = []
    if average is not None:
        said.append(
            lines.line(lines.AVERAGE, value=lines.number(value), base=lines.number(base), years=known.years,
                       growth=lines.percent(average))
        )  # fmt: skip
    if needed is not None:
        said.append(
            lines.line(lines.REQUIRED, value=lines.number(value), goal=lines.computed(goal),
                       years=known.years_left, growth=lines.percent(needed))
        )  # fmt: skip
    return replace(verdict, average_growth=average, required_growth=needed), said


def _difference_line(difference: Decimal, cuts: Tolerances) -> Line:
    return lines.line(
        lines.DIFFERENCE, difference=written_share(difference), ahead=written_share(cuts.ahead_by),
        behind=written_share(cuts.behind_by),
    )  # fmt: skip


def implied_target(facts: Facts, known: Known | None, cuts: Tolerances) -> tuple[SecondVerdict, Line] | None:
    """The other verdict where the printed rate doesn't lead to the printed level; None where it does."""
    base, growth, goal = facts.base, facts.growth, facts.goal
    if facts.kind is not TargetKind.GROWTH or base is None or growth is None or goal is None or base <= 0:
        return None
    span = facts.target_year - facts.baseline_year
    implied = growth_path(base, growth, span)
    if not apart(implied, goal, cuts):
        return None
    said = lines.line(
        lines.RATE_LEADS, base=lines.number(base), growth=lines.percent(growth), years=span,
        implied=lines.computed(implied), goal=facts.target.text if facts.target else "",
    )  # fmt: skip
    if known is None:
        return SecondVerdict(Basis.IMPLIED_TARGET, implied, None, None), said
    value = known.latest.value
    reached = meets(value, implied, known.goal_word, lower_wanted(facts, implied), cuts)
    status = path_status(growth_share(base, implied, value), known.time, reached, known.ended, cuts)
    return SecondVerdict(Basis.IMPLIED_TARGET, implied, value, status), said


def printed_rate(known: Known) -> tuple[SecondVerdict, Line] | None:
    """The other verdict where the rate printed beside a result isn't the growth its level shows."""
    facts, one = known.facts, known.latest
    base, growth, rate = facts.base, facts.growth, one.rate
    if base is None or base <= 0 or growth is None or rate is None or rate.value is None or rate.cumulative:
        return None
    if not apart(growth_path(base, rate.value / 100, known.years), one.value, known.tolerances):
        return None
    word = facts.target_rate.qualifier if facts.target_rate else ""
    reached = meets(rate.value / 100, growth, word, growth < 0, known.tolerances)
    running = Status.ON_TRACK if reached else Status.BEHIND
    ended = Status.ACHIEVED if reached else Status.MISSED
    realised = average_growth(base, one.value, known.years)
    said = lines.line(
        lines.RATE_REALISED, rate=rate.text, base=lines.number(base), value=lines.number(one.value),
        growth="—" if realised is None else lines.percent(realised),
    )  # fmt: skip
    status = ended if known.ended else running
    return SecondVerdict(Basis.PRINTED_RATE, growth * 100, rate.value, status), said


__all__ = ["by_growth", "goal_of", "implied_target", "on_the_way", "path_status", "printed_rate"]
