"""What is known of an indicator, what is asked of it, and what the answer looks like. Plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from civic.core.errors import N_
from civic.plans.rules import Printed, TargetKind


class Status(StrEnum):
    """Classes of the national mid-term review while a plan runs, and the two ends; or nothing can be said."""

    ACHIEVED_EARLY = "achieved_early"
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    ACHIEVED = "achieved"
    MISSED = "missed"
    UNDETERMINED = "undetermined"


class Reason(StrEnum):
    """Why nothing can be said."""

    NO_DATA = "no_data"
    YEAR_RUNS = "year_runs"
    """Values are published, but only of a year that isn't over."""
    INCOMPLETE = "incomplete"
    NOT_QUANTIFIED = "not_quantified"
    BASIS_CHANGED = "basis_changed"
    REFERENCE_MISSING = "reference_missing"


STATUS_TEXTS: Mapping[Status, str] = {
    Status.ACHIEVED_EARLY: N_("Achieved early"),
    Status.AHEAD: N_("Ahead of the path"),
    Status.ON_TRACK: N_("On track"),
    Status.BEHIND: N_("Behind"),
    Status.ACHIEVED: N_("Achieved"),
    Status.MISSED: N_("Missed"),
    Status.UNDETERMINED: N_("Undetermined"),
}
REASON_TEXTS: Mapping[Reason, str] = {
    Reason.NO_DATA: N_("No progress published yet"),
    Reason.YEAR_RUNS: N_("No value yet of a year that is over"),
    Reason.INCOMPLETE: N_("A year’s value is missing, so there is no sum"),
    Reason.NOT_QUANTIFIED: N_("The target is not quantified"),
    Reason.BASIS_CHANGED: N_("The statistical basis changed; the values can't be compared"),
    Reason.REFERENCE_MISSING: N_("The value the target refers to has not been published"),
}


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Cut-offs between ``ahead``, ``on_track`` and ``behind``. They are ours: no official ones are published.

    Both are shares of the whole way from baseline to target, compared with the share of
    time that has passed; 0.05 of a five-year plan is three months. ``around_by``: how much of
    a target with 左右 (about) may be missing. ``print_slack``: a printed rate and printed levels
    that lead further apart than this are shown as disagreeing.
    """

    ahead_by: Decimal = Decimal("0.05")
    behind_by: Decimal = Decimal("0.05")
    around_by: Decimal = Decimal("0.01")
    print_slack: Decimal = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a title, or a msgid with ``params``; ``published_on`` an ISO date or ''."""

    text: str
    params: Mapping[str, str] = field(default_factory=dict)
    published_on: str = ""
    link: str = ""
    note: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A reported value for a year.

    ``cumulative``: the sum since the plan began, not the year's own value. ``unit`` '' is the
    indicator's unit; another one is a change of basis. ``rate``: the average growth in
    percent a year that was printed beside the value.
    """

    year: int
    value: Decimal
    unit: str = ""
    cumulative: bool = False
    rate: Printed | None = None
    source: Source = Source("")


@dataclass(frozen=True, slots=True)
class Reference:
    """The value that an ``external`` target refers to in a year (assigned by the city, city average)."""

    year: int
    value: Decimal
    source: Source = Source("")


@dataclass(frozen=True, slots=True)
class AnnualTarget:
    """What an indicator is to reach in one year (年度目标, the plan's 9.2.1), as its document prints it.

    ``as_rate``: growth in percent over the year before, not a level.
    """

    year: int
    printed: Printed
    as_rate: bool = False
    source: Source = Source("")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the plan prints of an indicator, and the targets set for single years since.

    Rates are percent a year, exactly as printed.
    """

    kind: TargetKind
    baseline_year: int
    target_year: int
    unit: str = ""
    baseline: Printed | None = None
    target: Printed | None = None
    target_rate: Printed | None = None
    lower_is_better: bool = False
    references: tuple[Reference, ...] = ()
    annual: tuple[AnnualTarget, ...] = ()

    @property
    def base(self) -> Decimal | None:
        return self.baseline.value if self.baseline else None

    @property
    def goal(self) -> Decimal | None:
        return self.target.value if self.target else None

    @property
    def growth(self) -> Decimal | None:
        """The printed average growth as a share (7.5 % is 0.075); None where none is printed."""
        rate = self.target_rate
        if (
            rate is None
            or rate.value is None
            or rate.cumulative
            or not rate.text.rstrip("左右").endswith("%")
        ):
            return None
        return rate.value / 100

    def reference(self, year: int) -> Reference | None:
        return next((one for one in self.references if one.year == year), None)

    def annual_target(self, year: int) -> AnnualTarget | None:
        return next((one for one in self.annual if one.year == year), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a calculation: a msgid and its parameters, numbers already written out."""

    text: str
    params: Mapping[str, str] = field(default_factory=dict)


class Basis(StrEnum):
    """By what else a value can be judged, where the print disagrees with itself."""

    IMPLIED_TARGET = "implied_target"
    """By the level to which the printed rate leads, instead of the printed level."""
    PRINTED_RATE = "printed_rate"
    """By the printed growth rate of the result against the printed rate of the target."""


BASIS_TEXTS: Mapping[Basis, str] = {
    Basis.IMPLIED_TARGET: N_("By the level to which the printed growth rate leads"),
    Basis.PRINTED_RATE: N_("By the printed growth rates"),
}


@dataclass(frozen=True, slots=True)
class SecondVerdict:
    """The other answer. ``status`` is None as long as there is no value to judge."""

    basis: Basis
    goal: Decimal
    observed: Decimal | None
    status: Status | None

    @property
    def basis_text(self) -> str:
        """By what it is judged, as a msgid."""
        return BASIS_TEXTS[self.basis]

    @property
    def status_text(self) -> str:
        """The status in words, as a msgid; '' as long as there is none."""
        return STATUS_TEXTS[self.status] if self.status else ""


@dataclass(frozen=True, slots=True)
class AnnualVerdict:
    """The answer by the target of the year that was judged; ``goal`` is the level it amounts to.

    ``decides``: the status of the whole verdict is this one; ``by_plan`` and ``by_plan_reason``
    are what the plan's own way gives.
    """

    target: AnnualTarget
    goal: Decimal
    observed: Decimal
    status: Status
    by_plan: Status
    by_plan_reason: Reason | None
    decides: bool

    @property
    def status_text(self) -> str:
        """The status in words, as a msgid."""
        return STATUS_TEXTS[self.status]

    @property
    def by_plan_text(self) -> str:
        """What the plan's own way gives in words, as a msgid."""
        return REASON_TEXTS[self.by_plan_reason] if self.by_plan_reason else STATUS_TEXTS[self.by_plan]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. Shares are of the whole way (0 to 1 and beyond), growth is a share a year (0.075 = 7.5 %).

    ``year``: the year that was judged, None if none could be; ``time_share`` belongs to it (else to
    the year asked about). ``path_value``: where the path is in that year; ``goal``: the
    level the target amounts to, computed from the rate if none is printed. ``annual``: the answer by
    the target that was set for that year; it decides while the plan runs.
    """

    status: Status
    reason: Reason | None = None
    year: int | None = None
    observed: Decimal | None = None
    goal: Decimal | None = None
    time_share: Decimal = Decimal(0)
    achieved_share: Decimal | None = None
    path_value: Decimal | None = None
    on_path: bool | None = None
    average_growth: Decimal | None = None
    required_growth: Decimal | None = None
    calculation: tuple[Line, ...] = ()
    seconds: tuple[SecondVerdict, ...] = ()
    annual: AnnualVerdict | None = None

    @property
    def second(self) -> SecondVerdict | None:
        """The first of the other verdicts, if the print disagrees with itself."""
        return self.seconds[0] if self.seconds else None
