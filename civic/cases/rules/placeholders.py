"""Placeholders of prepared replies: a closed set of names in lenticular brackets, filled in from the case.

``【编号】`` stands for the number of the case. ``【填写：完工日期】`` is a blank that only a person can fill in: it
stays as it is until somebody writes over it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from civic.core.errors import N_


class Placeholder(StrEnum):
    """What a prepared reply can say of the case; the value is how it's written between the brackets."""

    REFERENCE = "编号"
    KIND = "类型"
    ITEM = "条目"
    DEPARTMENT = "部门"
    STREET = "街道"
    DUE = "期限"
    TODAY = "今日"
    SALUTATION = "称呼"
    HANDLER = "经办人"


PLACEHOLDER_LABELS: Mapping[Placeholder, str] = MappingProxyType(
    {
        Placeholder.REFERENCE: N_("the number of the case"),
        Placeholder.KIND: N_("what kind of message it is"),
        Placeholder.ITEM: N_("the title of the item of the plan"),
        Placeholder.DEPARTMENT: N_("the name of the department"),
        Placeholder.STREET: N_("the street or town"),
        Placeholder.DUE: N_("the day by which the reply is due"),
        Placeholder.TODAY: N_("the day on which it is filled in"),
        Placeholder.SALUTATION: N_("how the resident is addressed, without a name"),
        Placeholder.HANDLER: N_("the name of whoever fills it in"),
    }
)
"""What people read about each; msgids."""

_BRACKETED = re.compile(r"【([^【】\n]*)】")
_BLANK = re.compile(r"填写[：:]?.*")


def filled(text: str, values: Mapping[Placeholder, str]) -> str:
    """The text with every placeholder that has a value replaced by it; the others stay."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        known = Placeholder(name) if name in set(Placeholder) else None
        return (values.get(known, "") if known else "") or match.group()

    return _BRACKETED.sub(value, text)


def unknown_placeholders(text: str) -> tuple[str, ...]:
    """What stands between brackets and is neither a placeholder nor a blank, each once, in order."""
    names = (match.group(1).strip() for match in _BRACKETED.finditer(text))
    return tuple(dict.fromkeys(n for n in names if n not in set(Placeholder) and not _BLANK.fullmatch(n)))


def unfilled_placeholders(text: str) -> tuple[str, ...]:
    """Placeholders and blanks that are still in a text, as they stand there, each once, in order."""
    return tuple(
        dict.fromkeys(
            match.group()
            for match in _BRACKETED.finditer(text)
            if (name := match.group(1).strip()) in set(Placeholder) or _BLANK.fullmatch(name)
        )
    )
