"""Reads of supervision: a summary as one frozen page, and the list behind each of its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from civic.cases import queries as cases
from civic.cases.rules import KIND_LABELS, STATUS_LABELS
from civic.cases.rules.counters import Totals, together
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.paging import Page
from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.supervision import policy
from civic.supervision.figures import FIGURES, Figure
from civic.supervision.rows import NOBODY_KEY, EveryRow, Name, Rows, narrowings
from civic.supervision.rules import Choice, Figures, Scope, figures_of, windows

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
    ``narrowed`` are the names of what it is narrowed to. ``ahead``: the period hasn't begun, so nothing is said of it.
    """

    choice: Choice
    judged_until: date
    total: Figures
    rows: tuple[SummaryRow, ...]
    narrowed: tuple[tuple[Scope, Name], ...]
    ahead: bool = False


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
    """The cases behind one figure; ``n`` is the figure, and the length of the whole list.

    ``names`` are those of the row and of what the summary is narrowed to; ``days`` how long it took, if only
    some durations are listed.
    """

    choice: Choice
    figure: Figure
    key: str | None
    names: tuple[Name, ...]
    days: tuple[int, int | None] | None
    n: int
    cases: Page[BehindCase]


def summary(actor: Actor, choice: Choice, now: datetime) -> SummaryPage:
    """The summary over a period, a row per department, chapter, livelihood area, street, kind or item.

    Raises :class:`~civic.core.errors.NotAllowed`, and :class:`NotFound` if it is narrowed to what there isn't. Rows
    in which nothing was counted are left out; what belongs to no row (no department yet, no item, no street) has
    a row of its own, so that the rows add up to the total.
    """
    policy.can_read_summary(actor).require()
    return summary_of(choice, now)


def summary_of(choice: Choice, now: datetime, every: Mapping[Scope, Rows] | None = None) -> SummaryPage:
    """The summary without asking who reads, for this feature's own queries; ``every`` are the rows if known.

    Of a period that lies ahead it's empty: what is open now would stand there as if it were known for then.
    """
    every, judged = EveryRow() if every is None else every, departments.last_judged_day(now)
    if choice.period.begun_by(departments.local_day(now)) is None:
        return SummaryPage(choice, judged, figures_of(together(())), (), _narrowed(choice, every), ahead=True)
    return summary_through(choice, judged, every)


def summary_through(choice: Choice, judged: date, every: Mapping[Scope, Rows]) -> SummaryPage:
    """The same with deadlines judged up to a day."""
    rows = every[choice.scope]
    totals = {str(key or NOBODY_KEY): one for key, one in totals_by_row(choice, judged, every, rows).items()}
    found = tuple(
        SummaryRow(key, name, figures_of(totals[key])) for key, name in rows.names.items() if key in totals
    )
    return SummaryPage(choice, judged, figures_of(together(totals.values())), found, _narrowed(choice, every))


def _narrowed(choice: Choice, every: Mapping[Scope, Rows]) -> tuple[tuple[Scope, Name], ...]:
    return tuple((scope, every[scope].names[key]) for scope, key in choice.narrowed)


def totals_by_row(
    choice: Choice, judged: date, every: Mapping[Scope, Rows], rows: Rows | None = None
) -> Mapping[cases.StatKey, Totals]:
    """What a choice sums up, told apart by rows (their key, '' for what is in none) or not at all."""
    return cases.stat_totals(
        windows(EVERY_MEASURE, choice.period, judged),
        rows.column if rows else None,
        where=narrowings(choice, every),
        groups=rows.key_of if rows else None,
        whole=rows.whole if rows else None,
    )


def behind(
    actor: Actor,
    choice: Choice,
    figure_key: str,
    key: str | None,
    cursor: str | None,
    now: datetime,
    *,
    days: tuple[int, int | None] | None = None,
) -> BehindPage:
    """The cases that a figure counts, newest first.

    Raises :class:`NotFound` for an unknown figure or row, :class:`Invalid` of a period that lies ahead: it has none.

    ``days`` keeps only durations within it. References, dates and places in the plan only: no contact and no text.
    """
    policy.can_read_summary(actor).require()
    figure, every = FIGURES.get(figure_key), EveryRow()
    if figure is None:
        raise NotFound(N_("There is no such figure."))
    if choice.period.begun_by(departments.local_day(now)) is None:
        raise Invalid(
            N_("This period has not begun: it has no figures yet."), code="not_begun", field="period"
        )
    selection = selection_of(choice, figure, key, departments.last_judged_day(now), every, days)
    names = tuple(every[scope].names[one] for scope, one in choice.narrowed)
    if key is not None:
        names = (every[choice.scope].names[key], *names)
    found = cases.cases_behind(selection, cursor)
    named = Page(_named(found.rows), found.next_cursor)
    return BehindPage(choice, figure, key, names, days, cases.count_behind(selection), named)


def selection_of(
    choice: Choice,
    figure: Figure,
    key: str | None,
    judged: date,
    every: Mapping[Scope, Rows],
    days: tuple[int, int | None] | None = None,
) -> cases.Selection:
    """What a figure counts, in all or in the row of a key; raises :class:`NotFound` for a row that there isn't."""
    where = narrowings(choice, every)
    if key is not None:
        where = (*where, every[choice.scope].narrowing(key))
    return cases.Selection(windows(figure.measures, choice.period, judged), figure.minus, where, days)


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
