"""Reads of supervision: a summary as one frozen page, and the list behind each of its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civic.cases import queries as cases
from civic.cases.rules import KIND_LABELS, STATUS_LABELS
from civic.core.actor import Actor
from civic.core.errors import N_, NotFound
from civic.core.paging import Page
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.supervision import policy
from civic.supervision.figures import FIGURES, Figure
from civic.supervision.rows import NOBODY_KEY, Name, Rows, rows_of
from civic.supervision.rules import Choice, Count, Figures, Period, Scope, figures, windows

EVERY_MEASURE = frozenset().union(*(figure.measures for figure in FIGURES.values()))


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of a summary; ``key`` is what its links carry."""

    key: str
    name: Name
    figures: Figures


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """A summary: its rows and their total over one period.

    ``judged_until`` is the last day whose deadlines have all passed; later ones aren't judged yet.
    """

    choice: Choice
    judged_until: date
    total: Figures
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class BehindCase:
    """One case of a list, with the names of what it refers to; no contact, no text."""

    row: cases.BehindRow
    kind_label: str
    status_label: str
    item: ItemRef | None
    department: DepartmentRow | None


@dataclass(frozen=True, slots=True)
class BehindPage:
    """The cases behind one figure; ``n`` is the figure, and the length of the whole list."""

    choice: Choice
    figure: Figure
    key: str | None
    name: Name | None
    n: int
    cases: Page[BehindCase]


def summary(actor: Actor, choice: Choice, now: datetime) -> SummaryPage:
    """The summary over a period, a row per department, chapter, livelihood area or street.

    Raises :class:`~civic.core.errors.NotAllowed`. Rows in which nothing was counted are left out;
    what belongs to no row (no department yet, no item, no street) has a row of its own, so
    that the rows add up to the total.
    """
    policy.can_read_summary(actor).require()
    return summary_of(choice, now)


def summary_of(choice: Choice, now: datetime) -> SummaryPage:
    """The summary without asking who reads; for this feature's own queries."""
    rows, judged = rows_of(choice.scope), departments.last_judged_day(now)
    counts = _counts(choice, judged, rows)
    grouped: dict[str, list[Count]] = {}
    for count in counts:
        grouped.setdefault(rows.key_of.get(count.key, NOBODY_KEY), []).append(count)
    found = tuple(
        SummaryRow(key, name, figures(grouped[key])) for key, name in rows.names.items() if key in grouped
    )
    return SummaryPage(choice, judged, figures(counts), found)


def behind(
    actor: Actor, choice: Choice, figure_key: str, key: str | None, cursor: str | None, now: datetime
) -> BehindPage:
    """The cases that a figure counts, newest first; raises :class:`NotFound` for an unknown figure or row.

    References, dates and places in the plan only: no contact and no text.
    """
    policy.can_read_summary(actor).require()
    figure, rows = FIGURES.get(figure_key), rows_of(choice.scope)
    if figure is None or (key is not None and key not in rows.names):
        raise NotFound(N_("There is no such figure."))
    judged = departments.last_judged_day(now)
    members, others = (None, False) if key is None else rows.members(key)
    selection = cases.Selection(
        windows=windows(figure.measures, choice.period, judged),
        minus=figure.minus,
        column=rows.column,
        values=members,
        others=others,
    )
    found = cases.cases_behind(selection, cursor)
    name = rows.names[key] if key else None
    named = Page(_named(found.rows), found.next_cursor)
    return BehindPage(choice, figure, key, name, cases.count_behind(selection), named)


def _counts(choice: Choice, judged: date, rows: Rows) -> list[Count]:
    return [
        Count(sum_.key, sum_.measure, sum_.bucket, sum_.n)
        for sum_ in cases.stat_sums(windows(EVERY_MEASURE, choice.period, judged), rows.column)
    ]


def _named(found: tuple[cases.BehindRow, ...]) -> tuple[BehindCase, ...]:
    items = plans.item_refs(row.item_id for row in found if row.item_id is not None)
    names = departments.department_names(row.department_id for row in found)
    return tuple(
        BehindCase(
            row,
            KIND_LABELS[row.kind],
            STATUS_LABELS[row.status],
            items.get(row.item_id) if row.item_id is not None else None,
            names.get(row.department_id) if row.department_id is not None else None,
        )
        for row in found
    )


def scoreboard(now: datetime, days: int) -> tuple[SummaryRow, ...]:
    """The public scoreboard: departments that had anything to answer in the last ``days`` days.

    Open to everyone: it holds counts and rates only, and no rate of fewer than
    :data:`~civic.supervision.rules.SMALL` cases.
    """
    today = departments.local_day(now)
    choice = Choice(Period(today - timedelta(days=days - 1), today), Scope.DEPARTMENT)
    page = summary_of(choice, now)
    return tuple(row for row in page.rows if row.key != NOBODY_KEY and has_work(row.figures))


def has_work(f: Figures) -> bool:
    """Whether a row has anything that a reader of the scoreboard would look for."""
    return bool(f.received or f.open or f.overdue or f.replied.whole or f.solved.whole)
