"""The comparison in a report: each figure beside those of earlier periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from civic.supervision.reports.fields import Field, address_of, cell_of, fields
from civic.supervision.reports.layout import Cell, Row, Table
from civic.supervision.reports.words import day_text, difference_text
from civic.supervision.rules import Figures, Period, Scope
from civic.supervision.rules.periods import EARLIER
from civic.supervision.rules.snapshots import figures_of

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier period: ``row`` None where nothing was counted then; ``note`` says what is missing of it."""

    label: str
    period: Period
    row: Figures | None
    note: str

    def cells(self, document: Json, field: Field, total: Figures, then: Figures) -> tuple[Cell, Cell]:
        """What a figure was then, and how it differs."""
        found = field.compared
        text = difference_text(found.sort, found.difference(total, then)) if found else ""
        return cell_of(field, then, address_of(document, Scope.DEPARTMENT, None, self.period)), text


def comparison(document: Json, total: Figures) -> Table:
    """Each figure beside those of earlier periods, and how it differs; of one in which nothing was counted a note
    alone."""
    earlier = [_earlier(document, one) for one in document["earlier"]]
    compared = [(one, one.row) for one in earlier if one.row is not None]
    heads = [
        head
        for one, _row in compared
        for head in (
            _(
                "%(which)s: %(since)s to %(until)s",
                which=one.label,
                since=one.period.since,
                until=one.period.until,
            ),
            _("%(which)s: difference", which=one.label),
        )
    ]
    address = address_of(document, Scope.DEPARTMENT, None)
    rows: list[Row] = [
        (
            field.label,
            cell_of(field, total, address),
            *(cell for one, then in compared for cell in one.cells(document, field, total, then)),
        )
        for field in fields()
    ]
    note = "\n".join(one.note for one in earlier if one.note)
    return Table(_("Comparison"), (_("Figure"), _("This period"), *heads), rows, note=note)


def _earlier(document: Json, one: Json) -> _Earlier:
    msgid, row = EARLIER[one["which"]], figures_of(one["total"])
    label, begun = _(msgid), _begun(document, row)
    period = Period(date.fromisoformat(one["since"]), date.fromisoformat(one["until"]))
    since, until = day_text(period.since), day_text(period.until)
    if begun is None or begun > period.until:
        note = _(
            "%(period)s (%(since)s to %(until)s): no comparison, nothing was counted then.",
            period=label, since=since, until=until,
        )  # fmt: skip
        return _Earlier(label, period, None, note)
    if begun <= period.since:
        return _Earlier(label, period, row, "")
    note = _(
        "%(period)s: counting began on %(day)s, so that period is not complete.",
        period=label, day=day_text(begun),
    )  # fmt: skip
    return _Earlier(label, period, row, note)


def _begun(document: Json, row: Figures) -> date | None:
    """Since when cases were counted. Documents up to version 2 don't say it: what was counted at all tells."""
    if "counted_since" in document:
        since: str | None = document["counted_since"]
        return date.fromisoformat(since) if since else None
    counted = row.received or row.replied.whole or row.days.n or row.open or row.solved.whole
    return date.min if counted else None
