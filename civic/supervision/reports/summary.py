"""A summary as a report: what happened in words, compared, by department, chapter, area, street and kind.

Built from the document of a period (docs/supervision-snapshots.md), sealed or as it stands now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.core.config import settings
from civic.core.errors import N_
from civic.supervision.columns import Column, Sort, all_columns
from civic.supervision.exports import name_text
from civic.supervision.figures import FIGURES
from civic.supervision.queries import SnapshotPage
from civic.supervision.reports.layout import Cell, Linked, Report, Row, Section, Share, Table
from civic.supervision.reports.opinions import opinion_definitions, opinion_sections
from civic.supervision.reports.topics import topic_definitions, topic_sections
from civic.supervision.reports.words import day_text, report_title, share_text
from civic.supervision.rows import Name
from civic.supervision.rules import SMALL, Figures, Rate, Scope, Spread
from civic.supervision.rules.snapshots import figures_of
from civic.web.caching import is_demo
from civic.web.filters import minute
from civic.web.locale import chinese_or_english

HEADINGS: dict[Scope, str] = {
    Scope.DEPARTMENT: N_("Work by department"),
    Scope.CHAPTER: N_("Work by chapter of the plan"),
    Scope.LIVELIHOOD: N_("Work by livelihood area"),
    Scope.STREET: N_("Work by street"),
    Scope.KIND: N_("Work by kind"),
}
WHAT: dict[Scope, str] = {
    Scope.DEPARTMENT: N_("Department"),
    Scope.CHAPTER: N_("Chapter"),
    Scope.LIVELIHOOD: N_("Livelihood area"),
    Scope.STREET: N_("Street"),
    Scope.KIND: N_("Kind"),
}
EARLIER = {"before": N_("Period before"), "year_ago": N_("A year ago")}
MOST_ITEMS = 10
ON_PAPER = ("received", "replied.part", "replied.whole", "replied.share", "days.median", "open", "overdue",
            "satisfied.share")  # fmt: skip
"""The columns that a page has room for; a workbook has them all."""

Json = Mapping[str, Any]


def sealed_report(page: SnapshotPage) -> Report:
    """The report of a sealed period."""
    title = report_title(page.row.period)
    seal = Table(
        _("Seal"),
        (_("What"), _("Content")),
        (
            (_("SHA-256 of the sealed data"), page.row.seal),
            (_("Sealed at (UTC)"), page.document["sealed_at"]),
            (_("Newest event counted"), page.document["last_event"]),
            (_("Shape of the data"), page.document["version"]),
            (
                _("How to check"),
                _("The operator of the site computes it anew with: flask civic verify-snapshots"),
            ),
        ),
    )
    number = _("No. %(number)d", number=page.row.number)
    return _report(page.document, title, number, page.row.sealed_at, (seal,), may_open=page.may_open)


def live_report(document: Json, narrowed: Sequence[Name], at: datetime, *, may_open: bool) -> Report:
    """The report of any period as it stands now, narrowed or not; it has no number and no seal."""
    title = _("Supervision summary")
    only = "; ".join(name_text(name) for name in narrowed)
    return _report(document, f"{title} · {only}" if only else title, "", at, (), may_open=may_open)


def _report(
    document: Json, title: str, number: str, at: datetime, more: Sequence[Table], *, may_open: bool
) -> Report:
    since, until = date.fromisoformat(document["since"]), date.fromisoformat(document["until"])
    total = figures_of(document["total"])
    return Report(
        title=title,
        number=number,
        about=Table(
            _("Report"),
            (_("What"), _("Content")),
            (
                (_("From day"), since),
                (_("To day"), until),
                (_("Figures as of"), minute(at)),
                (
                    _("Figures"),
                    _("What each means is in the appendix; no percentage is stated for fewer than %(n)d.", n=SMALL),
                ),
                (_("Links"), _("They open the lists as they stand today: what was decided later shows there.")),
            ),
        ),
        sections=[
            Section(_("At a glance"), tuple(_sentences(total, since, until)), (_compared(document, total),)),
            *_by_scope(document),
            Section(_("What most was said about"), (), (_items(document),)),
            *topic_sections(document),
            *opinion_sections(document, may_open=may_open),
            *_plans(document),
        ],
        appendices=(_definitions(document), *more),
        at=at,
        mark=_("Sample data: not real") if is_demo() else "",
    )  # fmt: skip


def _sentences(f: Figures, since: date, until: date) -> Iterator[str]:
    yield _(
        "From %(since)s to %(until)s %(received)d cases were received, and %(public)d were published.",
        since=day_text(since), until=day_text(until), received=f.received, public=f.public,
    )  # fmt: skip
    yield _(
        "Replies were due to %(whole)d cases in these days; %(part)d were answered on time%(share)s.",
        whole=f.replied.whole, part=f.replied.part, share=_share_note(f.replied),
    )  # fmt: skip
    if f.days.n >= SMALL:
        yield _(
            "Of %(n)d first replies half took at most %(median)s working days, nine of ten at most %(p90)s.",
            n=f.days.n, median=f"{f.days.median:g}", p90=f.days.p90,
        )  # fmt: skip
    yield _(
        "At the end of the period %(open)d cases were open, %(overdue)d of them overdue.",
        open=f.open, overdue=f.overdue,
    )  # fmt: skip
    yield _(
        "Of %(closed)d closed cases %(solved)d were solved%(share)s; %(reopened)d were reopened.",
        closed=f.solved.whole, solved=f.solved.part, share=_share_note(f.solved), reopened=f.reopened,
    )  # fmt: skip
    yield _(
        "Of %(rated)d rated answers %(satisfied)d were found satisfactory%(share)s.",
        rated=f.satisfied.whole, satisfied=f.satisfied.part, share=_share_note(f.satisfied),
    )  # fmt: skip


def _share_note(rate: Rate) -> str:
    share, interval = _share(rate).value, rate.interval
    if share is None or interval is None:
        return _(" (too few for a percentage)")
    return _(
        " (%(share)s; by chance between %(low)s and %(high)s)",
        share=share_text(share), low=share_text(_decimal(interval.low)), high=share_text(_decimal(interval.high)),
    )  # fmt: skip


def _share(rate: Rate) -> Share:
    return Share(Decimal(rate.part) / Decimal(rate.whole) if rate.share is not None else None)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


@dataclass(frozen=True, slots=True)
class _Field:
    """One column of a table: ``list`` names the list that its number opens."""

    key: str
    label: str
    of: Callable[[Figures], Cell]
    list: str = ""


def _fields() -> tuple[_Field, ...]:
    return tuple(field for column in all_columns() for field in _of_column(column))


def _of_column(column: Column) -> Iterator[_Field]:
    name, label = column.name, _(column.label)
    if column.sort is Sort.RATE:
        yield _Field(
            f"{name}.part", _(FIGURES[column.key].label), lambda row: _rate(row, name).part, column.key
        )
        yield _Field(
            f"{name}.whole", _(FIGURES[column.whole].label), lambda row: _rate(row, name).whole, column.whole
        )
        yield _Field(
            f"{name}.share", _("%(figure)s: share", figure=label), lambda row: _share(_rate(row, name))
        )
    elif column.sort is Sort.DAYS:
        yield _Field(f"{name}.median", _("%(figure)s: median", figure=label), lambda row: _median(row, name))
        yield _Field(
            f"{name}.p90", _("%(figure)s: 90th percentile", figure=label), lambda row: _p90(row, name)
        )
        yield _Field(
            f"{name}.n",
            _("%(figure)s: number of cases", figure=label),
            lambda row: _spread(row, name).n,
            column.key,
        )
    else:
        yield _Field(name, label, lambda row: _count(row, name), column.key)


def _rate(row: Figures, name: str) -> Rate:
    found: Rate = getattr(row, name)
    return found


def _spread(row: Figures, name: str) -> Spread:
    found: Spread = getattr(row, name)
    return found


def _count(row: Figures, name: str) -> int:
    found: int = getattr(row, name)
    return found


def _median(row: Figures, name: str) -> Cell:
    found = _spread(row, name)
    return None if found.median is None or found.n < SMALL else _decimal(found.median)


def _p90(row: Figures, name: str) -> Cell:
    found = _spread(row, name)
    return None if found.n < SMALL else found.p90


def _compared(document: Json, total: Figures) -> Table:
    """Each figure beside those of earlier periods; what wasn't counted then stays empty."""
    earlier = [(one, figures_of(one["total"])) for one in document["earlier"]]
    heads = [
        _("%(which)s: %(since)s to %(until)s", which=_(label), since=one["since"], until=one["until"])
        for one, _row in earlier
        for label in (EARLIER[one["which"]],)
    ]  # fmt: skip
    rows: list[Row] = [
        (field.label, field.of(total), *(field.of(row) if _counted(row) else None for _one, row in earlier))
        for field in _fields()
    ]
    return Table(_("Comparison"), (_("Figure"), _("This period"), *heads), rows)


def _counted(row: Figures) -> bool:
    """Whether anything was counted in a period at all."""
    return bool(row.received or row.replied.whole or row.days.n or row.open or row.solved.whole)


def _by_scope(document: Json) -> Iterator[Section]:
    for scope, heading in HEADINGS.items():
        place, rows = document["places"][scope.value], document["tables"][scope.value]
        yield Section(_(heading), (), (_scope_table(document, scope, _(heading), place, rows),))


def _scope_table(document: Json, scope: Scope, name: str, place: Json, rows: Sequence[Json]) -> Table:
    fields = _fields()

    def line(name: str, row: Json, key: str | None) -> Row:
        figures, address = figures_of(row), _address(document, scope, key)
        return (name, *(_cell(field, figures, address) for field in fields))

    lines = [line(name_text(_name(place["names"][row["key"]])), row["figures"], row["key"]) for row in rows]
    if lines:
        lines.append(line(_("Total"), document["total"], None))
    on_paper = (0, *(1 + at for at, field in enumerate(fields) if field.key in ON_PAPER))
    return Table(name, (_(WHAT[scope]), *(field.label for field in fields)), lines, on_paper)


def _cell(field: _Field, row: Figures, address: Callable[[str], str]) -> Cell:
    value = field.of(row)
    if field.list and isinstance(value, int) and value:
        return Linked(value, address(field.list))
    return value


def _address(document: Json, scope: Scope, key: str | None) -> Callable[[str], str]:
    asked = {
        "by": scope.value,
        "since": document["since"],
        "until": document["until"],
        **document.get("narrowed", {}),
    }

    def address(figure: str) -> str:
        values: dict[str, Any] = {**asked, "figure": figure, **({"row": key} if key is not None else {})}
        return settings().base_url.rstrip("/") + url_for("supervision.behind", **values)

    return address


def _name(names: Json) -> Name:
    return Name(names["hans"], names["hant"], names["en"], names["msgid"])


def _items(document: Json) -> Table:
    """The items about which most was received; of equals the one that stands first in the plan."""
    place = document["places"][Scope.ITEM.value]
    rows = [
        (row["key"], figures_of(row["figures"]))
        for row in document["tables"][Scope.ITEM.value]
        if place["members"].get(row["key"])
    ]
    most = sorted((row for row in rows if row[1].received), key=lambda row: -row[1].received)[:MOST_ITEMS]
    return Table(
        _("Items with most voices"),
        (_("Item"), _("Received"), _("Public")),
        [
            (
                name_text(_name(place["names"][key])),
                Linked(figures.received, _address(document, Scope.ITEM, key)("received")),
                figures.public,
            )
            for key, figures in most
        ],
    )


def _plans(document: Json) -> Iterator[Section]:
    """How many indicators and promises of each plan stood where on the last day."""
    for one in document.get("plans", ()):
        plan = one["plan"]
        name = chinese_or_english(plan["short_name"], plan["short_name_hant"], plan["short_name_en"])
        yield Section(
            _("Standing of %(plan)s", plan=name),
            (_("Indicators are judged for %(year)d, the last year that was over.", year=one["judged_year"]),),
            tuple(
                Table(label, (_("Status"), _("How many")), [_standing(row) for row in one[key]])
                for key, label in (
                    ("indicator_counts", _("Indicators")),
                    ("commitment_counts", _("Promises")),
                )
            ),
        )


def _standing(row: Json) -> Row:
    msgid: str = row["label"]
    return _(msgid), row["count"]


def _definitions(document: Json) -> Table:
    return Table(
        _("Definitions"),
        (_("Term"), _("Meaning")),
        [
            *((_(figure.label), _(figure.meaning)) for figure in FIGURES.values()),
            *topic_definitions(document),
            *opinion_definitions(document),
        ],
    )
