"""A summary as a report: what happened in words, compared, by department, chapter, area, street and kind.

Built from the document of a period (docs/supervision-snapshots.md), sealed or as it stands now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from civic.core.errors import N_
from civic.supervision.exports import name_text
from civic.supervision.figures import FIGURES
from civic.supervision.queries import SnapshotPage
from civic.supervision.reports.comparison import comparison
from civic.supervision.reports.fields import address_of, cell_of, decimal, fields, share_of
from civic.supervision.reports.layout import Linked, Report, Row, Section, Table
from civic.supervision.reports.opinions import opinion_definitions, opinion_sections
from civic.supervision.reports.topics import topic_definitions, topic_sections
from civic.supervision.reports.words import day_text, report_title, share_text
from civic.supervision.rows import Name
from civic.supervision.rules import SMALL, Figures, Rate, Scope
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
MOST_ITEMS = 10
ON_PAPER = ("received", "replied.part", "replied.whole", "replied.share", "days.median", "days.n", "open", "overdue",
            "satisfied.whole", "satisfied.share")  # fmt: skip
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
    title = f"{title} · {only}" if only else title
    if document["begun_until"] is None:
        return _ahead(document, title, at)
    return _report(document, title, "", at, (), may_open=may_open)


def _ahead(document: Json, title: str, at: datetime) -> Report:
    """Of a period that lies ahead: its days, and that there is nothing to say of them."""
    return Report(title, "", _about(document, at), (), (), at, _mark())


def _report(
    document: Json, title: str, number: str, at: datetime, more: Sequence[Table], *, may_open: bool
) -> Report:
    total = figures_of(document["total"])
    return Report(
        title=title,
        number=number,
        about=_about(document, at),
        sections=[
            Section(_("At a glance"), tuple(_sentences(document, total)), (comparison(document, total),)),
            *_by_scope(document),
            Section(_("What most was said about"), (), (_items(document),)),
            *topic_sections(document),
            *opinion_sections(document, may_open=may_open),
            *_plans(document),
        ],
        appendices=(_definitions(document), *more),
        at=at,
        mark=_mark(),
    )  # fmt: skip


def _mark() -> str:
    return _("Sample data: not real") if is_demo() else ""


def _about(document: Json, at: datetime) -> Table:
    since, until = _day(document["since"]), _day(document["until"])
    return Table(
        _("Report"),
        (_("What"), _("Content")),
        (
            (_("From day"), since),
            (_("To day"), until),
            (_("Figures as of"), minute(at)),
            *_so_far(document, since, until),
        ),
    )


def _so_far(document: Json, since: date, until: date) -> Iterator[Row]:
    """How much of the period the figures speak of, and how they are to be read."""
    begun = _begun_until(document)
    if begun is None:
        sentence = _(
            "The period begins on %(day)s: it has no figures yet, and nothing is compared.",
            day=day_text(since),
        )
        yield _("Period not begun"), sentence
        return
    if not document.get("over", True):
        sentence = _(
            "Figures are of the days up to %(day)s, deadlines of those up to %(judged)s; earlier periods are compared "
            "over as many days.",
            day=day_text(begun), judged=day_text(_day(document["judged_until"])),
        )  # fmt: skip
        yield _("Period not over"), sentence
    means = _("What each means is in the appendix; no percentage is stated for fewer than %(n)d.", n=SMALL)
    yield _("Figures"), means
    yield _("Links"), _("They open the lists as they stand today: what was decided later shows there.")


def _begun_until(document: Json) -> date | None:
    """The last day of the period that has come; None of one that lies ahead. What is sealed is over."""
    last = document.get("begun_until", document["until"])
    return _day(last) if last else None


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _sentences(document: Json, f: Figures) -> Iterator[str]:
    since, until = _day(document["since"]), _begun_until(document) or _day(document["until"])
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
    stock = {"open": f.open, "overdue": f.overdue}
    if until < _day(document["until"]):
        yield _(
            "On %(day)s %(open)d cases were open, %(overdue)d of them overdue.", day=day_text(until), **stock
        )
    else:
        yield _("At the end of the period %(open)d cases were open, %(overdue)d of them overdue.", **stock)
    yield _(
        "Of %(closed)d closed cases %(solved)d were solved%(share)s; %(reopened)d were reopened.",
        closed=f.solved.whole, solved=f.solved.part, share=_share_note(f.solved), reopened=f.reopened,
    )  # fmt: skip
    yield _(
        "Of %(rated)d rated answers %(satisfied)d were found satisfactory%(share)s.",
        rated=f.satisfied.whole, satisfied=f.satisfied.part, share=_share_note(f.satisfied),
    )  # fmt: skip


def _share_note(rate: Rate) -> str:
    share, interval = share_of(rate).value, rate.interval
    if share is None or interval is None:
        return _(" (too few for a percentage)")
    return _(
        " (%(share)s; by chance between %(low)s and %(high)s)",
        share=share_text(share), low=share_text(decimal(interval.low)), high=share_text(decimal(interval.high)),
    )  # fmt: skip


def _by_scope(document: Json) -> Iterator[Section]:
    for scope, heading in HEADINGS.items():
        place, rows = document["places"][scope.value], document["tables"][scope.value]
        yield Section(_(heading), (), (_scope_table(document, scope, _(heading), place, rows),))


def _scope_table(document: Json, scope: Scope, name: str, place: Json, rows: Sequence[Json]) -> Table:
    every = fields()

    def line(name: str, row: Json, key: str | None) -> Row:
        figures, address = figures_of(row), address_of(document, scope, key)
        return (name, *(cell_of(field, figures, address) for field in every))

    lines = [line(name_text(_name(place["names"][row["key"]])), row["figures"], row["key"]) for row in rows]
    if lines:
        lines.append(line(_("Total"), document["total"], None))
    on_paper = (0, *(1 + at for at, field in enumerate(every) if field.key in ON_PAPER))
    return Table(name, (_(WHAT[scope]), *(field.label for field in every)), lines, on_paper)


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
                Linked(figures.received, address_of(document, Scope.ITEM, key)("received")),
                Linked(figures.public, address_of(document, Scope.ITEM, key)("public"))
                if figures.public
                else 0,
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
