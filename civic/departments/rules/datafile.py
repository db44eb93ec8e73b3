"""Reading the district's YAML files strictly: a duplicate key is an error, and errors name file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from civic.core.errors import N_, Invalid

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The compiled loader where there is one: the same answers, several times as fast."""


class DataError(Invalid):
    """A data file can't be loaded as it is; says where, and what to do."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(
            N_("%(file)s, line %(line)s: %(problem)s"), code="data", file=file, line=line, problem=problem
        )


class Entry(dict[str, Any]):
    """A mapping of a data file that knows its file and line, and the line of each of its keys."""

    file: str = ""
    line: int = 0
    lines: dict[Any, int]

    def error(self, problem: str, key: str | None = None) -> DataError:
        """An error at this entry, or at one of its keys."""
        return DataError(self.file, self.lines.get(key, self.line) if key else self.line, problem)


def read_yaml(file: str, text: str) -> Any:
    """The content of a YAML file, mappings as :class:`Entry`; raises :class:`DataError`.

    ``file`` is the name that errors show.
    """

    class Loader(_Base):
        """A safe loader whose mappings remember where they stand."""

    def construct_entry(loader: yaml.SafeLoader, node: yaml.MappingNode) -> Iterator[Entry]:
        entry = Entry()
        entry.file, entry.line, entry.lines = file, node.start_mark.line + 1, {}
        yield entry
        for key_node, value_node in node.value:
            key, line = loader.construct_object(key_node, deep=True), key_node.start_mark.line + 1
            if key in entry:
                raise DataError(file, line, f"{key!r} stands twice (first in line {entry.lines[key]})")
            entry.lines[key] = line
            entry[key] = loader.construct_object(value_node, deep=True)

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, construct_entry)
    try:
        return yaml.load(text, Loader)  # noqa: S506 (a subclass of SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DataError(file, line, f"not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise DataError(file, 1, "not valid YAML, or not a text file") from error


def entries(parent: Entry, key: str) -> list[Entry]:
    """The list of mappings under ``key``; raises :class:`DataError` if it is anything else or missing."""
    found = parent.get(key)
    if not isinstance(found, list) or not all(isinstance(entry, Entry) for entry in found):
        raise parent.error(f"{key!r} must be a list of entries", key)
    return found


def text_of(entry: Entry, key: str, *, required: bool = False) -> str:
    """A text of an entry; '' where it is missing and not required."""
    value = entry.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        problem = "is missing" if value is None else f"must be text; put {value!r} in quotes"
        raise entry.error(f"{key!r} {problem}", key)
    if required and not value.strip():
        raise entry.error(f"{key!r} is empty", key)
    return value.strip()


def refuse_unknown(entry: Entry, allowed: Iterable[str]) -> None:
    """Refuse a key that nothing reads: mostly a slip of the pen."""
    allowed = tuple(allowed)
    for key in entry:
        if key not in allowed:
            raise entry.error(f"{key!r} is not known here; known are {', '.join(allowed)}", key)
