"""``synonyms.yaml``: what residents say, and what the plan calls it."""

from __future__ import annotations

from typing import Any

from civic.departments.rules.datafile import DataError, Entry


def read_synonyms(file: str, content: Any) -> dict[str, list[str]]:
    """{word: words of the plan}; raises :class:`DataError`. An empty file holds none."""
    if content is None:
        return {}
    if not isinstance(content, Entry):
        raise DataError(file, 1, "the file must hold lists of the plan's words by a resident's word")
    for word, others in content.items():
        if not isinstance(word, str) or not word.strip():
            raise content.error(f"{word!r} must be a word", word)
        if not isinstance(others, list) or not all(isinstance(o, str) and o.strip() for o in others):
            raise content.error(f"{word!r} must hold a list of words", word)
    return {word: list(others) for word, others in content.items()}
