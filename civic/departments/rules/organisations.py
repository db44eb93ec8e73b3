"""``departments.yaml`` and ``streets.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from civic.departments.rules.datafile import DataError, Entry, entries, refuse_unknown, text_of
from civic.departments.rules.vocabulary import DepartmentKind

KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class DepartmentEntry:
    """One department of ``departments.yaml``."""

    key: str
    name: str
    name_en: str
    kind: DepartmentKind
    function: str = ""
    function_en: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CommunityEntry:
    """One community of a street."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class StreetEntry:
    """One street of ``streets.yaml``; ``department`` is the key of its office."""

    code: str
    name: str
    name_en: str
    department: str
    communities: tuple[CommunityEntry, ...]


def _top(file: str, content: Any, *keys: str) -> Entry:
    if not isinstance(content, Entry):
        raise DataError(file, 1, f"the file must hold {', '.join(repr(key) for key in keys)}")
    refuse_unknown(content, keys)
    return content


def read_departments(file: str, content: Any) -> tuple[DepartmentEntry, ...]:
    """Check and type ``departments.yaml``; raises :class:`DataError`."""
    top = _top(file, content, "note", "departments")
    default_note = text_of(top, "note")
    found: dict[str, DepartmentEntry] = {}
    for entry in entries(top, "departments"):
        refuse_unknown(entry, ("key", "name", "name_en", "kind", "function", "function_en", "note"))
        key = text_of(entry, "key", required=True)
        if not KEY.fullmatch(key):
            raise entry.error(f"the key {key!r} must be small letters, digits, _ and -", "key")
        if key in found:
            raise entry.error(f"the department {key!r} stands twice", "key")
        kind = text_of(entry, "kind") or DepartmentKind.DEPARTMENT.value
        if kind not in set(DepartmentKind):
            raise entry.error(f"the kind {kind!r} is not one of {', '.join(DepartmentKind)}", "kind")
        found[key] = DepartmentEntry(
            key=key,
            name=text_of(entry, "name", required=True),
            name_en=text_of(entry, "name_en", required=True),
            kind=DepartmentKind(kind),
            function=text_of(entry, "function"),
            function_en=text_of(entry, "function_en"),
            note=text_of(entry, "note") or default_note,
        )
    return tuple(found.values())


def read_streets(file: str, content: Any, departments: Collection[str]) -> tuple[StreetEntry, ...]:
    """Check and type ``streets.yaml``; raises :class:`DataError`. ``departments``: the known keys."""
    top = _top(file, content, "source", "streets")
    codes: set[str] = set()
    found: list[StreetEntry] = []
    for entry in entries(top, "streets"):
        refuse_unknown(entry, ("code", "name", "name_en", "department", "communities"))
        department = text_of(entry, "department", required=True)
        if department not in departments:
            raise entry.error(f"the department {department!r} is not in departments.yaml", "department")
        communities = tuple(
            CommunityEntry(_new_code(community, codes), text_of(community, "name", required=True))
            for community in entries(entry, "communities")
        )
        found.append(
            StreetEntry(
                code=_new_code(entry, codes),
                name=text_of(entry, "name", required=True),
                name_en=text_of(entry, "name_en", required=True),
                department=department,
                communities=communities,
            )
        )
    return tuple(found)


def _new_code(entry: Entry, codes: set[str]) -> str:
    code = text_of(entry, "code", required=True)
    if code in codes:
        raise entry.error(f"the code {code!r} stands twice", "code")
    codes.add(code)
    return code
