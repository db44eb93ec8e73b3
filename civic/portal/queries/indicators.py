"""The page of a plan's indicators: each with its status, its calculation, its chart and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from civic.departments import queries as departments
from civic.departments.queries import DepartmentRow
from civic.plans import queries as plans
from civic.plans.queries import IndicatorRow, PlanDocument, PlanRow
from civic.portal.queries.series import Series, curve_of, series_of
from civic.progress import queries as progress
from civic.progress.queries import Distribution, IndicatorStatus, ItemProgress
from civic.progress.rules import (
    AnnualTarget,
    AnnualVerdict,
    Observation,
    Reference,
    Shape,
    Tolerances,
    Way,
    annual_levels,
    annual_verdicts,
    comparable,
    way_of,
)
from civic.web.charts import Chart, chart


@dataclass(frozen=True, slots=True)
class YearRow:
    """One line of the table behind a chart. ``path`` is computed; ``text``: the reported value as printed."""

    year: int
    path: Decimal | None
    reported: Observation | None
    text: str = ""
    reference: Reference | None = None
    asked: AnnualTarget | None = None
    judged: AnnualVerdict | None = None
    """By the target of the year, where there is one and a value."""


@dataclass(frozen=True, slots=True)
class IndicatorShown:
    """One indicator as its panel shows it."""

    status: IndicatorStatus
    way: Way
    chart: Chart | None
    years: tuple[YearRow, ...]
    lead: DepartmentRow | None
    since: date | None
    series: Series | None = None

    @property
    def row(self) -> IndicatorRow:
        return self.status.row


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """The indicators of one printed category."""

    category: str
    category_hant: str
    rows: tuple[IndicatorShown, ...]


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    """All indicators of a plan; ``others`` are the other plans that have some."""

    plan: PlanRow
    groups: tuple[IndicatorGroup, ...]
    distribution: Distribution
    squares: tuple[ItemProgress, ...]
    notes: tuple[tuple[str, str], ...]
    tolerances: Tolerances
    others: tuple[PlanRow, ...]


def indicators_page(slug: str, today: date) -> IndicatorsPage:
    """The indicators of a published plan; raises :class:`~civic.core.errors.NotFound`."""
    document = plans.document(slug)
    names = {row.id: row for row in departments.departments(include_inactive=True)}
    shown = _shown(document, progress.indicator_statuses(slug, today, document=document), today, names)
    adjusted = progress.adjusted_items()
    verdicts = [one.status.verdict for one in shown]
    groups = groupby(shown, lambda one: (one.row.category, one.row.category_hant))
    notes = {note: one.row.hant.get(note, "") for one in shown for note in one.row.notes}
    return IndicatorsPage(
        document.plan,
        tuple(IndicatorGroup(name, hant, tuple(rows)) for (name, hant), rows in groups),
        progress.distribution((one.status, one.reason) for one in verdicts),
        tuple(
            ItemProgress(one.status.square, one.status.label, adjusted=one.row.ref.id in adjusted)
            for one in shown
        ),
        tuple(notes.items()),
        progress.tolerances(),
        tuple(plan for plan in plans.plans() if plan.slug != slug),
    )


def indicator_shown(document: PlanDocument, item_id: int, today: date) -> IndicatorShown | None:
    """The panel of one indicator for its own page, which names the department itself; None if the item isn't one.

    With the series over two plans, where the indicator goes on from one or into one.
    """
    if all(row.ref.id != item_id for row in document.indicators):
        return None
    found = progress.indicator_statuses(document.plan.slug, today, document=document, only=item_id)
    shown = next(iter(_shown(document, found, today, {})), None)
    return replace(shown, series=series_of(document, shown.status, today)) if shown else None


def _shown(
    document: PlanDocument,
    statuses: tuple[IndicatorStatus, ...],
    today: date,
    names: dict[int, DepartmentRow],
) -> tuple[IndicatorShown, ...]:
    found, cuts = [], progress.tolerances()
    for status in statuses:
        duty = document.lead(status.row.ref)
        way = way_of(status.facts, cuts)
        judged = annual_verdicts(status.facts, status.observations, status.judged_year, cuts)
        found.append(
            IndicatorShown(
                status, way, _chart(status, way, today), _years(status, way, document.plan, judged),
                names.get(duty.department_id) if duty else None, duty.since if duty else None,
            )
        )  # fmt: skip
    return tuple(found)


def _years(
    status: IndicatorStatus, way: Way, plan: PlanRow, judged: dict[int, AnnualVerdict]
) -> tuple[YearRow, ...]:
    """Every year of which something is known or asked; the baseline is a value that the plan prints."""
    path = dict(way.by_year)
    reported = {one.year: one for one in status.observations}
    facts = status.facts
    texts = {}
    if facts.baseline is not None and facts.base is not None:
        reported[facts.baseline_year] = Observation(
            facts.baseline_year, facts.base, source=progress.printed_baseline(plan)
        )
        texts[facts.baseline_year] = facts.baseline.text
    return tuple(
        YearRow(
            year, path.get(year), reported.get(year), texts.get(year, ""), facts.reference(year),
            facts.annual_target(year), judged.get(year),
        )
        for year in range(facts.baseline_year, facts.target_year + 1)
        if year in path or year in reported or facts.reference(year) or facts.annual_target(year)
    )  # fmt: skip


def _chart(status: IndicatorStatus, way: Way, today: date) -> Chart | None:
    facts = status.facts
    points = comparable(facts, status.observations)
    comparable_base = facts.base if way.shape is not Shape.SUM else None
    if not points and way.goal is None and not facts.annual:
        return None
    start, end = facts.baseline_year, facts.target_year
    return chart(
        start, end, baseline=comparable_base, goal=way.goal, way=curve_of(way),
        asked=annual_levels(facts, status.complete),
        keep_below=way.lower if way.shape is Shape.LIMIT else None,
        observations=points, today=today, from_zero=way.shape is Shape.SUM,
    )  # fmt: skip
