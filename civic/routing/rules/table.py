"""``routing.yaml``: read with every slip named by its line, and written as officials keep it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import yaml

from civic.core.text import normalise
from civic.departments.rules import DataError, Entry, entries, refuse_unknown, text_of
from civic.routing.rules.conditions import Condition, RoutingTable, Rule, StatutoryChannel

KINDS = ("suggestion", "question", "complaint", "report", "praise")
SPEAKERS = ("resident", "business", "organisation", "compatriot")
CONDITIONS = ("any", "all", "none", "kinds", "streets", "speaks_as")


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


def write_routing(table: RoutingTable) -> str:
    """The table as a file that :func:`read_routing` reads back to the same."""
    rules = "\n".join(_written(_rule_entry(rule)) for rule in table.rules)
    channels = "\n".join(_written(_channel_entry(channel)) for channel in table.channels)
    return f"rules:\n{rules or '  []'}\nchannels:\n{channels or '  []'}\n"


def _written(entry: dict[str, Any]) -> str:
    """One entry of a list; what isn't stated is left out."""
    stated = {key: value for key, value in entry.items() if value}
    lines = yaml.safe_dump([stated], allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
    return "".join(f"  {line}\n" for line in lines.splitlines())


def _rule_entry(rule: Rule) -> dict[str, Any]:
    target = {"street": True} if rule.to_street else {"department": rule.department}
    over, yields = list(rule.over), rule.yields
    return {
        "id": rule.code, "name": rule.name, "over": over, "yields": yields, **rule.condition.as_params(), **target,
        "note": rule.note,
    }  # fmt: skip


def _channel_entry(channel: StatutoryChannel) -> dict[str, Any]:
    words = channel.condition.as_params()
    return {
        "id": channel.code, "name": channel.name, "name_en": channel.name_en, "emergency": channel.emergency,
        "any": words["any"], "all": words["all"], "none": words["none"], "advice": channel.advice,
        "advice_en": channel.advice_en, "phone": channel.phone, "link": channel.link,
    }  # fmt: skip


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
    if condition.is_empty:
        raise entry.error("a rule must say when it holds: give 'any', 'all', 'streets' or 'speaks_as'")
    if condition.refused:
        raise entry.error(f"{condition.refused!r} can never match: 'none' refuses it", "none")
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
