"""Figures of opinions: what each is called and means, and which rounds it counts. Pure.

A deadline is judged in the period in which it falls, answered or not, so that a backlog can't hide; what was
withdrawn before its deadline isn't judged. A second round is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from civic.cases.rules import RatingLevel
from civic.core.errors import N_
from civic.supervision.rules.opinions.facts import Round
from civic.supervision.rules.opinions.vocabulary import LAST_ROUND
from civic.supervision.rules.periods import Period
from civic.supervision.rules.summaries import Rate


class OpinionFigure(StrEnum):
    """What is counted; each opens its list."""

    GIVEN = "given"
    DUE = "due"
    ON_TIME = "on_time"
    AGAIN_DUE = "again_due"
    AGAIN_ON_TIME = "again_on_time"
    OPEN = "open"
    OVERDUE = "overdue"
    UNRATED = "unrated"
    RATED = "rated"
    SATISFIED = "satisfied"
    GONE_BACK = "gone_back"
    AGAIN_RATED = "again_rated"
    AGAIN_SATISFIED = "again_satisfied"
    CLOSED_SATISFIED = "closed_satisfied"
    CLOSED_BASICALLY = "closed_basically"
    CLOSED_DISSATISFIED = "closed_dissatisfied"


OPINION_FIGURES: Mapping[OpinionFigure, tuple[str, str]] = {
    OpinionFigure.GIVEN: (N_("Opinions given"), N_("Opinions sent to the department in the period.")),
    OpinionFigure.DUE: (
        N_("Opinions due"),
        N_("Opinions whose deadline falls in the period, answered or not, so that a backlog can’t hide. "
           "Not counted: withdrawn by the day of the deadline."),
    ),
    OpinionFigure.ON_TIME: (
        N_("Opinions answered on time"),
        N_("Of the opinions whose deadline falls in the period, those answered by it."),
    ),
    OpinionFigure.AGAIN_DUE: (
        N_("Opinions due again"),
        N_("Opinions sent back to the department whose new deadline falls in the period. Not counted: withdrawn by the "
           "day of the deadline."),
    ),
    OpinionFigure.AGAIN_ON_TIME: (
        N_("Opinions answered again on time"),
        N_("Of the opinions sent back whose new deadline falls in the period, those answered again by it."),
    ),
    OpinionFigure.OPEN: (
        N_("Opinions open"), N_("Opinions that the department still has to answer at the end of the period.")
    ),
    OpinionFigure.OVERDUE: (
        N_("Opinions overdue"), N_("Open opinions past their deadline at the end of the period.")
    ),
    OpinionFigure.UNRATED: (
        N_("Opinions not rated yet"),
        N_("Opinions whose answer the deputy has not rated at the end of the period."),
    ),
    OpinionFigure.RATED: (
        N_("First answer rated"),
        N_("First answers that the deputy rated in the period. Dissatisfied sends the opinion back."),
    ),
    OpinionFigure.SATISFIED: (
        N_("Satisfied with the first answer"),
        N_("Of the first answers rated in the period, those rated satisfied or basically satisfied."),
    ),
    OpinionFigure.GONE_BACK: (
        N_("Opinions sent back"),
        N_("Opinions whose first answer was rated dissatisfied in the period: they go back once."),
    ),
    OpinionFigure.AGAIN_RATED: (
        N_("Second answer rated"), N_("Second answers that the deputy rated in the period.")
    ),
    OpinionFigure.AGAIN_SATISFIED: (
        N_("Satisfied with the second answer"),
        N_("Of the second answers rated in the period, those rated satisfied or basically satisfied."),
    ),
    OpinionFigure.CLOSED_SATISFIED: (
        N_("Opinions closed: satisfied"), N_("Opinions closed in the period by the rating satisfied.")
    ),
    OpinionFigure.CLOSED_BASICALLY: (
        N_("Opinions closed: basically satisfied"),
        N_("Opinions closed in the period by the rating basically satisfied."),
    ),
    OpinionFigure.CLOSED_DISSATISFIED: (
        N_("Opinions closed: dissatisfied"),
        N_("Opinions closed in the period though the second answer was rated dissatisfied as well."),
    ),
}  # fmt: skip
"""Name and definition of each (msgids)."""


@dataclass(frozen=True, slots=True)
class OpinionFigures:
    """The figures of one department, or of all. ``open``, ``overdue`` and ``unrated`` are stocks at the period's end.

    Every rating either closes an opinion or sends it back: the last four add up to all that was rated.
    """

    given: int
    answered: Rate
    open: int
    overdue: int
    unrated: int
    satisfied: Rate
    again: Rate
    satisfied_again: Rate
    gone_back: int
    closed_satisfied: int
    closed_basically: int
    closed_dissatisfied: int


@dataclass(frozen=True, slots=True)
class OpinionColumn:
    """One figure of a row: ``name`` is the field of :class:`OpinionFigures`; a rate has a ``whole``."""

    name: str
    figure: OpinionFigure
    whole: OpinionFigure | None = None

    def of(self, row: OpinionFigures) -> int | Rate:
        """The value in a row."""
        value: int | Rate = getattr(row, self.name)
        return value

    def cells(self, row: OpinionFigures) -> tuple[tuple[OpinionFigure, int], ...]:
        """The numbers of it that are counted: one, or both parts of a rate."""
        value = self.of(row)
        if isinstance(value, Rate):
            assert self.whole is not None
            return (self.figure, value.part), (self.whole, value.whole)
        return ((self.figure, value),)


OPINION_COLUMNS = (
    OpinionColumn("given", OpinionFigure.GIVEN),
    OpinionColumn("answered", OpinionFigure.ON_TIME, OpinionFigure.DUE),
    OpinionColumn("open", OpinionFigure.OPEN),
    OpinionColumn("overdue", OpinionFigure.OVERDUE),
    OpinionColumn("unrated", OpinionFigure.UNRATED),
    OpinionColumn("satisfied", OpinionFigure.SATISFIED, OpinionFigure.RATED),
    OpinionColumn("again", OpinionFigure.AGAIN_ON_TIME, OpinionFigure.AGAIN_DUE),
    OpinionColumn("satisfied_again", OpinionFigure.AGAIN_SATISFIED, OpinionFigure.AGAIN_RATED),
    OpinionColumn("gone_back", OpinionFigure.GONE_BACK),
    OpinionColumn("closed_satisfied", OpinionFigure.CLOSED_SATISFIED),
    OpinionColumn("closed_basically", OpinionFigure.CLOSED_BASICALLY),
    OpinionColumn("closed_dissatisfied", OpinionFigure.CLOSED_DISSATISFIED),
)
"""All figures of a row, in the order in which they stand."""


def opinion_row(n: Mapping[str, int]) -> OpinionFigures:
    """A row out of its counts; what isn't named was not counted."""
    values: dict[str, Any] = {
        one.name: Rate(n.get(one.figure, 0), n.get(one.whole, 0)) if one.whole else n.get(one.figure, 0)
        for one in OPINION_COLUMNS
    }
    return OpinionFigures(**values)


def summed(rows: Iterable[Mapping[str, int]]) -> OpinionFigures:
    """All rows together."""
    found: dict[str, int] = {}
    for row in rows:
        for one in OpinionFigure:
            found[one] = found.get(one, 0) + row.get(one, 0)
    return opinion_row(found)


def counted_in(one: Round, period: Period, judged_until: date) -> frozenset[OpinionFigure]:
    """The figures of a period that a round counts in; ``judged_until``: the last day whose deadlines have passed."""
    figure, first, ended = OpinionFigure, one.number == 1, one.ended_day
    judged = one.counts and period.since <= one.due_day <= min(period.until, judged_until)
    standing = one.opened_day <= period.until and (ended is None or ended > period.until)
    unrated = one.rated_day is None or one.rated_day > period.until
    answered = one.answered_day is not None and one.answered_day <= period.until
    rated = one.rated_day is not None and period.since <= one.rated_day <= period.until
    content = one.rating is not RatingLevel.DISSATISFIED
    closing = rated and (content or one.number >= LAST_ROUND)
    holds = {
        figure.GIVEN: first and period.since <= one.opened_day <= period.until,
        figure.DUE: first and judged,
        figure.ON_TIME: first and judged and one.on_time,
        figure.AGAIN_DUE: not first and judged,
        figure.AGAIN_ON_TIME: not first and judged and one.on_time,
        figure.OPEN: standing,
        figure.OVERDUE: standing and one.due_day <= min(period.until, judged_until),
        figure.UNRATED: answered and unrated,
        figure.RATED: first and rated,
        figure.SATISFIED: first and rated and content,
        figure.GONE_BACK: rated and not closing,
        figure.AGAIN_RATED: not first and rated,
        figure.AGAIN_SATISFIED: not first and rated and content,
        figure.CLOSED_SATISFIED: closing and one.rating is RatingLevel.SATISFIED,
        figure.CLOSED_BASICALLY: closing and one.rating is RatingLevel.BASICALLY_SATISFIED,
        figure.CLOSED_DISSATISFIED: closing and not content,
    }
    return frozenset(one for one, is_so in holds.items() if is_so)


def counts_of_rounds(
    rounds: Iterable[Round], period: Period, judged_until: date
) -> dict[int, dict[str, int]]:
    """{department: {figure: n}} of all rounds."""
    found: dict[int, dict[str, int]] = {}
    for one in rounds:
        for figure in counted_in(one, period, judged_until):
            row = found.setdefault(one.department_id, {})
            row[figure.value] = row.get(figure.value, 0) + 1
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A published opinion as facts: no text, so that what is sealed says no more once it is taken from the public.

    Days and department are those of its last round.
    """

    year: int
    serial: int
    department_id: int
    item_id: int | None
    sent_day: date
    due_day: date
    answered_day: date
    rounds: int
    rating: RatingLevel


def listed_of(year: int, serial: int, item_id: int | None, rounds: Sequence[Round]) -> Listed:
    """The facts of one that is closed."""
    last = rounds[-1]
    assert last.answered_day is not None
    assert last.rating is not None
    return Listed(
        year, serial, last.department_id, item_id, rounds[0].opened_day, last.due_day, last.answered_day,
        last.number, last.rating,
    )  # fmt: skip
