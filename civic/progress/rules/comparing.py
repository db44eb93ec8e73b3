"""Which way a target lies, and whether a value reaches it. Words of the print (左右, 以上, <) count."""

from __future__ import annotations

from decimal import Decimal

from civic.plans.rules import TargetKind
from civic.progress.rules import lines
from civic.progress.rules.vocabulary import Facts, Line, Tolerances

AROUND = "左右"
DOWNWARD = frozenset({"<", "≤", "以下", "以内"})
UPWARD = frozenset({">", "≥", "以上"})


def lower_wanted(facts: Facts, goal: Decimal) -> bool:
    """Whether a smaller value is a better one: by the kind, the printed word, the plan's hint, or the way to go."""
    if facts.kind is TargetKind.CEILING:
        return True
    if facts.kind is TargetKind.FLOOR:
        return False
    word = facts.target.qualifier if facts.target else ""
    if word in DOWNWARD:
        return True
    if word in UPWARD:
        return False
    if facts.lower_is_better:
        return True
    travels = facts.kind in (TargetKind.LEVEL, TargetKind.GROWTH)
    return travels and facts.base is not None and goal < facts.base


def meets(value: Decimal, goal: Decimal, word: str, lower: bool, tolerances: Tolerances) -> bool:
    """Whether ``value`` reaches ``goal``; about (左右) lets a small, shown share be missing."""
    slack = abs(goal) * tolerances.around_by if word == AROUND else Decimal(0)
    if lower:
        return value < goal if word == "<" else value <= goal + slack
    return value > goal if word == ">" else value >= goal - slack


def is_limit(facts: Facts, goal: Decimal, tolerances: Tolerances) -> bool:
    """Whether the target is to be kept every year rather than reached: 持平, or a baseline already there."""
    base = facts.base
    if facts.kind is TargetKind.MAINTAIN:
        return True
    if base is None:
        return facts.kind in (TargetKind.CEILING, TargetKind.FLOOR)
    word = facts.target.qualifier if facts.target else ""
    return base == goal or meets(base, goal, word, lower_wanted(facts, goal), tolerances)


def sign(value: Decimal, goal: Decimal) -> str:
    """How two numbers stand to each other."""
    return "<" if value < goal else ">" if value > goal else "="


def against(value: Decimal, goal: Decimal, word: str, tolerances: Tolerances) -> Line:
    """The sentence that holds a value against the target."""
    shown = {"value": lines.number(value), "sign": sign(value, goal), "goal": lines.computed(goal)}
    if word == AROUND and value != goal and abs(value - goal) <= abs(goal) * tolerances.around_by:
        return lines.line(lines.AGAINST_AROUND, **shown, slack=lines.percent(tolerances.around_by))
    return lines.line(lines.AGAINST, **shown)


def apart(one: Decimal, other: Decimal, tolerances: Tolerances) -> bool:
    """Whether two numbers that should be one differ by more than rounding."""
    return abs(one - other) > abs(other) * tolerances.print_slack
