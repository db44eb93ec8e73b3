"""``flask civic calendars``."""

from __future__ import annotations

import sys

import click

from civic.core.clock import now
from civic.core.commands import civic_commands
from civic.departments import queries
from civic.departments.queries import YearRow
from civic.departments.rules import missing_years, told_years


@civic_commands.command("calendars")
@click.option(
    "--check",
    is_flag=True,
    help="Exit 1 if this year has no working days, or from 1 December on the next year has none.",
)
def calendars(check: bool) -> None:
    """Say from which notice the working days of last year, this year and the next are."""
    today = queries.local_day(now())
    known = {row.year: row for row in queries.calendar_years()}
    for year in told_years(today):
        click.echo(
            f"{year}: {_cited(known[year]) if year in known else 'no notice; deadlines are provisional'}"
        )
    missing = missing_years(known, today)
    for year in missing:
        click.echo(
            f"The working days of {year} are missing: put the State Council's notice in at /admin/calendars/{year},"
            " which shows what moves."
        )
    sys.exit(1 if check and missing else 0)


def _cited(row: YearRow) -> str:
    notice_date = row.notice_date.isoformat() if row.notice_date else ""
    source = ", ".join(filter(None, (row.notice_number, notice_date, row.url)))
    return f"{row.notice_title} ({source})" if source else row.notice_title
