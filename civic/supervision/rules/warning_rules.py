"""``warnings.yaml``: which rules the supervision pages warn by, and from what on. Pure.

The file holds thresholds; what a rule means stands here as a sentence that is translated. A rule that the file
doesn't name warns of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from civic.core.errors import N_
from civic.departments.rules import DataError, Entry, entries, refuse_unknown, text_of


class RuleKey(StrEnum):
    """What is warned of, in the order in which it is shown."""

    OVERDUE = "overdue"
    REOPENED = "reopened"
    RETURNED = "returned"
    UNHEARD = "unheard"
    BEHIND = "behind"
    DISSATISFIED = "dissatisfied"
    ON_TIME = "on_time"


class Severity(StrEnum):
    """How much a warning matters; never shown without its reason."""

    RED = "red"
    YELLOW = "yellow"


RULE_LABELS: Mapping[RuleKey, str] = {
    RuleKey.OVERDUE: N_("Long overdue"),
    RuleKey.REOPENED: N_("Reopened again"),
    RuleKey.RETURNED: N_("Returned again"),
    RuleKey.UNHEARD: N_("Many messages, nothing published"),
    RuleKey.BEHIND: N_("Indicator behind"),
    RuleKey.DISSATISFIED: N_("Dissatisfied by many"),
    RuleKey.ON_TIME: N_("On time less often"),
}

RULE_TEXTS: Mapping[RuleKey, str] = {
    RuleKey.OVERDUE: N_(
        "An open case is past its reply deadline by more than %(yellow)s working days; by more than %(red)s it is red. "
        "While the resident is asked for something the clock stands still, and nothing is warned of."
    ),
    RuleKey.REOPENED: N_(
        "Dissatisfied residents had a case reopened at least %(yellow)s times and it is not closed; from %(red)s times "
        "on it is red."
    ),
    RuleKey.RETURNED: N_(
        "Departments returned a case as misrouted at least %(yellow)s times and it is not closed; from %(red)s times "
        "on it is red."
    ),
    RuleKey.UNHEARD: N_(
        "At least %(yellow)s messages about an item came in the last %(days)s days, private ones counted, and nothing "
        "about its progress was published for %(months)s months; from %(red)s messages on it is red."
    ),
    RuleKey.BEHIND: N_(
        "An indicator of a running plan is behind by the calculation on its page; it is red if it is behind the time "
        "by %(red)s of its way or more, or if the target was missed. Only values of years that are over are judged. "
        "What can’t be judged is not warned of."
    ),
    RuleKey.DISSATISFIED: N_(
        "Of a department’s answers that residents rated in the last %(days)s days at least %(yellow)s were rated "
        "dissatisfied, even at the lower end of the 95%% interval; from %(red)s on it is red. Fewer than %(small)s "
        "ratings are not judged."
    ),
    RuleKey.ON_TIME: N_(
        "A department’s share answered within its own days in the last %(days)s days is lower by at least %(yellow)s "
        "percentage points than in the %(days)s days before, and the 95%% intervals of the two do not overlap; from "
        "%(red)s points on it is red. Fewer than %(small)s deadlines in either time are not judged."
    ),
}


@dataclass(frozen=True, slots=True)
class WarningRule:
    """One rule with its thresholds: numbers of what is counted, or shares between 0 and 1.

    ``days``: over how many days it counts; ``months``: of how long a silence it speaks.
    """

    key: RuleKey
    red: Decimal
    yellow: Decimal = Decimal(0)
    days: int = 0
    months: int = 0

    @property
    def as_stored(self) -> dict[str, Any]:
        """The rule as plain JSON; :func:`stored_rule` reads it back."""
        return {
            "key": self.key.value,
            "red": str(self.red),
            "yellow": str(self.yellow),
            "days": self.days,
            "months": self.months,
        }


def stored_rule(stored: Mapping[str, Any]) -> WarningRule:
    """A rule as it was stored when the file was loaded."""
    red, yellow = Decimal(stored["red"]), Decimal(stored["yellow"])
    return WarningRule(RuleKey(stored["key"]), red, yellow, stored["days"], stored["months"])


@dataclass(frozen=True, slots=True)
class _Number:
    """What a field may hold: whole numbers, or a share as a percentage, from ``least`` to ``most``."""

    least: int
    most: int
    is_share: bool = False

    @property
    def said(self) -> str:
        if self.is_share:
            return f"a share from {self.least}% to {self.most}%, such as {self.least + 10}%"
        return f"a whole number from {self.least} to {self.most}"

    def read(self, entry: Entry, name: str) -> Decimal:
        """The field's value; raises :class:`DataError` at its line."""
        given = entry.get(name)
        if given is None:
            raise entry.error(f"the rule {entry.get('rule')!r} needs {name!r}: {self.said}")
        found = _share(str(given)) if self.is_share else _whole(given)
        scale = 100 if self.is_share else 1
        if found is None or not self.least <= found * scale <= self.most:
            raise entry.error(f"{name!r} must be {self.said}", name)
        return found


def _share(text: str) -> Decimal | None:
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?)%", text.strip())
    return Decimal(match[1]) / 100 if match else None


def _whole(given: object) -> Decimal | None:
    return Decimal(given) if isinstance(given, int) and not isinstance(given, bool) else None


_SHARE = _Number(1, 100, is_share=True)
_DAYS = _Number(7, 730)
_FIELDS: Mapping[RuleKey, Mapping[str, _Number]] = {
    RuleKey.OVERDUE: {"yellow": _Number(1, 250), "red": _Number(1, 250)},
    RuleKey.REOPENED: {"yellow": _Number(2, 3), "red": _Number(2, 3)},
    RuleKey.RETURNED: {"yellow": _Number(2, 20), "red": _Number(2, 20)},
    RuleKey.UNHEARD: {
        "yellow": _Number(2, 100_000), "red": _Number(2, 100_000), "days": _DAYS, "months": _Number(2, 60),
    },
    RuleKey.BEHIND: {"red": _SHARE},
    RuleKey.DISSATISFIED: {"yellow": _SHARE, "red": _SHARE, "days": _DAYS},
    RuleKey.ON_TIME: {"yellow": _SHARE, "red": _SHARE, "days": _DAYS},
}  # fmt: skip
"""Which fields a rule has; all of them have to be stated."""

SHARES = frozenset(key for key, known in _FIELDS.items() if known["red"].is_share)
"""Rules whose thresholds are shares."""


def read_warning_rules(file: str, content: Any) -> tuple[WarningRule, ...]:
    """Check and type ``warnings.yaml``, in the order in which rules are shown; raises :class:`DataError`."""
    if not isinstance(content, Entry):
        raise DataError(file, 1, "the file must hold a list under 'rules'")
    refuse_unknown(content, ("rules",))
    found: dict[RuleKey, WarningRule] = {}
    for entry in entries(content, "rules"):
        rule = _read_rule(entry)
        if rule.key in found:
            raise entry.error(f"the rule {rule.key.value!r} stands twice", "rule")
        found[rule.key] = rule
    return tuple(found[key] for key in RuleKey if key in found)


def _read_rule(entry: Entry) -> WarningRule:
    name = text_of(entry, "rule", required=True)
    if name not in set(RuleKey):
        raise entry.error(f"there is no rule {name!r}; known are {_listed(RuleKey)}", "rule")
    key = RuleKey(name)
    fields = _FIELDS[key]
    refuse_unknown(entry, ("rule", *fields))
    values = {field: number.read(entry, field) for field, number in fields.items()}
    if values.get("yellow", values["red"]) > values["red"]:
        raise entry.error("'red' must not be less than 'yellow'", "red")
    days, months = int(values.pop("days", 0)), int(values.pop("months", 0))
    return WarningRule(key, days=days, months=months, **values)


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(keys)
