"""The indicators of a plan with everything their page shows: facts, observations, verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from civic.plans import queries as plans
from civic.plans.queries import IndicatorRow, PlanDocument
from civic.progress.queries.observations import NOTHING, Published, facts_of, observations_of, published
from civic.progress.queries.tolerances import tolerances
from civic.progress.rules import Facts, Observation, Square, Verdict, assess, judged_year, square_of
from civic.progress.rules.squares import label_of


@dataclass(frozen=True, slots=True)
class IndicatorStatus:
    """One indicator, what is known of it, and the verdict. Values of years after ``judged_year`` are provisional."""

    row: IndicatorRow
    facts: Facts
    observations: tuple[Observation, ...]
    verdict: Verdict
    judged_year: int

    @property
    def label(self) -> str:
        """The status in words, as a msgid."""
        return label_of(self.verdict.status, self.verdict.reason)

    @property
    def complete(self) -> tuple[Observation, ...]:
        """The values of years that are over."""
        return tuple(one for one in self.observations if one.year <= self.judged_year)

    @property
    def square(self) -> Square:
        return square_of(self.verdict.status)


def indicator_statuses(
    plan_slug: str,
    today: date,
    *,
    document: PlanDocument | None = None,
    only: int | None = None,
) -> tuple[IndicatorStatus, ...]:
    """All indicators of a published plan in the order of their table (``only``: one item's id).

    They are judged for the last year that is over on ``today``. ``document``: the plan if the caller has already
    read it. Raises :class:`~civic.core.errors.NotFound`.
    """
    document = document or plans.document(plan_slug)
    rows = [row for row in document.indicators if only in (None, row.ref.id)]
    return _judged(document, rows, published([row.ref.id for row in rows]), today)


def indicator_statuses_on(document: PlanDocument, *days: date) -> tuple[tuple[IndicatorStatus, ...], ...]:
    """The same on several days, each with all that is published by now."""
    known = published([row.ref.id for row in document.indicators])
    return tuple(_judged(document, document.indicators, known, day) for day in days)


def _judged(
    document: PlanDocument, rows: Iterable[IndicatorRow], known: Mapping[int, Published], today: date
) -> tuple[IndicatorStatus, ...]:
    cuts, year = tolerances(), judged_year(today)
    found = []
    for row in rows:
        about = known.get(row.ref.id, NOTHING)
        facts = facts_of(row, about)
        observations = observations_of(row, document.plan, about)
        verdict = assess(facts, observations, year, cuts)
        found.append(IndicatorStatus(row, facts, observations, verdict, year))
    return tuple(found)
