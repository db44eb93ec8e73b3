"""A published assessment as an Excel workbook: one sheet per table, typed cells, definitions, and the seal.

The same assessment in the same language always gives the same bytes: the only date inside is that of publication.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from civic.supervision.exports import cell_text
from civic.supervision.queries import PublicAssessment
from civic.supervision.reading import DEFINITIONS, Reader, reader
from civic.web.caching import is_demo
from civic.web.locale import chinese_or_english, hans_or_hant

Cell = str | int | Decimal | date | None
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, shown as a percentage."""

    value: Decimal | None


def workbook_of(page: PublicAssessment) -> bytes:
    """The whole assessment in the reader's language."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    published = page.row.published_at or datetime(2000, 1, 1, tzinfo=UTC)
    book.set_properties({
        "title": page.row.title,
        "author": "",
        "created": published.astimezone(UTC).replace(tzinfo=None, microsecond=0),
    })  # fmt: skip
    formats = _Formats(
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        book.add_format({"num_format": "0.0%", "valign": "top"}),
        book.add_format({"num_format": "General", "valign": "top"}),
    )
    for name, head, rows in _sheets(page):
        _write(book.add_worksheet(name[:31]), head, list(rows), formats)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    head: Format
    text: Format
    day: Format
    share: Format
    number: Format


def _write(
    sheet: Worksheet, head: Sequence[str], rows: Sequence[Sequence[Cell | Share]], formats: _Formats
) -> None:
    widths = [len(label) * 2 for label in head]
    for column, label in enumerate(head):
        sheet.write_string(0, column, label, formats.head)
    for line, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            _cell(sheet, line, column, cell, formats)
            if isinstance(cell, str):
                widths[column] = max(widths[column], min(2 * len(cell), WIDEST))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, max(10, min(width + 2, WIDEST)))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cell(sheet: Worksheet, line: int, column: int, cell: Cell | Share, formats: _Formats) -> None:
    if isinstance(cell, Share):
        if cell.value is not None:
            sheet.write_number(line, column, float(cell.value), formats.share)
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, formats.day)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(line, column, float(cell), formats.number)
    elif cell:
        sheet.write_string(line, column, cell_text(cell), formats.text)


Table = tuple[str, Sequence[str], Iterable[Sequence[Cell | Share]]]


def _sheets(page: PublicAssessment) -> Iterable[Table]:
    facts, say = page.facts, reader(page)
    yield _("Assessment"), (_("What"), _("Content")), _about(page, say)
    yield (
        _("Indicators"),
        (
            _("Code"), _("Indicator"), _("Unit"), _("Department"), _("Baseline year"), _("Baseline"),
            _("Target year"), _("Target"), _("Growth a year"), _("Year judged"), _("Observed"), _("Source"),
            _("Way covered"), _("Time passed"), _("Status"), _("Calculation"),
        ),
        (_indicator(one, say.title(one), say.department(one["department"]), say) for one in facts["indicators"]),
    )  # fmt: skip
    yield (
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
    )  # fmt: skip
    yield (
        _("Nothing published"),
        (_("Department"), _("Code"), _("Item"), _("Last published"), _("Responsible since")),
        (
            (say.department(group["department"]), one["code"], say.title(one), _day(one["last"]),
             None if one["last"] else _day(one["since"]))
            for group in facts["quiet"]
            for one in group["rows"]
        ),
    )  # fmt: skip
    yield (
        _("Voices"),
        (
            _("Chapter"), _("Title"), _("Received"), _("Public"), _("Replied on time"), _("Reply due"),
            _("Solved"), _("Closed"), _("Satisfied"), _("Rated"), _("Satisfaction"), _("Open"), _("Overdue"),
        ),
        (
            (
                one["code"], say.title(one), one["received"], one["public"],
                one["replied"]["part"], one["replied"]["whole"], one["solved"]["part"], one["solved"]["whole"],
                one["satisfied"]["part"], one["satisfied"]["whole"], Share(_number(one["satisfied"]["share"])),
                one["open"], one["overdue"],
            )
            for one in facts["chapters"]
        ),
    )  # fmt: skip
    yield (
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
    )  # fmt: skip
    yield (
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
    )  # fmt: skip
    yield (
        _("Departments’ parts"),
        (_("Department"), _("Handed in"), _("Self-assessment")),
        (
            *((say.department(one["department"]), say.moment_day(one["on"]), say.text(one["text"]))
              for one in page.document["parts"]),
            *((say.department(key), None, _("Not handed in")) for key in page.document["missing"]),
        ),
    )  # fmt: skip
    yield (
        _("Recommendations"),
        (_("No."), _("Recommendation"), _("Department"), _("Code"), _("Due")),
        (
            (one["number"], say.text(one["text"]), say.department(one["department"]), one["item"],
             _day(one["due_on"]))
            for one in page.document["recommendations"]
        ),
    )  # fmt: skip
    yield _("Definitions"), (_("Term"), _("Meaning")), ((_(term), _(text)) for term, text in DEFINITIONS)
    yield _("Seal"), (_("What"), _("Content")), _seal(page)


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


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
