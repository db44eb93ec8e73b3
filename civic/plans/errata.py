"""``errata.yaml``: corrections of print and OCR, each with its line, old and new text, and why."""

from __future__ import annotations

from pathlib import Path

from civic.departments.rules import read_yaml
from civic.departments.rules.datafile import DataError, Entry, refuse_unknown, text_of
from civic.plans.rules import Erratum


def read_errata(path: Path) -> tuple[Erratum, ...]:
    """The corrections in a file; raises :class:`DataError` naming file and line."""
    return parse_errata(path.name, path.read_text(encoding="utf-8"))


def parse_errata(file: str, text: str) -> tuple[Erratum, ...]:
    """The corrections in a text; raises :class:`DataError` naming file and line."""
    content = read_yaml(file, text) or []
    if not isinstance(content, list) or not all(isinstance(entry, Entry) for entry in content):
        raise DataError(file, 1, "the file must be a list of corrections")
    return tuple(_erratum(entry) for entry in content)


def _erratum(entry: Entry) -> Erratum:
    refuse_unknown(entry, ("line", "old", "new", "why"))
    line = entry.get("line")
    if not isinstance(line, int):
        raise entry.error("'line' must be a line number of the document", "line")
    new = entry.get("new")
    if not isinstance(new, str):
        raise entry.error("'new' must be text (it may be empty)", "new")
    old = entry.get("old")
    if not isinstance(old, str) or not old:
        raise entry.error("'old' must be the text as it stands", "old")
    return Erratum(line, old, new, text_of(entry, "why", required=True))
