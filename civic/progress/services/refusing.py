"""What is said when something that was entered doesn't fit."""

from __future__ import annotations

from collections.abc import Sequence

from civic.core.errors import N_, Invalid
from civic.progress.rules.reported import Problem


class RowsRefused(Invalid):
    """A sheet has rows that don't fit; nothing of it was recorded. ``problems`` name each row."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(N_("%(n)s rows do not fit; nothing was recorded."), n=len(problems))
        self.problems = tuple(sorted(problems, key=lambda problem: problem.row))
