"""What a rule of the routing table says, and which rules a text matches. Pure.

A rule holds if every condition it states holds. If all rules that hold for a text name the same
department, it goes there; if they name several, the text may be about several matters, and a person
decides, unless the table says which rule goes before which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from civic.core.text import normalise

OPENING = 80
"""Characters in which a message says what it is about; a word that only comes later may be said in passing."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a new case when it is routed: the text in normal form, so that each rule finds it so.

    ``street`` is the street's code, '' if none was given.
    """

    text: str
    kind: str = ""
    street: str = ""
    speaks_as: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", normalise(self.text))

    @property
    def opening(self) -> Question:
        """The same with the beginning of the text alone."""
        return replace(self, text=self.text[:OPENING])


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule holds. An empty condition always holds, so a rule must state at least one word or speaker.

    ``any``: one of these words is in the text. ``all``: of each group, one word is. ``none``: none of
    these is. ``kinds``, ``streets`` (codes), ``speaks_as``: one of these. Words are compared in
    normal form (width, case and white space don't matter).
    """

    any: tuple[str, ...] = ()
    all: tuple[tuple[str, ...], ...] = ()
    none: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    speaks_as: tuple[str, ...] = ()

    def holds(self, question: Question) -> bool:
        """Whether every stated condition holds."""
        text = question.text
        return (
            (not self.any or _has(text, self.any))
            and all(_has(text, group) for group in self.all)
            and not _has(text, self.none)
            and (not self.kinds or question.kind in self.kinds)
            and (not self.streets or question.street in self.streets)
            and (not self.speaks_as or question.speaks_as in self.speaks_as)
        )

    def words_in(self, question: Question) -> tuple[str, ...]:
        """Which of the stated words the text has."""
        stated = (*self.any, *(word for group in self.all for word in group))
        return tuple(dict.fromkeys(word for word in stated if word in question.text))

    @property
    def is_empty(self) -> bool:
        """Whether it would hold for everybody's text: it says neither a word nor whose or where."""
        return not (self.any or self.all or self.speaks_as or self.streets)

    @property
    def refused(self) -> str:
        """A word of ``any`` that ``none`` refuses wherever it stands; '' if there is none."""
        return next((word for word in self.any if any(other in word for other in self.none)), "")

    def in_more_forms(self, forms: Callable[[str], Iterable[str]]) -> Condition:
        """The same condition with further forms of each word, such as Traditional characters."""

        def widened(words: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(normalise(form) for word in words for form in (word, *forms(word))))

        return replace(
            self, any=widened(self.any), all=tuple(map(widened, self.all)), none=widened(self.none)
        )

    def as_params(self) -> dict[str, Any]:
        """The condition as plain JSON data; :func:`condition_of` reads it back."""
        return {
            "any": list(self.any),
            "all": [list(group) for group in self.all],
            "none": list(self.none),
            "kinds": list(self.kinds),
            "streets": list(self.streets),
            "speaks_as": list(self.speaks_as),
        }


def condition_of(params: Mapping[str, Any]) -> Condition:
    """A condition from the data of :meth:`Condition.as_params`."""
    return Condition(
        any=tuple(params.get("any", ())),
        all=tuple(tuple(group) for group in params.get("all", ())),
        none=tuple(params.get("none", ())),
        kinds=tuple(params.get("kinds", ())),
        streets=tuple(params.get("streets", ())),
        speaks_as=tuple(params.get("speaks_as", ())),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``department`` is a key; with ``to_street`` it's the office of the street that was given.

    ``over``: codes of rules that this one goes before where both hold. ``yields``: its words may only
    name a place (a school, a hospital), so every rule that doesn't yield goes before it.
    """

    code: str
    name: str
    condition: Condition
    department: str = ""
    to_street: bool = False
    note: str = ""
    over: tuple[str, ...] = ()
    yields: bool = False

    @property
    def target(self) -> str:
        """What the rule sends to: rules of one target never contradict each other."""
        return self.department


class Ruling(Protocol):
    """What choosing needs of a rule, wherever it is kept."""

    @property
    def code(self) -> str: ...
    @property
    def condition(self) -> Condition: ...
    @property
    def over(self) -> tuple[str, ...]: ...
    @property
    def yields(self) -> bool: ...
    @property
    def target(self) -> str | int | None: ...


R = TypeVar("R", bound=Ruling)


def choose(rules: Iterable[R], question: Question) -> tuple[R, ...]:
    """The rules that decide a text, in the order of the table: one per department that they name.

    None: no rule holds. One: it decides. Several: nobody but a person can.
    """
    held = [rule for rule in rules if rule.condition.holds(question)]
    firm = [rule for rule in held if not rule.yields] or held
    beaten = {code for rule in firm for code in rule.over}
    left = [rule for rule in firm if rule.code not in beaten]
    first: dict[str | int | None, R] = {}
    for rule in left:
        first.setdefault(rule.target, rule)
    return tuple(first.values())


def is_said_at_once(rule: Ruling, question: Question) -> bool:
    """Whether the rule holds for the opening of the text already."""
    return rule.condition.holds(question.opening)


@dataclass(frozen=True, slots=True)
class StatutoryChannel:
    """A matter with a channel of its own (courts, petitions, emergencies): the writer is told, never refused.

    ``phone`` and ``link`` may be ''. ``emergency``: shown before anything else.
    """

    code: str
    name: str
    name_en: str
    advice: str
    advice_en: str
    condition: Condition
    phone: str = ""
    link: str = ""
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """``routing.yaml``: the rules, in the order in which they're read, and the channels outside."""

    rules: tuple[Rule, ...] = ()
    channels: tuple[StatutoryChannel, ...] = field(default=())

    def match(self, question: Question) -> Rule | None:
        """The rule that decides a text; None where a person must."""
        found = choose(self.rules, question)
        return found[0] if len(found) == 1 and is_said_at_once(found[0], question) else None

    def recognise(self, text: str) -> tuple[StatutoryChannel, ...]:
        """The channels outside that a text seems to be for, emergencies first."""
        found = [channel for channel in self.channels if channel.condition.holds(Question(text))]
        return tuple(sorted(found, key=lambda channel: not channel.emergency))


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)
