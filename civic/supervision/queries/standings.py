"""Where the latest plan stands at the end of a period: how many indicators and promises, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from civic.plans import queries as plans
from civic.plans.queries import ItemRef, PlanDocument, PlanRow
from civic.progress import queries as progress
from civic.progress.queries import IndicatorStatus
from civic.progress.queries.items import NO_PROGRESS
from civic.progress.rules import Square, judged_year
from civic.supervision.rows import NOBODY_KEY, Rows
from civic.supervision.rules import Choice, Scope

ABOUT_ITEMS = (Scope.CHAPTER, Scope.LIVELIHOOD, Scope.ITEM)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an item is: the status in words (a msgid) and its square."""

    label: str
    square: str


@dataclass(frozen=True, slots=True)
class StandGroup:
    """The items that stand alike; their number is the figure, and they are the list behind it."""

    stand: Stand
    items: tuple[ItemRef, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The items that stand elsewhere than at the end of the period before, alike then and alike now; their number
    is the figure, and they are the list behind it."""

    before: Stand
    now: Stand
    items: tuple[ItemRef, ...]


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """The plan on ``day``, compared with ``before``. Reports count for the day of which they speak, whenever
    they were published; indicators are judged for the last year that was over then."""

    plan: PlanRow
    day: date
    before: date
    judged_year: int
    judged_year_before: int
    indicators: tuple[StandGroup, ...]
    commitments: tuple[StandGroup, ...]
    changes: tuple[ChangeGroup, ...]


def plan_standing(choice: Choice, today: date, every: Mapping[Scope, Rows]) -> PlanStanding | None:
    """How the latest plan that has begun by the end of the period stands then, also after its last year: the final
    reports are still to come. None if there is none, or nothing of it is asked for.

    What was due on the last day, or is judged by its year, is told as of the morning after, once that has come.
    """
    day, before = min(choice.period.until, today), choice.period.before.until
    morning, morning_before = min(choice.period.following, today), choice.period.before.following
    running = next((one for one in plans.documents() if one.plan.first_year <= day.year), None)
    if running is None:
        return None
    asked = _asked(choice, running, every)
    indicators = _indicators(running, (morning, morning_before), asked)
    commitments = (
        _commitments(running, day, morning, asked),
        _commitments(running, before, morning_before, asked),
    )
    if not indicators[0] and not commitments[0]:
        return None
    return PlanStanding(
        running.plan,
        day,
        before,
        judged_year(morning),
        judged_year(morning_before),
        _grouped(running, indicators[0]),
        _grouped(running, commitments[0]),
        (*_changed(running, *indicators), *_changed(running, *commitments)),
    )


def _asked(choice: Choice, document: PlanDocument, every: Mapping[Scope, Rows]) -> Callable[[ItemRef], bool]:
    """Whether an item is within what the summary is narrowed to; streets and kinds have no items of their own."""

    def asked(ref: ItemRef) -> bool:
        for scope, key in choice.narrowed:
            if scope in ABOUT_ITEMS and every[scope].key_of.get(ref.id, NOBODY_KEY) != key:
                return False
            if scope is Scope.DEPARTMENT:
                duty = document.lead(ref)
                lead = every[scope].key_of.get(duty.department_id, NOBODY_KEY) if duty else NOBODY_KEY
                if lead != key:
                    return False
        return True

    return asked


def _indicators(
    document: PlanDocument, days: tuple[date, date], asked: Callable[[ItemRef], bool]
) -> tuple[dict[int, Stand], dict[int, Stand]]:
    now, then = progress.indicator_statuses_on(document, *days)
    return _stands(now, asked), _stands(then, asked)


def _stands(found: Iterable[IndicatorStatus], asked: Callable[[ItemRef], bool]) -> dict[int, Stand]:
    return {one.row.ref.id: Stand(one.label, one.square.value) for one in found if asked(one.row.ref)}


def _commitments(
    document: PlanDocument, day: date, morning: date, asked: Callable[[ItemRef], bool]
) -> dict[int, Stand]:
    reports = progress.updates_as_of([row.ref.id for row in document.commitments], day)
    found = {}
    for row in document.commitments:
        if not asked(row.ref):
            continue
        stand, report = Stand(NO_PROGRESS, Square.EMPTY.value), reports.get(row.ref.id)
        if report is not None:
            looks = progress.standing_on(report, morning, row.deadline)
            stand = Stand(looks.label, looks.square.value)
        found[row.ref.id] = stand
    return found


def _grouped(document: PlanDocument, stands: Mapping[int, Stand]) -> tuple[StandGroup, ...]:
    """In the order in which the squares are always named; never one percentage out of unlike things."""
    order = [square.value for square in Square]
    groups: dict[Stand, list[ItemRef]] = {}
    for item_id, stand in stands.items():
        groups.setdefault(stand, []).append(document.by_id[item_id])
    ranked = sorted(groups, key=lambda stand: (order.index(stand.square), stand.label))
    return tuple(StandGroup(stand, tuple(groups[stand])) for stand in ranked)


def _changed(
    document: PlanDocument, now: Mapping[int, Stand], then: Mapping[int, Stand]
) -> tuple[ChangeGroup, ...]:
    """In the order of the plan by the first item of each."""
    groups: dict[tuple[Stand, Stand], list[ItemRef]] = {}
    for item_id, stand in now.items():
        if item_id in then and then[item_id] != stand:
            groups.setdefault((then[item_id], stand), []).append(document.by_id[item_id])
    return tuple(ChangeGroup(before, after, tuple(items)) for (before, after), items in groups.items())
