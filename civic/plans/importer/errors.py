"""What is wrong with a source, with its line."""

from __future__ import annotations


class PlanSourceError(Exception):
    """The document can't be imported as it is; ``line`` is 1-based, 1 where the whole file is to blame."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence
