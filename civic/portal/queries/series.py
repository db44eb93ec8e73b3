"""An indicator over two plans: the finished one with its results, and the one that goes on from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from civic.plans import queries as plans
from civic.plans.queries import IndicatorRow, PlanDocument, PlanRow
from civic.progress import queries as progress
from civic.progress.queries import IndicatorStatus
from civic.progress.rules import Observation, Shape, Source, Way, comparable, way_of
from civic.web.charts import Curve, growing, straight
from civic.web.series import SeriesChart, Span, series_chart

NOTHING: tuple[Decimal | None, str, Source | None] = (None, "", None)


@dataclass(frozen=True, slots=True)
class SeriesYear:
    """One year of the table behind a series; ``target`` as printed, by the plan that ends in that year."""

    year: int
    value: Decimal | None
    text: str
    source: Source | None
    target: str
    target_hant: str


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """The indicator as one of the plans has it."""

    plan: PlanRow
    status: IndicatorStatus
    here: bool

    @property
    def row(self) -> IndicatorRow:
        return self.status.row


@dataclass(frozen=True, slots=True)
class Series:
    """The plans in order of time. ``changed`` {zh, zh_hant, en}: why no line is drawn through; then no chart."""

    parts: tuple[SeriesPart, ...]
    changed: dict[str, str] | None
    chart: SeriesChart | None
    years: tuple[SeriesYear, ...]

    @property
    def first_year(self) -> int:
        return self.parts[0].row.baseline_year

    @property
    def judged_year(self) -> int:
        """What is reported for a later year is provisional."""
        return self.parts[-1].status.judged_year

    @property
    def last_year(self) -> int:
        return self.parts[-1].row.target_year


def series_of(document: PlanDocument, status: IndicatorStatus, today: date) -> Series | None:
    """The series that an indicator of ``document`` belongs to; None if it stands alone."""
    other = _other(document, status.row)
    if other is None:
        return None
    there, row = other
    found = progress.indicator_statuses(there.plan.slug, today, document=there, only=row.ref.id)
    parts = [
        SeriesPart(document.plan, status, True),
        *(SeriesPart(there.plan, one, False) for one in found),
    ]
    parts.sort(key=lambda part: part.row.baseline_year)
    changed = parts[-1].row.series_break
    if changed is not None:
        return Series(tuple(parts), changed, None, ())
    spans = [_span(part.status) for part in parts]
    chart = None if None in spans else series_chart([span for span in spans if span], today)
    return Series(tuple(parts), None, chart, _years(parts))


def _other(document: PlanDocument, row: IndicatorRow) -> tuple[PlanDocument, IndicatorRow] | None:
    """The same indicator in the plan before, else in the plan after."""
    for there in plans.documents():
        if there.plan.slug == document.plan.slug:
            continue
        for one in there.indicators:
            if row.continues_id == one.ref.id or one.continues_id == row.ref.id:
                return there, one
    return None


def curve_of(way: Way) -> Curve | None:
    """The way as a curve to draw; None for a limit, or where there is no number to go to."""
    if not way.by_year or way.shape not in (Shape.GROWTH, Shape.STRAIGHT, Shape.SUM):
        return None
    (start, base), (end, goal) = way.by_year[0], way.by_year[-1]
    return growing(start, base, end, goal) if way.shape is Shape.GROWTH else straight(start, base, end, goal)


def _span(status: IndicatorStatus) -> Span | None:
    """What one plan contributes to the chart; None for a sum, which can't stand beside single years."""
    facts = status.facts
    way = way_of(facts, progress.tolerances())
    if way.shape is Shape.SUM:
        return None
    limit = way.lower if way.shape is Shape.LIMIT else None
    points = comparable(facts, status.observations)
    return Span(facts.baseline_year, facts.target_year, facts.base, way.goal, curve_of(way), limit, points)


def _years(parts: list[SeriesPart]) -> tuple[SeriesYear, ...]:
    """Every year of which something is known or asked. Where two plans meet, the earlier one's result stands."""
    values: dict[int, tuple[Decimal | None, str, Source | None]] = {}
    targets: dict[int, tuple[str, str]] = {}
    for part in parts:
        facts, row = part.status.facts, part.row
        if facts.baseline is not None and facts.base is not None and facts.baseline_year not in values:
            source = progress.printed_baseline(part.plan)
            values[facts.baseline_year] = facts.base, facts.baseline.text, source
        for one in _comparable(part.status):
            values[one.year] = one.value, "", one.source
        if facts.target is not None:
            targets[facts.target_year] = facts.target.text, row.hant.get(facts.target.text, "")
    found = []
    for year in sorted({*values, *targets}):
        value, text, reported_in = values.get(year, NOTHING)
        found.append(SeriesYear(year, value, text, reported_in, *targets.get(year, ("", ""))))
    return tuple(found)


def _comparable(status: IndicatorStatus) -> tuple[Observation, ...]:
    years = dict(comparable(status.facts, status.observations))
    return tuple(one for one in status.observations if one.year in years)
