"""The sheets that can be filled in: their columns, and template files with the codes to use."""

from __future__ import annotations

from flask_babel import gettext as _

from civic.plans import queries as plans
from civic.progress.rules.reported import COLUMNS, REQUIRED
from civic.progress.rules.targets import TARGET_COLUMNS, TARGET_REQUIRED
from civic.progress.sheets import Columns, template_workbook
from civic.web.locale import hans_or_hant

VALUES = Columns(COLUMNS, REQUIRED)
TARGETS = Columns(TARGET_COLUMNS, TARGET_REQUIRED)


def values_workbook() -> bytes:
    """An empty workbook for values, with what each column means and the indicators of the published plans."""
    meanings = {
        "indicator": _("Code of the indicator, as T2-01; the sheet “indicators” lists them."),
        "year": _("Year the value stands for, as 2023."),
        "value": _("A plain number, such as 645.87."),
        "unit": _("The indicator’s unit, as the sheet “indicators” has it."),
        "about": _("“indicator” (or empty), or “reference” for the value that the target refers to."),
        "cumulative": _("“yes” if it is the sum of all years since the plan began."),
        "basis_changed": _("“yes” if the statistical basis has changed and the unit is another."),
        "source_title": _("Title of the report or document."),
        "source_link": _("Web address of the source."),
        "source_document": _("Number or name of the document, if it has no web address."),
        "source_date": _("Date of the source, as 2024-03-31."),
        "note": _("Note for readers."),
    }
    return template_workbook(VALUES, meanings, known_indicators())


def targets_workbook() -> bytes:
    """An empty workbook for targets of single years."""
    meanings = {
        "indicator": _("Code of the indicator, as T2-01; the sheet “indicators” lists them."),
        "year": _("Year the target is set for, as 2023."),
        "target": _("As the document prints it: 650, 650左右, <25; [3.5] for a sum since the plan began."),
        "as_rate": _("“yes” if it is growth in percent over the year before."),
        "document_title": _("Title of the document that sets it."),
        "document_number": _("Its number."),
        "link": _("Its web address."),
        "date": _("Its date, as 2024-03-31."),
        "note": _("Note for readers."),
    }
    return template_workbook(TARGETS, meanings, known_indicators())


def known_indicators() -> list[tuple[str, ...]]:
    """Plan, code, name and unit of every indicator that can be named in a sheet, under a header."""
    head = (_("Plan"), _("Code"), _("Indicator"), _("Unit"))
    rows = [
        (plan.slug, row.ref.code, hans_or_hant(row.ref.title, row.ref.title_hant), row.unit)
        for plan in plans.plans()
        for row in plans.document(plan.slug).indicators
    ]
    return [head, *rows]
