"""The law of routing: what a rule of ``routing.yaml`` says, and which one a text matches. Pure.

A rule holds if every condition it states holds. If all rules that hold for a text name the same
department, it goes there; if they name several, the text may be about several matters, and a person
decides, unless the table says which rule goes before which. The rule must hold for the opening of the text:
what comes late in a long message may be said in passing. A text that no rule holds for goes to
the dispatcher too: nothing is guessed, and whoever can read the file can tell where a text goes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from civic.core.errors import N_
from civic.core.text import normalise
from civic.departments.rules import DataError, Entry, entries, refuse_unknown, text_of

KINDS = ("suggestion", "question", "complaint", "report", "praise")
SPEAKERS = ("resident", "business", "organisation", "compatriot")
CONDITIONS = ("any", "all", "none", "kinds", "streets", "speaks_as")


class ReasonCode(StrEnum):
    """Why a case went where it went."""

    ITEM_LEAD = "item_lead"
    RULE = "rule"
    STREET_RULE = "street_rule"
    NO_RULE = "no_rule"
    SEVERAL = "several"
    IN_PASSING = "in_passing"
    NO_LEAD = "no_lead"
    NO_STREET = "no_street"
    ABOUT_STAFF = "about_staff"


REASON_TEXTS: Mapping[ReasonCode, str] = {
    ReasonCode.ITEM_LEAD: N_("Lead department of %(item)s"),
    ReasonCode.RULE: N_("Rule %(rule)s: %(name)s"),
    ReasonCode.STREET_RULE: N_("Rule %(rule)s: %(name)s, a matter of the street office"),
    ReasonCode.NO_RULE: N_("No rule holds for this text: the dispatcher decides"),
    ReasonCode.SEVERAL: N_("Rules for different departments hold (%(rules)s): the dispatcher decides"),
    ReasonCode.IN_PASSING: N_(
        "Rule %(rule)s: %(name)s holds only for the later part of a long text: the dispatcher decides"
    ),
    ReasonCode.NO_LEAD: N_(
        "%(item)s has no department of its own, and no rule holds: the dispatcher decides"
    ),
    ReasonCode.NO_STREET: N_(
        "Rule %(rule)s: %(name)s, a matter of the street office, but no street was given: the dispatcher decides"
    ),
    ReasonCode.ABOUT_STAFF: N_("It is about the department or its staff: the dispatcher decides"),
}
"""What a reason says, as a msgid with its parameters."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a new case when it is routed. ``street`` is the street's code, '' if none was given."""

    text: str
    kind: str = ""
    street: str = ""
    speaks_as: str = ""


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
        text = normalise(question.text)
        return (
            (not self.any or _has(text, self.any))
            and all(_has(text, group) for group in self.all)
            and not _has(text, self.none)
            and (not self.kinds or question.kind in self.kinds)
            and (not self.streets or question.street in self.streets)
            and (not self.speaks_as or question.speaks_as in self.speaks_as)
        )

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


OPENING = 80
"""Characters in which a message says what it is about; a word that only comes later may be said in passing."""


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
    return rule.condition.holds(replace(question, text=normalise(question.text)[:OPENING]))


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


def read_routing(
    file: str, content: Any, departments: Collection[str], streets: Collection[str]
) -> RoutingTable:
    """Check and type ``routing.yaml``; raises :class:`DataError` with file and line.

    ``departments``: known keys; ``streets``: known codes.
    """
    if not isinstance(content, Entry):
        raise DataError(file, 1, "the file must hold 'rules' and 'channels'")
    refuse_unknown(content, ("rules", "channels"))
    codes: set[str] = set()
    rules = tuple(_rule(entry, codes, departments, streets) for entry in entries(content, "rules"))
    for entry, rule in zip(entries(content, "rules"), rules, strict=True):
        _check_over(entry, rule, rules)
    channels = tuple(_channel(entry, codes) for entry in entries(content, "channels"))
    return RoutingTable(rules, channels)


def _rule(entry: Entry, codes: set[str], departments: Collection[str], streets: Collection[str]) -> Rule:
    refuse_unknown(entry, ("id", "name", *CONDITIONS, "department", "street", "note", "over", "yields"))
    over, yields = entry.get("over") or [], entry.get("yields", False)
    if not isinstance(over, list) or not all(isinstance(code, str) for code in over):
        raise entry.error("'over' must be a list of ids of other rules", "over")
    if not isinstance(yields, bool):
        raise entry.error("'yields' must be true or left out", "yields")
    department, to_street = text_of(entry, "department"), entry.get("street", False)
    if not isinstance(to_street, bool):
        raise entry.error("'street' must be true or left out", "street")
    if bool(department) == to_street:
        raise entry.error("a rule needs either a 'department' or 'street: true'")
    if department and department not in departments:
        raise entry.error(f"the department {department!r} is not in departments.yaml", "department")
    return Rule(
        code=_code(entry, codes),
        name=text_of(entry, "name", required=True),
        condition=_condition(entry, streets),
        department=department,
        to_street=to_street,
        note=text_of(entry, "note"),
        over=tuple(over),
        yields=yields,
    )


def _check_over(entry: Entry, rule: Rule, rules: tuple[Rule, ...]) -> None:
    known = {other.code: other for other in rules}
    for code in rule.over:
        if code not in known or code == rule.code:
            raise entry.error(f"'over' names {code!r}, which is no other rule", "over")
        if rule.code in known[code].over:
            raise entry.error(f"{rule.code} and {code} each go before the other", "over")


def _channel(entry: Entry, codes: set[str]) -> StatutoryChannel:
    known = (
        "id",
        "name",
        "name_en",
        "advice",
        "advice_en",
        "any",
        "all",
        "none",
        "phone",
        "link",
        "emergency",
    )
    refuse_unknown(entry, known)
    return StatutoryChannel(
        code=_code(entry, codes),
        name=text_of(entry, "name", required=True),
        name_en=text_of(entry, "name_en", required=True),
        advice=text_of(entry, "advice", required=True),
        advice_en=text_of(entry, "advice_en", required=True),
        condition=_condition(entry, ()),
        phone=text_of(entry, "phone"),
        link=text_of(entry, "link"),
        emergency=bool(entry.get("emergency", False)),
    )


def _code(entry: Entry, codes: set[str]) -> str:
    code = text_of(entry, "id", required=True)
    if code in codes:
        raise entry.error(f"the id {code!r} stands twice; ids are never used again", "id")
    codes.add(code)
    return code


def _condition(entry: Entry, streets: Collection[str]) -> Condition:
    groups = entry.get("all") or []
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise entry.error("'all' must be a list of lists of words: one word of each list must occur", "all")
    condition = Condition(
        any=_words(entry, "any", entry.get("any")),
        all=tuple(_words(entry, "all", group) for group in groups),
        none=_words(entry, "none", entry.get("none")),
        kinds=_of(entry, "kinds", KINDS),
        streets=_of(entry, "streets", streets),
        speaks_as=_of(entry, "speaks_as", SPEAKERS),
    )
    if not (condition.any or condition.all or condition.speaks_as or condition.streets):
        raise entry.error("a rule must say when it holds: give 'any', 'all', 'streets' or 'speaks_as'")
    if shadowed := [w for w in condition.any if any(n in w for n in condition.none)]:
        raise entry.error(f"{shadowed[0]!r} can never match: 'none' refuses it", "none")
    return condition


def _words(entry: Entry, key: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise entry.error(f"{key!r} must be a list of words; put numbers in quotes", key)
    words = tuple(normalise(word) for word in value)
    if len(set(words)) != len(words):
        raise entry.error(f"a word stands twice in {key!r}", key)
    return words


def _of(entry: Entry, key: str, known: Collection[str]) -> tuple[str, ...]:
    value = entry.get(key) or []
    if not isinstance(value, list):
        raise entry.error(f"{key!r} must be a list", key)
    for found in value:
        if found not in known:
            raise entry.error(f"{found!r} is not one of {', '.join(sorted(known))}", key)
    return tuple(value)


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)
