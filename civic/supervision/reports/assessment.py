"""A published assessment as a report: one table per kind of fact, definitions, and the seal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from civic.supervision.queries import PublicAssessment
from civic.supervision.reading import DEFINITIONS, Reader, reader
from civic.supervision.reports.layout import Cell, Report, Row, Section, Share, Table
from civic.web.caching import is_demo
from civic.web.locale import chinese_or_english, hans_or_hant


def assessment_report(page: PublicAssessment) -> Report:
    """The whole assessment in the reader's language."""
    say = reader(page)
    return Report(
        title=say.text(page.row.title),
        number="",
        about=_table(_("Assessment"), (_("What"), _("Content")), _about(page, say)),
        sections=[Section(table.name, tables=(table,)) for table in _tables(page, say)],
        appendices=(
            _table(
                _("Definitions"),
                (_("Term"), _("Meaning")),
                ((_(term), _(text)) for term, text in DEFINITIONS),
            ),
            _table(_("Seal"), (_("What"), _("Content")), _seal(page)),
        ),
        at=page.row.published_at,
        mark=_("Sample data: not real") if is_demo() else "",
    )


def _table(name: str, head: Sequence[str], rows: Iterable[Row], brief: Sequence[int] = ()) -> Table:
    return Table(name, head, tuple(rows), brief)


def _tables(page: PublicAssessment, say: Reader) -> Iterator[Table]:
    facts = page.facts
    yield _table(
        _("Indicators"),
        (
            _("Code"), _("Indicator"), _("Unit"), _("Department"), _("Baseline year"), _("Baseline"),
            _("Target year"), _("Target"), _("Growth a year"), _("Year judged"), _("Observed"), _("Source"),
            _("Way covered"), _("Time passed"), _("Status"), _("Calculation"),
        ),
        (_indicator(one, say.title(one), say.department(one["department"]), say) for one in facts["indicators"]),
        (0, 1, 2, 3, 7, 10, 12, 13, 14),
    )  # fmt: skip
    yield _table(
        _("Promises"),
        (_("Code"), _("Promise"), _("Area"), _("Quote"), _("Department"), _("Due"), _("Status"), _("As of"),
         _("Percentage reported")),
        (
            (
                one["code"], say.title(one), say.name(one["area"]),
                hans_or_hant(one["quote"], one["quote_hant"]), say.department(one["department"]),
                _day(one["deadline"]), say.label(one), _day(one["as_of"]), one["percent"],
            )
            for one in facts["commitments"]
        ),
        (0, 1, 4, 5, 6, 7, 8),
    )  # fmt: skip
    yield _table(
        _("Nothing published"),
        (_("Department"), _("Code"), _("Item"), _("Last published"), _("Responsible since")),
        (
            (say.department(group["department"]), one["code"], say.title(one), _day(one["last"]),
             None if one["last"] else _day(one["since"]))
            for group in facts["quiet"]
            for one in group["rows"]
        ),
    )  # fmt: skip
    yield _table(
        _("Voices"),
        (
            _("Chapter"), _("Title"), _("Received"), _("Public"), _("Replied on time"), _("Reply due"),
            _("Solved"), _("Closed"), _("Satisfied"), _("Rated"), _("Satisfaction"), _("Open"), _("Overdue"),
        ),
        (
            (
                one["code"], say.title(one), one["received"], one["public"],
                *_parts(one["replied"]), *_parts(one["solved"]),
                *_parts(one["satisfied"]), Share(_number((one["satisfied"] or {}).get("share"))),
                one["open"], one["overdue"],
            )
            for one in facts["chapters"]
        ),
        (0, 1, 2, 4, 5, 8, 9, 10, 11, 12),
    )  # fmt: skip
    yield _table(
        _("Adjustments"),
        (_("Code"), _("Item"), _("What changes"), _("Before"), _("Now"), _("Reason"), _("Approving body"),
         _("Document number"), _("In force since")),
        (
            (
                one["code"], say.title(one), say.label(line), say.change(line, "old"), say.change(line, "new"),
                hans_or_hant(one["reason"], one["reason_hant"]), say.text(one["approving_body"]),
                one["document_number"], _day(one["in_force_on"]),
            )
            for one in facts["adjustments"]
            for line in one["lines"]
        ),
        (0, 1, 2, 3, 4, 6, 8),
    )  # fmt: skip
    yield _table(
        _("Earlier recommendations"),
        (_("Assessment"), _("No."), _("Recommendation"), _("Department"), _("Code"), _("Due"), _("Status"),
         _("What the department says"), _("Said on")),
        (
            (
                say.text(one["assessment_title"]), one["number"], say.text(one["text"]),
                say.department(one["department"]), one["item"], _day(one["due_on"]), say.label(one),
                say.text(one["said"] or ""), _day(one["said_on"]),
            )
            for one in facts["earlier"]
        ),
        (0, 2, 3, 5, 6, 7, 8),
    )  # fmt: skip
    yield _table(
        _("Departments’ parts"),
        (_("Department"), _("Handed in"), _("Self-assessment")),
        (
            *((say.department(one["department"]), say.moment_day(one["on"]), say.text(one["text"]))
              for one in page.document["parts"]),
            *((say.department(key), None, _("Not handed in")) for key in page.document["missing"]),
        ),
    )  # fmt: skip
    yield _table(
        _("Recommendations"),
        (_("No."), _("Recommendation"), _("Department"), _("Code"), _("Due")),
        (
            (one["number"], say.text(one["text"]), say.department(one["department"]), one["item"],
             _day(one["due_on"]))
            for one in page.document["recommendations"]
        ),
    )  # fmt: skip


def _about(page: PublicAssessment, say: Reader) -> Iterable[Sequence[Cell]]:
    row = page.row
    if is_demo():
        yield _("Note"), _("Sample data: not real")
    plan = page.facts["plan"]
    yield _("Title"), say.text(row.title)
    yield _("Plan"), chinese_or_english(plan["short_name"], plan["short_name_hant"], plan["short_name_en"])
    yield _("Kind of assessment"), _(row.kind_label)
    yield _("No."), row.number
    yield _("From day"), row.since
    yield _("To day"), row.until
    if row.assessor:
        yield _("Assessed by"), say.text(row.assessor)
    yield _("Introduction"), say.text(page.document["introduction"])
    for kind, label in (("indicator_counts", _("Indicators")), ("commitment_counts", _("Promises"))):
        for one in page.facts[kind]:
            yield f"{label} · {say.label(one)}", one["count"]
    yield _("Conclusion"), say.text(page.document["conclusion"])


def _seal(page: PublicAssessment) -> Iterable[Sequence[Cell]]:
    yield _("SHA-256 of what was published"), page.row.seal
    yield _("Published at (UTC)"), page.document["published_at"]
    yield _("Data gathered at (UTC)"), page.document["facts_at"]
    yield _("Shape of the data"), page.facts["version"]
    yield (
        _("How to check"),
        _("The operator of the site computes it anew with: flask civic verify-assessments"),
    )


def _indicator(one: Mapping[str, Any], title: str, department: str, say: Reader) -> tuple[Cell | Share, ...]:
    baseline, target, observed = one["baseline"], one["target"], one["observed"]
    return (
        one["code"],
        title,
        hans_or_hant(one["unit"], one["unit_hant"]),
        department,
        baseline["year"] if baseline else None,
        _typed(baseline),
        target["year"] if target else None,
        _typed(target),
        one["target_rate"],
        observed["year"] if observed else None,
        _number(observed["value"]) if observed else None,
        say.source(observed["source"]) if observed and observed["source"] else None,
        Share(_number(one["share"])),
        Share(_number(one["time_share"])),
        say.label(one),
        "\n".join(say.line(line) for line in one["calculation"]),
    )


def _typed(cell: Mapping[str, Any] | None) -> Cell:
    """A printed value as a number where the print is nothing but one; with its words otherwise."""
    if cell is None:
        return None
    value = _number(cell["value"])
    text: str = cell["text"]
    return value if value is not None and text == cell["value"] else text


def _parts(rate: Mapping[str, Any] | None) -> tuple[Cell, Cell]:
    """Both numbers of a rate; empty where it isn't published."""
    return (rate["part"], rate["whole"]) if rate else (None, None)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
