"""Periods of supervision: whole days in the district's calendar, how they are named, and what they compare with."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from civic.core.errors import N_, Invalid

EARLIER = {"before": N_("Period before"), "year_ago": N_("A year ago")}
"""What a period is compared with."""

UNITS = (1, 3, 12)
"""Months, quarters and years are compared with months, quarters and years, however many days they have."""


FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Between these a period can lie."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the district's calendar, both ends included."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise Invalid(
                N_("The first day comes after the last. Choose an earlier first day or a later last one."),
                code="bad_period",
                field="since",
            )

    @property
    def unit(self) -> int | None:
        """How many months long it is, if it is a calendar month, quarter or year."""
        for months in UNITS:
            first = self.since.day == 1 and (self.since.month - 1) % months == 0
            if first and self.until == months_later(self.since, months) - timedelta(days=1):
                return months
        return None

    @property
    def before(self) -> Period:
        """The month, quarter or year before; of other days those of equal length that end the day before."""
        if unit := self.unit:
            return Period(months_later(self.since, -unit), self.since - timedelta(days=1))
        last = self.since - timedelta(days=1)
        return Period(last - (self.until - self.since), last)

    @property
    def year_ago(self) -> Period:
        """The same days of the year before; the end of February stays the end of February."""
        until = _a_year_earlier(self.until)
        if _ends_month(self.until):
            until = month_of(until.replace(day=1)).until
        return Period(_a_year_earlier(self.since), until)

    @property
    def compared_with(self) -> Mapping[str, Period]:
        """The period ``before``, and the same a ``year_ago`` unless that has days in common with this one."""
        ago = self.year_ago
        return {"before": self.before, **({"year_ago": ago} if ago.until < self.since else {})}

    @property
    def following(self) -> date:
        """The day that follows: as it begins, the period is over."""
        return self.until + timedelta(days=1)

    def is_over(self, today: date) -> bool:
        """Not on its last day yet: that one lasts until midnight."""
        return self.until < today

    def begun_by(self, today: date) -> Period | None:
        """The part that has begun: up to today; None of a period that lies ahead."""
        return Period(self.since, min(self.until, today)) if self.since <= today else None

    def like(self, whole: Period, today: date) -> Period:
        """As much of this period as has come of ``whole``, so that a half month isn't compared with a whole one."""
        if whole.is_over(today):
            return self
        return Period(self.since, min(self.until, self.since + (today - whole.since)))

    def months(self) -> Iterator[Period]:
        """The calendar months that the period touches, cut to it."""
        first = self.since.replace(day=1)
        while first <= self.until:
            month = month_of(first)
            yield Period(max(month.since, self.since), min(month.until, self.until))
            first = months_later(first, 1)


def months_later(first: date, months: int) -> date:
    """The first day of the month so many months after (or before) the month that ``first`` begins."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def month_of(day: date) -> Period:
    """The calendar month of ``day``."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def quarter_of(day: date) -> Period:
    """The calendar quarter of ``day``."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(first, months_later(first, 3) - timedelta(days=1))


def year_of(day: date) -> Period:
    """The calendar year of ``day``."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def offered(today: date) -> tuple[tuple[str, str], ...]:
    """The periods that a reader chooses most: (msgid, how an address names it)."""
    last = today.replace(day=1) - timedelta(days=1)
    quarter = quarter_of(today).since
    return (
        (N_("This month"), f"{today:%Y-%m}"),
        (N_("Last month"), f"{last:%Y-%m}"),
        (N_("This quarter"), _quarter_text(quarter)),
        (N_("Last quarter"), _quarter_text(months_later(quarter, -3))),
        (N_("This year"), f"{today:%Y}"),
        (N_("Last year"), str(today.year - 1)),
    )


def _quarter_text(first: date) -> str:
    return f"{first:%Y}-Q{(first.month + 2) // 3}"


def _a_year_earlier(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def parse_period(text: str | None, since: str | None, until: str | None, today: date) -> Period:
    """The period that an address names.

    ``text`` is ``2026``, ``2026-Q3`` or ``2026-11``; otherwise ``since`` and ``until`` are ISO
    days. ``until`` alone is its month up to that day, ``since`` alone goes up to today. Without
    any: the present month. Raises :class:`Invalid` with what to do.
    """
    if text:
        return _named(text)
    if since or until:
        last = _day(until, "until", today)
        if not until and since and _day(since, "since", last) > last:
            raise Invalid(
                N_("The first day lies ahead. Choose the last day as well."), code="no_end", field="until"
            )
        return Period(_day(since, "since", last.replace(day=1)), last)
    return month_of(today)


def _named(text: str) -> Period:
    if match := re.fullmatch(r"(\d{4})", text):
        return year_of(date(_year(match[1]), 1, 1))
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return quarter_of(date(_year(match[1]), 3 * int(match[2]) - 2, 1))
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
        return month_of(date(_year(match[1]), int(match[2]), 1))
    raise Invalid(N_("Write a period as 2026, 2026-Q3 or 2026-11."), code="bad_period", field="period")


def _year(text: str) -> int:
    if not _reached(int(text)):
        raise Invalid(N_("Write a period as 2026, 2026-Q3 or 2026-11."), code="bad_period", field="period")
    return int(text)


def _reached(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def _day(text: str | None, field: str, default: date) -> date:
    if not text:
        return default
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("Write a day as 2026-11-23."), code="bad_day", field=field) from None
    if not _reached(day.year):
        raise Invalid(
            N_("Choose days from %(first)s to %(last)s."),
            code="bad_day", field=field, first=FIRST_YEAR, last=LAST_YEAR,
        )  # fmt: skip
    return day
