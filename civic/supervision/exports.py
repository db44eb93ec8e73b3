"""Exports of a summary. A demo database marks its exports as it marks its pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask import Response
from flask_babel import gettext as _

from civic.supervision.queries import SummaryPage
from civic.supervision.rows import Name
from civic.supervision.rules import Figures
from civic.web.caching import is_demo
from civic.web.locale import chinese_or_english

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def name_text(name: Name) -> str:
    """A row's name in the reader's language."""
    return _(name.msgid) if name.msgid else chinese_or_english(name.hans, name.hant, name.english)


def summary_csv(page: SummaryPage) -> Response:
    """The rows and the total of a summary as one table, a column per figure, counts rather than percentages.

    The period stands in every line, and so does the mark of sample data: a line keeps both when it is copied.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    period = page.choice.period
    note = [_("Sample data: not real")] if is_demo() else []
    head = [_("Key"), _("Row"), _("From day"), _("To day"), *(label for label, _value in columns(page.total))]
    writer.writerow([*head, *([_("Note")] if note else [])])
    for key, name, row in _lines(page):
        days = (period.since.isoformat(), period.until.isoformat())
        writer.writerow([key, cell_text(name), *days, *(value for _label, value in columns(row)), *note])
    filename = f"summary-{page.choice.scope.value}-{period.since}-{period.until}.csv"
    return Response(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _lines(page: SummaryPage) -> Iterator[tuple[str, str, Figures]]:
    for row in page.rows:
        yield row.key, name_text(row.name), row.figures
    yield "total", _("Total"), page.total


def columns(row: Figures) -> Iterator[tuple[str, int | float | None]]:
    """Label and value of each column of a summary, in order."""
    yield _("Received"), row.received
    yield _("Public"), row.public
    yield _("Accepted on time"), row.accepted.part
    yield _("Acceptance due"), row.accepted.whole
    yield _("Replied on time"), row.replied.part
    yield _("Reply due"), row.replied.whole
    yield _("Median days to reply"), row.days.median
    yield _("90th percentile of days"), row.days.p90
    yield _("Replies counted"), row.days.n
    yield _("Open"), row.open
    yield _("Overdue"), row.overdue
    yield _("Solved"), row.solved.part
    yield _("Closed"), row.solved.whole
    yield _("Satisfied"), row.satisfied.part
    yield _("Rated"), row.satisfied.whole
    yield _("Reopened"), row.reopened
    yield _("Returned"), row.returned
    yield _("Declined"), row.declined
    yield _("Single signature"), row.single_signature


def cell_text(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
