"""Publishing values of indicators, one by one or a sheet at once; what is published is superseded, never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Stale
from civic.core.extensions import db
from civic.departments.queries import local_day
from civic.plans import queries as plans
from civic.progress.models import ObservationRow
from civic.progress.policy import can_record_observation
from civic.progress.queries.observations import current_rows
from civic.progress.rules.reported import Asked, Problem, Reported, Sheet, check, read_row
from civic.progress.services.refusing import RowsRefused
from civic.web.caching import raise_content_version


class ChangeKind(StrEnum):
    """What recording a value would do."""

    ADD = "add"
    CORRECT = "correct"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a preview. ``old`` is the published value that it would supersede."""

    row: int
    kind: ChangeKind
    reported: Reported
    item_id: int
    unit: str
    """The indicator's own."""
    old: Decimal | None = None
    old_id: int | None = None


def record_observation(actor: Actor, plan_slug: str, reported: Reported, now: datetime) -> int:
    """Publish one value and return its id; a value already published for that year is superseded.

    Raises :class:`~civic.core.errors.NotAllowed`, :class:`RowsRefused` with the one problem.
    """
    can_record_observation(actor).require()
    changes = _changes(plan_slug, [(1, reported)], now)
    return _apply(actor, changes[0], now)


def preview_observations(plan_slug: str, sheet: Sheet, now: datetime) -> tuple[Change, ...]:
    """What importing a sheet would do; raises :class:`RowsRefused` with every row that doesn't fit.

    Its columns are :data:`civic.progress.rules.reported.COLUMNS`.
    """
    unreadable = {problem.row for problem in sheet.problems}
    read = [(n, read_row(n, cells)) for n, cells in sheet.rows if n not in unreadable]
    problems = [*sheet.problems, *(one for _, one in read if isinstance(one, Problem))]
    numbered = [(n, one) for n, one in read if isinstance(one, Reported)]
    return _changes(plan_slug, numbered, now, problems)


def import_observations(actor: Actor, plan_slug: str, sheet: Sheet, now: datetime) -> tuple[Change, ...]:
    """Publish a whole sheet, or nothing of it; returns what was done. Raises as :func:`preview_observations`."""
    can_record_observation(actor).require()
    changes = preview_observations(plan_slug, sheet, now)
    for change in changes:
        _apply(actor, change, now)
    return changes


def _changes(
    plan_slug: str, numbered: Sequence[tuple[int, Reported]], now: datetime, problems: Sequence[Problem] = ()
) -> tuple[Change, ...]:
    asked = {
        row.ref.code: Asked(row.ref.id, row.unit, row.baseline_year, row.target_year)
        for row in plans.indicators(plans.plan_by_slug(plan_slug).slug)
    }
    this_year = local_day(now).year
    found = list(problems)
    first: dict[tuple[str, str, int], int] = {}
    for number, one in numbered:
        problem = check(number, one, asked.get(one.indicator), this_year)
        key = (one.indicator, one.about.value, one.year)
        if problem is None and key in first:
            text = N_("Row %(first)s already gives this indicator a value for %(year)s")
            problem = Problem(number, text, {"first": str(first[key]), "year": str(one.year)})
        first.setdefault(key, number)
        if problem is not None:
            found.append(problem)
    if found:
        raise RowsRefused(found)
    ids = {asked[one.indicator].item_id for _, one in numbered}
    known = {(row.item_id, row.about, row.year): row for row in current_rows(ids)}
    return tuple(_change(n, one, asked[one.indicator], known) for n, one in numbered)


def _change(
    number: int, one: Reported, asked: Asked, known: Mapping[tuple[int, str, int], ObservationRow]
) -> Change:
    old = known.get((asked.item_id, one.about.value, one.year))
    if old is None:
        return Change(number, ChangeKind.ADD, one, asked.item_id, asked.unit)
    cells = _cells(one, asked.unit)
    same = all(getattr(old, name) == value for name, value in cells.items())
    kind = ChangeKind.KEEP if same else ChangeKind.CORRECT
    return Change(number, kind, one, asked.item_id, asked.unit, Decimal(old.value), old.id)


def _cells(one: Reported, unit: str) -> dict[str, object]:
    """The columns of a row; the indicator's own unit is kept as ''."""
    return {
        "value": f"{one.value:f}",
        "unit": "" if one.unit == unit else one.unit,
        "cumulative": one.cumulative,
        "source_title": one.source_title,
        "source_link": one.source_link,
        "source_document": one.source_document,
        "source_date": one.source_date,
        "note": one.note,
    }


def _apply(actor: Actor, change: Change, now: datetime) -> int:
    one = change.reported
    if change.kind is ChangeKind.KEEP and change.old_id is not None:
        return change.old_id
    row = ObservationRow(
        item_id=change.item_id, about=one.about.value, year=one.year, recorded_at=now, published_at=now,
        recorded_by=actor.account_id, supersedes_id=change.old_id, **_cells(one, change.unit),
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale(N_("Someone else has just published a value for that year. Look at it first.")) from None
    record(actor, f"observation.{change.kind.value}", "observation", row.id, now, item_id=change.item_id)
    raise_content_version()
    return row.id
