"""In which order cases are locked where one transaction changes several: this is the one place that says so."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from civic.cases.models import Case
from civic.core.extensions import db

LOT = 5000
"""Cases named in one statement."""


def lock_cases(case_ids: Iterable[int]) -> None:
    """Lock these, and what was merged into them, in the order of their ids, before anything is changed.

    Two who want some of the same cases then follow each other, whatever each does with them; and whoever holds what
    all write to, such as counters or the content version, waits for no case any more.
    """
    wanted = set(case_ids)
    for lot in _lots(wanted):
        wanted.update(db.session.scalars(select(Case.id).where(Case.survivor_id.in_(lot))))
    for lot in _lots(wanted):
        db.session.execute(select(Case.id).where(Case.id.in_(lot)).order_by(Case.id).with_for_update())


def _lots(case_ids: Iterable[int]) -> list[list[int]]:
    ordered = sorted(case_ids)
    return [ordered[start : start + LOT] for start in range(0, len(ordered), LOT)]
