"""The sentences of a calculation: msgids whose parameters are numbers already written out."""

from __future__ import annotations

from decimal import Decimal

from civic.core.errors import N_
from civic.progress.rules.formulas import written, written_share
from civic.progress.rules.vocabulary import Line

VALUE = N_("Value of %(year)s: %(value)s")
TIME = N_("Time passed: (%(year)s − %(start)s) ÷ (%(end)s − %(start)s) = %(share)s")
LEVEL_PATH = N_("Path in %(year)s: %(base)s + (%(goal)s − %(base)s) × %(share)s = %(path)s")
GROWTH_PATH = N_("Path in %(year)s: %(base)s × (1 + %(growth)s)^%(years)s = %(path)s")
GROWTH_GOAL = N_(
    "No level is printed; the rate leads to %(base)s × (1 + %(growth)s)^%(years)s = %(goal)s in %(end)s"
)
LEVEL_SHARE = N_("Way covered: (%(value)s − %(base)s) ÷ (%(goal)s − %(base)s) = %(share)s")
GROWTH_SHARE = N_("Way covered: ln(%(value)s ÷ %(base)s) ÷ ln(%(goal)s ÷ %(base)s) = %(share)s")
AVERAGE = N_("Average growth so far: (%(value)s ÷ %(base)s)^(1/%(years)s) − 1 = %(growth)s a year")
REQUIRED = N_("Growth still needed: (%(goal)s ÷ %(value)s)^(1/%(years)s) − 1 = %(growth)s a year")
SUM = N_("Sum of %(first)s–%(last)s: %(terms)s = %(sum)s")
SUM_REPORTED = N_("Sum of %(first)s–%(last)s, as reported: %(sum)s")
SUM_SHARE = N_("Share of the five-year total: %(sum)s ÷ %(goal)s = %(share)s")
HOLE = N_("Nothing is published for %(years)s; a sum with a hole is no sum")
AGAINST = N_("Against the target: %(value)s %(sign)s %(goal)s")
AGAINST_AROUND = N_(
    "Against the target: %(value)s %(sign)s %(goal)s; “左右” (about) lets %(slack)s of it be missing"
)
AGAINST_REFERENCE = N_("Against the value set for %(year)s: %(value)s %(sign)s %(goal)s")
EVERY_YEAR = N_("Must hold in every year: %(year)s: %(value)s %(sign)s %(goal)s")
YEARS_UNKNOWN = N_("Nothing is published for %(years)s; the status speaks of the other years only")
DIFFERENCE = N_(
    "Way covered less time passed: %(difference)s. More than +%(ahead)s is ahead, less than −%(behind)s is behind;"
    " no official cut-offs are published, these are this site’s"
)
UNIT = N_("The value of %(year)s is in %(unit)s, the target in %(wanted)s")
SUM_FOR_LEVEL = N_("The value of %(year)s is a sum over several years, the target isn’t")
NOT_COMPARABLE = N_("The document itself says that the values can’t be compared")
RATE_LEADS = N_(
    "The printed rate leads to %(base)s × (1 + %(growth)s)^%(years)s = %(implied)s, printed is %(goal)s"
)
RATE_REALISED = N_(
    "Printed beside the value is an average growth of %(rate)s; from %(base)s to %(value)s it is %(growth)s"
)
YEAR_AGAINST = N_("Against the target set for %(year)s: %(value)s %(sign)s %(goal)s")
YEAR_AROUND = N_("“左右” (about) lets %(slack)s of it be missing")
YEAR_RATE = N_(
    "The target set for %(year)s is growth by %(growth)s: %(before)s × (1 + %(growth)s) = %(goal)s"
)
YEAR_BEFORE_MISSING = N_(
    "The target set for %(year)s can’t be held against a value: nothing comparable is published for %(before)s"
)
YEAR_SUM = N_("Value of %(year)s alone: %(sum)s − %(before)s = %(value)s")
YEAR_BEYOND = N_(
    "Beyond the year’s target by %(beyond)s of the whole way; more than %(ahead)s is ahead,"
    " no official cut-offs are published, these are this site’s"
)
YEAR_DECIDES = N_("A target is set for %(year)s: the status is judged by it")
PLAN_DECIDES = N_("The plan’s own target is reached or due in %(year)s: the status is judged by that")
MILESTONE_DONE = N_("Reported as done in %(year)s")
MILESTONE_OPEN = N_("Reported as not yet done in %(year)s")


def number(value: Decimal) -> str:
    """A value as it was reported, in plain digits."""
    return f"{value:f}"


def computed(value: Decimal) -> str:
    """A result, to four significant places after the point at most."""
    return written(value, 2 if abs(value) >= 10 else 4)


def line(text: str, **params: object) -> Line:
    """One sentence; shares must be written out before."""
    return Line(text, {name: str(value) for name, value in params.items()})


def percent(share: Decimal, places: int = 2) -> str:
    """A growth rate or share with its sign."""
    return written_share(share, places)


def span(years: tuple[int, ...]) -> str:
    """``2016, 2018`` or ``2016–2019`` where they follow each other."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(str(year) for year in years)
