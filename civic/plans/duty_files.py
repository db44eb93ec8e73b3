"""``responsibilities.yaml`` and ``commitments.yaml``: who answers for what, and what was promised."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from civic.departments.rules import read_yaml
from civic.departments.rules.datafile import DataError, Entry, refuse_unknown, text_of
from civic.plans.rules import TargetKind
from civic.plans.services import Duty, NewCommitment

DUTY_KEYS = ("lead", "support", "official")
COMMITMENT_KEYS = (
    "code", "area", "clause", "title", "title_en", "quote", "measure", "deadline", "lead", "support", "official",
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
MEASURE_KEYS = ("text", "value", "unit", "kind", "year")


def parse_responsibilities(file: str, text: str) -> dict[str, dict[str, Duty]]:
    """{plan slug: {item code: duty}}; raises :class:`DataError` naming file and line."""
    content = read_yaml(file, text)
    plans = content.get("plans") if isinstance(content, Entry) else None
    if not isinstance(plans, Entry):
        raise DataError(file, 1, "the file must hold 'plans' by slug")
    found: dict[str, dict[str, Duty]] = {}
    for slug, section in plans.items():
        items = section.get("items") if isinstance(section, Entry) else None
        if not isinstance(items, Entry):
            raise plans.error(f"{slug!r} must hold 'items' by code", slug)
        found[slug] = {}
        for code, entry in items.items():
            if not isinstance(entry, Entry):
                raise items.error(f"{code!r} must name a lead", code)
            refuse_unknown(entry, DUTY_KEYS)
            found[slug][str(code)] = _duty(entry)
    return found


def parse_commitments(file: str, text: str) -> tuple[NewCommitment, ...]:
    """The commitments of a plan; raises :class:`DataError` naming file and line."""
    content = read_yaml(file, text)
    if isinstance(content, Entry):
        content = content.get("commitments")
    if not isinstance(content, list) or not all(isinstance(entry, Entry) for entry in content):
        raise DataError(file, 1, "the file must be a list of commitments")
    return tuple(_commitment(entry) for entry in content)


def _duty(entry: Entry) -> Duty:
    support = entry.get("support") or []
    if not isinstance(support, list) or not all(isinstance(key, str) for key in support):
        raise entry.error("'support' must be a list of department keys", "support")
    return Duty(text_of(entry, "lead", required=True), tuple(support), text_of(entry, "official"))


def _commitment(entry: Entry) -> NewCommitment:
    refuse_unknown(entry, COMMITMENT_KEYS)
    deadline = entry.get("deadline")
    if deadline is not None and not isinstance(deadline, date):
        raise entry.error("'deadline' must be a day such as 2025-12-31", "deadline")
    return NewCommitment(
        code=text_of(entry, "code", required=True),
        clause=text_of(entry, "clause", required=True),
        area=text_of(entry, "area", required=True),
        title=text_of(entry, "title", required=True),
        title_en=text_of(entry, "title_en"),
        quote=text_of(entry, "quote", required=True),
        duty=_duty(entry),
        measure=_measure(entry),
        deadline=deadline,
    )


def _measure(entry: Entry) -> dict[str, Any] | None:
    """What a promise can be measured by, typed: ``value`` is a decimal string, ``kind`` a kind of target."""
    measure = entry.get("measure")
    if measure is None:
        return None
    if not isinstance(measure, Entry):
        raise entry.error("'measure' must hold text, value, unit, kind and year", "measure")
    refuse_unknown(measure, MEASURE_KEYS)
    text_of(measure, "text", required=True)
    kind, value = text_of(measure, "kind", required=True), text_of(measure, "value")
    if kind not in set(TargetKind):
        raise measure.error(f"the kind {kind!r} is not one of {', '.join(TargetKind)}", "kind")
    if value and not _NUMBER.fullmatch(value):
        raise measure.error("'value' must be a number such as '86' or '7.5', in quotes", "value")
    if "year" in measure and not isinstance(measure["year"], int):
        raise measure.error("'year' must be a year", "year")
    return dict(measure)
