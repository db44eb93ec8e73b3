"""What everybody may see of the figures: departments' rates, and counts by street and kind without small ones.

Read from editions alone: no counter is looked at, so no figure moves with a case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from civic.core.errors import N_, NotFound
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

    ``quarter`` is what its address calls it, ``before`` and ``after`` are the editions beside it. ``streets``: cases
    received by street and kind, the last count of each line is its sum, the last line that of all.
    """

    quarter: str
    before: str
    after: str
    period: Period | None
    rows: tuple[PublicRow, ...]
    total: PublicFigures | None
    steps: Steps
    kinds: tuple[tuple[str, Name], ...]
    streets: tuple[StreetCounts, ...]

    def row(self, key: str) -> PublicRow | None:
        """The line of a department, if it had anything to do."""
        return next((one for one in self.rows if one.key == key), None)


EDITIONS = select(
    ScoreboardEdition.period,
    ScoreboardEdition.until,
    ScoreboardEdition.document,
    func.lag(ScoreboardEdition.period).over(order_by=ScoreboardEdition.until).label("before"),
    func.lead(ScoreboardEdition.period).over(order_by=ScoreboardEdition.until).label("after"),
).subquery()
"""Each edition with the names of those beside it."""
NO_EDITION = Scoreboard("", "", "", None, (), None, Steps(), (), ())


def scoreboard(quarter: str | None = None) -> Scoreboard:
    """The edition of a quarter (``2026-Q3``), or the newest; raises :class:`NotFound`. Open to everyone."""
    if quarter is None:
        return kept_until_change("scoreboard", _newest)
    found = next(iter(_editions(EDITIONS.c.period == quarter)), None)
    if found is None:
        raise NotFound(N_("No figures were published for this quarter."))
    return found


def scoreboards() -> tuple[Scoreboard, ...]:
    """All editions, the newest first. Open to everyone."""
    return _editions(true())


def _newest() -> Scoreboard:
    return next(iter(_editions(EDITIONS.c.after.is_(None))), NO_EDITION)


def _editions(wanted: ColumnElement[bool]) -> tuple[Scoreboard, ...]:
    """Those that are wanted, the newest first, each with the names of its neighbours."""
    rows = db.session.execute(select(EDITIONS).where(wanted).order_by(EDITIONS.c.until.desc()))
    return tuple(
        _read(row.period, row.before or "", row.after or "", json.loads(row.document)) for row in rows
    )


def _read(quarter: str, before: str, after: str, document: Mapping[str, Any]) -> Scoreboard:
    streets = document["streets"]
    return Scoreboard(
        quarter,
        before,
        after,
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
