"""What everybody may see of the figures: departments' rates, and counts by street and kind without small ones.

Read from the newest edition alone: no counter is looked at, so no figure moves with a case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from civic.core.extensions import db
from civic.supervision.models import ScoreboardEdition
from civic.supervision.rows import Name
from civic.supervision.rules import Period
from civic.supervision.rules.editions import PublicFigures, Steps, public_of, steps_of
from civic.web.caching import kept_until_change


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One department."""

    key: str
    name: Name
    figures: PublicFigures


@dataclass(frozen=True, slots=True)
class StreetCounts:
    """One line of the table: a street, or all together (``name`` None); None is a count that isn't published."""

    key: str
    name: Name | None
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """One edition; ``period`` None and nothing in it before the first. ``total`` holds cases of no department too.

    ``streets``: cases received by street and kind, the last count of each line is its sum, the last line that of all.
    """

    period: Period | None
    rows: tuple[PublicRow, ...]
    total: PublicFigures | None
    steps: Steps
    kinds: tuple[tuple[str, Name], ...]
    streets: tuple[StreetCounts, ...]

    def row(self, key: str) -> PublicRow | None:
        """The line of a department, if it had anything to do."""
        return next((one for one in self.rows if one.key == key), None)


NO_EDITION = Scoreboard(None, (), None, Steps(), (), ())


def scoreboard() -> Scoreboard:
    """The newest edition. Open to everyone."""
    return kept_until_change("scoreboard", _newest)


def _newest() -> Scoreboard:
    query = select(ScoreboardEdition).order_by(ScoreboardEdition.until.desc()).limit(1)
    row = db.session.scalar(query)
    return _read(json.loads(row.document)) if row else NO_EDITION


def _read(document: Mapping[str, Any]) -> Scoreboard:
    streets = document["streets"]
    return Scoreboard(
        Period(date.fromisoformat(document["since"]), date.fromisoformat(document["until"])),
        tuple(
            PublicRow(one["key"], Name(**one["name"]), public_of(one["figures"]))
            for one in document["departments"]
        ),
        public_of(document["total"]),
        steps_of(document["steps"]),
        tuple((one["key"], Name(**one["name"])) for one in streets["kinds"]),
        tuple(
            StreetCounts(one["key"], Name(**one["name"]) if one["name"] else None, tuple(one["counts"]))
            for one in streets["rows"]
        ),
    )
