"""Looking at rules before they hold: what each says about a text, and what a changed table would have done. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from civic.core.errors import N_
from civic.routing.rules.conditions import Question, choose, is_said_at_once
from civic.routing.rules.deciding import Ground, RoutingDecision, StandingRule, Subject, decide


class Fate(StrEnum):
    """What becomes of a rule that holds for a text."""

    DECIDES = "decides"
    IN_PASSING = "in_passing"
    SAME = "same"
    BEATEN = "beaten"
    YIELDS = "yields"
    NOT_TAKING = "not_taking"


FATE_TEXTS: Mapping[Fate, str] = {
    Fate.DECIDES: N_("decides"),
    Fate.IN_PASSING: N_("would decide, but holds only for the later part of the text"),
    Fate.SAME: N_("names the same department as a rule above"),
    Fate.BEATEN: N_("another rule that holds goes before it"),
    Fate.YIELDS: N_("yields: it may only name a place"),
    Fate.NOT_TAKING: N_("its department takes no more cases"),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rule that holds for a text, which of its words are there, and what becomes of it."""

    rule: StandingRule
    words: tuple[str, ...]
    fate: Fate


def weigh(rules: Iterable[StandingRule], question: Question, ground: Ground) -> tuple[Weighed, ...]:
    """All rules that hold for a text, in the order of the table."""
    held = [rule for rule in rules if rule.condition.holds(question)]
    usable = [rule for rule in held if rule.to_street or rule.department_id in ground.taking]
    deciding = {rule.code for rule in choose(usable, question)}
    firm = any(not rule.yields for rule in usable)
    beaten = {code for rule in usable if not (firm and rule.yields) for code in rule.over}

    def fate(rule: StandingRule) -> Fate:
        if rule.code in deciding:
            return Fate.DECIDES if is_said_at_once(rule, question) else Fate.IN_PASSING
        if rule not in usable:
            return Fate.NOT_TAKING
        if rule.yields and firm:
            return Fate.YIELDS
        return Fate.BEATEN if rule.code in beaten else Fate.SAME

    return tuple(Weighed(rule, rule.condition.words_in(question), fate(rule)) for rule in held)


class Trial:
    """Two tables that differ in some rules, asked about many texts.

    A text for which none of the differing rules holds is decided alike by both, so only the others are decided twice.
    """

    def __init__(self, before: Iterable[StandingRule], after: Iterable[StandingRule], ground: Ground) -> None:
        self.before, self.after, self.ground = tuple(before), tuple(after), ground
        self._conditions = [
            rule.condition
            for rules, others in ((self.before, self.after), (self.after, self.before))
            for rule in rules
            if rule not in others
        ]

    def ask(
        self, question: Question, *, subject: Subject | None = None, about_staff: bool = False
    ) -> tuple[RoutingDecision, RoutingDecision] | None:
        """What either table decides; None where they decide alike."""
        if about_staff or (subject is not None and subject.lead_id in self.ground.taking):
            return None
        if not any(condition.holds(question) for condition in self._conditions):
            return None
        was, becomes = (
            decide(rules, question, self.ground, subject=subject) for rules in (self.before, self.after)
        )
        return (was, becomes) if was.department_id != becomes.department_id else None
