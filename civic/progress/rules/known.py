"""What is known of an indicator when it is judged: the values that count, and how far time has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from civic.plans.rules import TargetKind
from civic.progress.rules import lines
from civic.progress.rules.formulas import time_share, written_share
from civic.progress.rules.vocabulary import Facts, Line, Observation, Reason, Status, Tolerances, Verdict


@dataclass(frozen=True, slots=True)
class Known:
    """Facts and the observations that count, by year: after the baseline, up to the year asked about."""

    facts: Facts
    observations: Mapping[int, Observation]
    tolerances: Tolerances

    @property
    def latest(self) -> Observation:
        return self.observations[max(self.observations)]

    @property
    def year(self) -> int:
        return self.latest.year

    @property
    def ended(self) -> bool:
        """The year that is judged is the plan's last."""
        return self.year >= self.facts.target_year

    @property
    def time(self) -> Decimal:
        return time_share(self.facts.baseline_year, self.facts.target_year, self.year)

    @property
    def years(self) -> int:
        return self.year - self.facts.baseline_year

    @property
    def years_left(self) -> int:
        return self.facts.target_year - self.year

    @property
    def span(self) -> int:
        return self.facts.target_year - self.facts.baseline_year

    @property
    def goal_word(self) -> str:
        return self.facts.target.qualifier if self.facts.target else ""

    def opening(self) -> list[Line]:
        """The value and the time passed: how every calculation begins."""
        return [
            lines.line(lines.VALUE, year=self.year, value=lines.number(self.latest.value)),
            lines.line(
                lines.TIME, year=self.year, start=self.facts.baseline_year, end=self.facts.target_year,
                share=written_share(self.time),
            ),
        ]  # fmt: skip

    def undetermined(self, reason: Reason, *calculation: Line) -> Verdict:
        """Nothing can be said, although there are values; why stands in the calculation."""
        return Verdict(Status.UNDETERMINED, reason, time_share=self.time, calculation=calculation)


def gather(facts: Facts, observations: Iterable[Observation], year: int) -> dict[int, Observation]:
    """The observations that count; of two for one year the later in the list, which corrects the earlier."""
    last = min(year, facts.target_year)
    return {one.year: one for one in observations if facts.baseline_year < one.year <= last}


def basis_changed(known: Known, years: Iterable[int]) -> Line | None:
    """Why the values of these years can't be held against the target, if they can't."""
    if known.facts.kind is TargetKind.NOT_COMPARABLE:
        return lines.line(lines.NOT_COMPARABLE)
    for year in sorted(years):
        one = known.observations[year]
        if one.unit and one.unit != known.facts.unit:
            return lines.line(lines.UNIT, year=year, unit=one.unit, wanted=known.facts.unit or "—")
        if one.cumulative and known.facts.kind is not TargetKind.CUMULATIVE:
            return lines.line(lines.SUM_FOR_LEVEL, year=year)
    return None
