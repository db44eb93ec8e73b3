"""Why a rule gives no warning about a department: green, with its reason, or that nothing can be said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from civic.core.errors import N_
from civic.supervision.rules.summaries import SMALL, Rate
from civic.supervision.rules.warning_rules import RuleKey, WarningRule
from civic.supervision.rules.warnings import NO_RATE, Facts, RateFact, Sentence, Warned, limits, percent


@dataclass(frozen=True, slots=True)
class Clear:
    """One rule that warns of nothing; ``judged`` False: it can't say anything about the department."""

    rule: RuleKey
    judged: bool
    reason: Sentence


_NONE: Mapping[RuleKey, str] = {
    RuleKey.OVERDUE: N_(
        "No case of this department is past its reply deadline by more than %(yellow)s working days."
    ),
    RuleKey.REOPENED: N_(
        "No case of this department that is not closed was reopened %(yellow)s times or more."
    ),
    RuleKey.RETURNED: N_(
        "No case of this department that is not closed was returned %(yellow)s times or more."
    ),
    RuleKey.UNHEARD: N_(
        "No item that this department leads had %(yellow)s messages or more in the last %(days)s days and %(months)s "
        "months of silence about its progress."
    ),
}
NO_INDICATOR = N_("This department leads no indicator of a running plan.")
NONE_JUDGED = N_("Of this department’s indicators none can be judged yet (%(all)s of them).")
NONE_BEHIND = N_(
    "Of this department’s %(all)s indicators %(judged)s can be judged, and none of these is behind or missed."
)
TOO_FEW_RATINGS = N_(
    "Answers rated in the last %(days)s days: %(whole)s. Fewer than %(small)s are not judged."
)
FEW_DISSATISFIED = N_(
    "%(part)s of %(whole)s answers rated in the last %(days)s days were rated dissatisfied (%(share)s). With chance "
    "allowed for that is not %(yellow)s or more."
)
TOO_FEW_DEADLINES = N_(
    "Reply deadlines in the last %(days)s days: %(whole)s, in the %(days)s days before: %(whole_before)s. Fewer than "
    "%(small)s are not judged."
)
NOT_FALLEN = N_(
    "%(share)s answered within own days (%(part)s of %(whole)s) in the last %(days)s days, after %(share_before)s "
    "(%(part_before)s of %(whole_before)s): that is not %(yellow)s percentage points less beyond chance."
)


def all_clear(
    rules: Iterable[WarningRule], facts: Facts, warned: Iterable[Warned], department_id: int
) -> tuple[Clear, ...]:
    """Of each rule that doesn't warn of a department: why not."""
    warning = {one.rule for one in warned if one.department_id == department_id}
    return tuple(_clear(rule, facts, department_id) for rule in rules if rule.key not in warning)


def _clear(rule: WarningRule, facts: Facts, department_id: int) -> Clear:
    shown = {**limits(rule), "days": rule.days, "months": rule.months, "small": SMALL}
    if rule.key in _NONE:
        return Clear(rule.key, True, Sentence(_NONE[rule.key], shown))
    if rule.key is RuleKey.BEHIND:
        return _indicators(facts, department_id)
    fact = next((one for one in facts.rates.get(rule.key, ()) if one.department_id == department_id), None)
    return _rates(rule, fact, shown)


def _indicators(facts: Facts, department_id: int) -> Clear:
    own = [one for one in facts.indicators if one.department_id == department_id]
    judged = sum(one.judged for one in own)
    if not own:
        return Clear(RuleKey.BEHIND, False, Sentence(NO_INDICATOR))
    if not judged:
        return Clear(RuleKey.BEHIND, False, Sentence(NONE_JUDGED, {"all": len(own)}))
    return Clear(RuleKey.BEHIND, True, Sentence(NONE_BEHIND, {"all": len(own), "judged": judged}))


def _rates(rule: WarningRule, fact: RateFact | None, shown: Mapping[str, object]) -> Clear:
    rate, before = (fact.rate, fact.before) if fact else (NO_RATE, NO_RATE)
    params = {**shown, **_parts(rate, ""), **_parts(before, "_before")}
    if rule.key is RuleKey.DISSATISFIED:
        enough, few, said = rate.whole >= SMALL, TOO_FEW_RATINGS, FEW_DISSATISFIED
    else:
        enough, few, said = min(rate.whole, before.whole) >= SMALL, TOO_FEW_DEADLINES, NOT_FALLEN
    return Clear(rule.key, enough, Sentence(said if enough else few, params))


def _parts(rate: Rate, suffix: str) -> dict[str, object]:
    share = percent(rate.part / rate.whole) if rate.whole else "—"
    return {f"part{suffix}": rate.part, f"whole{suffix}": rate.whole, f"share{suffix}": share}
