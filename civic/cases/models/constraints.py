"""Conditions for CHECK constraints, derived from the vocabulary."""

from __future__ import annotations

from enum import StrEnum


def one_of(column: str, vocabulary: type[StrEnum], *, optional: bool = False) -> str:
    """SQL that a text column holds a word of the vocabulary (or nothing, if ``optional``)."""
    words = ", ".join(f"'{word.value}'" for word in vocabulary)
    condition = f"{column} IN ({words})"
    return f"{column} IS NULL OR {condition}" if optional else condition
