"""Changing a year's working days on the site: what the notice says, who put it in, and why.

A year that was changed here stays so when the data files are loaded again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from civic.core import dated
from civic.core.actor import Actor, Role
from civic.core.dated import Dating, Subject
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.policy import ALLOWED, Decision, refused
from civic.core.workdays import Calendar
from civic.departments.models import CalendarDay, CalendarYear
from civic.departments.queries import calendar, local_day
from civic.departments.rules import CalendarFile, DataError, SpecialDay, read_calendar, read_yaml
from civic.web.caching import renew_reference

CALENDAR = "calendar"


def can_edit_calendars(actor: Actor) -> Decision:
    """Administrators keep the working days."""
    if actor.has(Role.ADMIN):
        return ALLOWED
    return refused(N_("Only an administrator may change working days."))


def read_calendar_text(year: int, text: str) -> CalendarFile:
    """A year as it was typed; raises :class:`Invalid` at ``text``, with the line where it lies there."""
    try:
        found = read_calendar(str(year), read_yaml(str(year), text))
    except DataError as error:
        raise Invalid(
            N_("Line %(line)s: %(problem)s"),
            code="data",
            field="text",
            line=error.params["line"],
            problem=error.params["problem"],
        ) from error
    if found.year != year:
        raise Invalid(N_("This is the page of %(year)s."), field="text", year=str(year))
    if not (found.notice_number and found.notice_date):
        raise Invalid(
            N_("Cite the notice: 'title', 'number' and 'date' must stand under 'notice'."), field="text"
        )
    return found


def calendar_with(file: CalendarFile) -> Calendar:
    """The district's working days as they would be with this year."""
    now = calendar()
    days = {day: works for day, works in now.days.items() if day.year != file.year}
    names = {day: name for day, name in now.names.items() if day.year != file.year}
    return replace(
        now,
        days=days | {special.day: special.works for special in file.days},
        names=names | {special.day: special.name for special in file.days},
        known_years=now.known_years | {file.year},
    )


def calendar_values(year: int) -> dict[str, Any]:
    """What stands of a year, as plain JSON; empty for one whose notice isn't known."""
    row = db.session.get(CalendarYear, year)
    if row is None:
        return {}
    columns = select(CalendarDay.day, CalendarDay.works, CalendarDay.name).where(CalendarDay.year == year)
    return {
        "notice_title": row.notice_title,
        "notice_number": row.notice_number,
        "notice_date": row.notice_date.isoformat() if row.notice_date else "",
        "url": row.url,
        "days": [
            [day.isoformat(), works, name]
            for day, works, name in db.session.execute(columns.order_by(CalendarDay.day))
        ],
    }


def change_calendar(actor: Actor, file: CalendarFile, reason: str, now: datetime, seen: str) -> int:
    """Put a year's working days in place of what stood; returns the change's id.

    Open deadlines don't follow by themselves: whoever calls this recomputes them in the same transaction.
    Raises :class:`Invalid` and :class:`~civic.core.errors.Stale` as :func:`civic.core.dated.change` does.
    """
    can_edit_calendars(actor).require()
    values = {
        "notice_title": file.notice_title,
        "notice_number": file.notice_number,
        "notice_date": file.notice_date.isoformat() if file.notice_date else "",
        "url": file.url,
        "days": [[special.day.isoformat(), special.works, special.name] for special in file.days],
    }
    today = local_day(now)
    dating = Dating(today, reason, file.notice_number)
    return dated.change(actor, CALENDAR, file.year, values, dating, now, today, seen=seen)


def special_days(values: Mapping[str, Any]) -> tuple[SpecialDay, ...]:
    """The days among :func:`calendar_values`."""
    return tuple(
        SpecialDay(date.fromisoformat(day), works, name) for day, works, name in values.get("days", ())
    )


def register_calendars(app: Flask) -> None:
    """Let years be changed with their history."""
    dated.register_subject(app, CALENDAR, Subject(calendar_values, _write))


def _write(year: int, values: Mapping[str, Any], _on: date) -> None:
    row = db.session.get(CalendarYear, year)
    if row is None:
        row = CalendarYear(year=year, notice_title="")
        db.session.add(row)
    for name in ("notice_title", "notice_number", "url"):
        setattr(row, name, values.get(name, getattr(row, name)))
    if values.get("notice_date"):
        row.notice_date = date.fromisoformat(values["notice_date"])
    db.session.flush()
    if "days" in values:
        db.session.execute(delete(CalendarDay).where(CalendarDay.year == year))
        db.session.add_all(
            CalendarDay(day=special.day, year=year, works=special.works, name=special.name)
            for special in special_days(values)
        )
        db.session.flush()
    renew_reference()
