"""``calendars/<year>.yaml``: what the State Council's yearly notice says of working days."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from civic.departments.rules.datafile import DataError, Entry, entries, refuse_unknown, text_of

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that isn't what its weekday says; ``works``: a make-up workday on a weekend."""

    day: date
    works: bool
    name: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A published year and its notice. Days off at a weekend aren't kept: they're off anyway."""

    year: int
    notice_title: str
    notice_number: str
    notice_date: date | None
    url: str
    days: tuple[SpecialDay, ...]


def read_calendar(file: str, content: Any) -> CalendarFile:
    """Check and type one calendar file; raises :class:`DataError`.

    A holiday is a span ``from``–``to`` (inclusive) with the make-up workdays that pay for it; without a span
    it's make-up workdays only.
    """
    if not isinstance(content, Entry):
        raise DataError(file, 1, "the file must hold 'year', 'notice' and 'holidays'")
    refuse_unknown(content, ("year", "notice", "holidays"))
    year, notice = content.get("year"), content.get("notice")
    if not isinstance(year, int):
        raise content.error("'year' must be a number", "year")
    if not isinstance(notice, Entry):
        raise content.error("'notice' must name the State Council notice that the days are from", "notice")
    refuse_unknown(notice, ("title", "number", "date", "url"))
    days: dict[date, SpecialDay] = {}
    for entry in entries(content, "holidays"):
        for special in _days_of(entry, year):
            if special.day in days:
                raise entry.error(f"{special.day} stands twice, also under {days[special.day].name}")
            days[special.day] = special
    published = notice.get("date")
    if published is not None and not isinstance(published, date):
        raise notice.error("'date' must be a day such as 2020-11-25", "date")
    return CalendarFile(
        year=year,
        notice_title=text_of(notice, "title", required=True),
        notice_number=text_of(notice, "number"),
        notice_date=published,
        url=text_of(notice, "url"),
        days=tuple(days[day] for day in sorted(days) if days[day].works or day.weekday() < SATURDAY),
    )


def _days_of(entry: Entry, year: int) -> Iterator[SpecialDay]:
    refuse_unknown(entry, ("name", "from", "to", "makeup"))
    name = text_of(entry, "name", required=True)
    if entry.get("from") is not None or not entry.get("makeup"):
        first = _day(entry, "from", entry.get("from"), year)
        last = _day(entry, "to", entry.get("to", first), year)
        if last < first:
            raise entry.error(f"{name} ends before it begins", "to")
        for offset in range((last - first).days + 1):
            yield SpecialDay(first + timedelta(offset), False, name)
    made_up_days = entry.get("makeup") or []
    if not isinstance(made_up_days, list):
        raise entry.error("'makeup' must be a list of days such as [2021-02-07]", "makeup")
    for made_up in made_up_days:
        day = _day(entry, "makeup", made_up, year)
        if day.weekday() < SATURDAY:
            raise entry.error(f"{day} is no weekend: it can't be a make-up workday", "makeup")
        yield SpecialDay(day, True, name)


def _day(entry: Entry, key: str, value: Any, year: int) -> date:
    if not isinstance(value, date):
        raise entry.error(f"{key!r} must be a day such as {year}-01-01", key)
    if value.year != year:
        raise entry.error(f"{value} is not in {year}: it belongs in that year's file", key)
    return value


def told_years(today: date) -> tuple[int, ...]:
    """The years in which open deadlines lie or may come to lie: last year, this one, the next."""
    return (today.year - 1, today.year, today.year + 1)


def missing_years(known: Collection[int], today: date) -> tuple[int, ...]:
    """The years whose notice should be in by now: this one, and from 1 December on the next."""
    wanted = (today.year, today.year + 1) if today.month == 12 else (today.year,)
    return tuple(year for year in wanted if year not in known)


def write_calendar(file: CalendarFile) -> str:
    """The file as it could stand in ``calendars``; :func:`read_calendar` reads the same out of it."""
    notice = {
        "title": file.notice_title,
        "number": file.notice_number,
        "date": file.notice_date,
        "url": file.url,
    }
    head = [f"year: {file.year}", "notice:"]
    head += [f"  {key}: {_scalar(value)}" for key, value in notice.items() if value]
    entries = [line for span in _spans(file.days) for line in _span_lines(*span)]
    return "\n".join([*head, "holidays:" if entries else "holidays: []", *entries]) + "\n"


def _spans(days: Iterable[SpecialDay]) -> list[tuple[str, list[date], list[date]]]:
    """(name, days off, make-up workdays): days off of one name belong together across a weekend."""
    spans: list[tuple[str, list[date], list[date]]] = []
    worked: list[SpecialDay] = []
    for special in days:
        if special.works:
            worked.append(special)
            continue
        last = next((span for span in reversed(spans) if span[0] == special.name), None)
        if last and _only_weekend(last[1][-1], special.day):
            last[1].append(special.day)
        else:
            spans.append((special.name, [special.day], []))
    for special in worked:
        own = [span for span in spans if span[0] == special.name]
        if own:
            min(own, key=lambda span: abs((span[1] or span[2])[0] - special.day))[2].append(special.day)
        else:
            spans.append((special.name, [], [special.day]))
    return sorted(spans, key=lambda span: (span[1] or span[2])[0])


def _only_weekend(after: date, until: date) -> bool:
    between = (after + timedelta(offset) for offset in range(1, (until - after).days))
    return all(day.weekday() >= SATURDAY for day in between)


def _span_lines(name: str, off: list[date], worked: list[date]) -> Iterator[str]:
    yield f"  - name: {_scalar(name)}"
    if off:
        yield f"    from: {off[0]}"
        yield f"    to: {off[-1]}"
    if worked:
        yield f"    makeup: [{', '.join(map(str, worked))}]"


def _scalar(value: object) -> str:
    """A value on one line; a text in quotes, because it may look like a number or a day."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
