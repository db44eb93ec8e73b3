"""What a deputy reads beside the figures of a summary: how they compare, month by month, how long answers took,
and what most was said about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from civic.cases import queries as cases
from civic.cases.rules.counters import Measure, Totals, together
from civic.core.actor import Actor
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.plans.queries import ItemRef
from civic.supervision import policy
from civic.supervision.queries.standings import PlanStanding, plan_standing
from civic.supervision.queries.summaries import SummaryPage, summary_of, totals_by_row
from civic.supervision.rows import EveryRow, Name, Rows, narrowings
from civic.supervision.rules import Choice, Figures, Period, Scope, figures_of, windows
from civic.supervision.rules.periods import EARLIER, months_later

LONG = 20
"""Durations of more working days than this stand together in the picture."""
MONTHS_SHOWN = 12
ITEMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same figures of an earlier period; ``total`` None: nothing was counted then, so nothing is compared.

    ``whole`` is False where counting began only within that period.
    """

    label: str
    choice: Choice
    total: Figures | None
    whole: bool


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What was received and first answered in a month."""

    choice: Choice
    received: int
    answered: int


@dataclass(frozen=True, slots=True)
class DaysRow:
    """How many replies took so many working days; ``text`` is how an address names them."""

    least: int
    most: int | None
    text: str
    n: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of the plan, and how much was said about it in the period."""

    ref: ItemRef
    choice: Choice
    received: int
    public: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A summary and what helps to read it. ``names`` are the rows of every scope, to which it can be narrowed;
    ``counted_since`` is the first day on which anything was received. ``begun`` is the part of the period that has
    come, today included; None of one that lies ahead, of which nothing is said. ``over``: its last day has passed."""

    summary: SummaryPage
    begun: Period | None
    over: bool
    names: Mapping[Scope, Mapping[str, Name]]
    counted_since: date | None
    earlier: tuple[Earlier, ...]
    months: tuple[MonthRow, ...]
    days: tuple[DaysRow, ...]
    items: tuple[ItemRow, ...]
    standing: PlanStanding | None


def names_to_choose(actor: Actor) -> Mapping[Scope, Mapping[str, Name]]:
    """The rows of every scope, to which a summary can be narrowed."""
    policy.can_read_summary(actor).require()
    return {scope: one.names for scope, one in EveryRow().items()}


def overview(actor: Actor, choice: Choice, now: datetime) -> Overview:
    """The whole page of a summary; raises as :func:`~civic.supervision.queries.summaries.summary` does."""
    policy.can_read_summary(actor).require()
    every, today = EveryRow(), departments.local_day(now)
    page = summary_of(choice, now, every)
    since, begun = cases.counted_since(), choice.period.begun_by(today)
    names = {scope: one.names for scope, one in every.items()}
    if begun is None:
        return Overview(page, None, False, names, since, (), (), (), (), None)
    return Overview(
        page,
        begun,
        choice.period.is_over(today),
        names,
        since,
        _earlier(choice, since, today, page.judged_until, every),
        _months(choice, today, every),
        _days(choice, page.judged_until, every),
        _items(choice, page.judged_until, every),
        plan_standing(choice, today, every),
    )


def _earlier(
    choice: Choice, since: date | None, today: date, judged: date, every: Mapping[Scope, Rows]
) -> tuple[Earlier, ...]:
    """The period before and the same a year ago, each only as long as the chosen one has lasted yet.

    Of more than a year there is no year ago: most of its days would be compared with themselves.
    """
    period, found = choice.period, []
    for which, other in period.compared_with.items():
        like = choice.over(other.like(period, today))
        counted = since is not None and since <= like.period.until
        total = figures_of(together(totals_by_row(like, judged, every).values())) if counted else None
        found.append(
            Earlier(EARLIER[which], like, total, counted and since is not None and since <= like.period.since)
        )
    return tuple(found)


def _months(choice: Choice, today: date, every: Mapping[Scope, Rows]) -> tuple[MonthRow, ...]:
    """The months of the period, or those of a year up to its end if it has fewer."""
    last = min(choice.period.until, max(choice.period.since, today))
    first = min(choice.period.since, months_later(last.replace(day=1), 1 - MONTHS_SHOWN))
    shown = Period(first, last)
    sums = cases.stat_months(
        (Measure.RECEIVED, Measure.REPLY_DAYS), first, last, where=narrowings(choice, every)
    )
    return tuple(
        MonthRow(
            choice.over(month),
            sums.get((Measure.RECEIVED, month.since.replace(day=1)), 0),
            sums.get((Measure.REPLY_DAYS, month.since.replace(day=1)), 0),
        )
        for month in shown.months()
    )


def _days(choice: Choice, judged: date, every: Mapping[Scope, Rows]) -> tuple[DaysRow, ...]:
    lasted = _totals(choice, judged, every, frozenset({Measure.REPLY_DAYS}))
    found = together(lasted.values()).days.get(Measure.REPLY_DAYS)
    if not found:
        return ()
    most = min(max(found), LONG)
    rows = [DaysRow(day, day, str(day), found.get(day, 0)) for day in range(most + 1)]
    if max(found) > LONG:
        longer = sum(n for day, n in found.items() if day > LONG)
        rows.append(DaysRow(LONG + 1, None, f"{LONG + 1}-", longer))
    return tuple(rows)


def _items(choice: Choice, judged: date, every: Mapping[Scope, Rows]) -> tuple[ItemRow, ...]:
    """The items about which most was received, the most first; of equals the one that stands first in the plan."""
    measures = frozenset({Measure.RECEIVED, Measure.PUBLIC})
    totals = _totals(choice, judged, every, measures, "item_id")
    counts = {key: one.numbers for key, one in totals.items() if isinstance(key, int)}
    keys = every[Scope.ITEM].key_of
    order = {item_id: place for place, item_id in enumerate(keys)}
    ranked = sorted(
        (i for i in counts if i in keys), key=lambda i: (-counts[i].get(Measure.RECEIVED, 0), order[i])
    )[:ITEMS_SHOWN]
    refs = plans.item_refs(ranked)
    return tuple(
        ItemRow(
            refs[item_id],
            choice.only(Scope.ITEM, keys[item_id]),
            counts[item_id].get(Measure.RECEIVED, 0),
            counts[item_id].get(Measure.PUBLIC, 0),
        )
        for item_id in ranked
        if item_id in refs
    )


def _totals(
    choice: Choice,
    judged: date,
    every: Mapping[Scope, Rows],
    measures: frozenset[Measure],
    column: str | None = None,
) -> Mapping[cases.StatKey, Totals]:
    return cases.stat_totals(
        windows(measures, choice.period, judged), column, where=narrowings(choice, every)
    )
