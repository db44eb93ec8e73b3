"""A sentence to a resident before it is translated and its days are written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Param = date | datetime | int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A msgid with its parameters: days, moments that are told as days, and numbers.

    ``named`` says the same with the department, as ``%(department)s``; empty where none belongs in it.
    """

    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)
    named: str = ""
