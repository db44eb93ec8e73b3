"""What the pages that take sheets have in common: plans and indicators to choose, answers in words, downloads."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic.plans import queries as plans
from civic.progress.rules.reported import Problem
from civic.progress.sheets import Columns, template_csv
from civic.web.locale import chinese_or_english, hans_or_hant

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Answer = str | tuple[str, int] | Response


def say(problem: Problem) -> str:
    """What is wrong with a row, in the reader's language."""
    return str(_(problem.text, **problem.params))


def plan_choices() -> list[tuple[str, str]]:
    """The published plans as (slug, name)."""
    return [
        (plan.slug, chinese_or_english(plan.short_name, plan.short_name_hant, plan.short_name_en))
        for plan in plans.plans()
    ]


def indicator_choices() -> list[tuple[str, str]]:
    """The indicators of the published plans as (plan/code, name)."""
    return [
        (f"{plan.slug}/{row.ref.code}", f"{row.ref.code} {hans_or_hant(row.ref.title, row.ref.title_hant)}")
        for plan in plans.plans()
        for row in plans.document(plan.slug).indicators
    ]


def project_choices() -> list[tuple[str, str]]:
    """The projects of the published plans as (plan/code, name)."""
    return [
        (f"{plan.slug}/{row.ref.code}", f"{row.ref.code} {hans_or_hant(row.ref.title, row.ref.title_hant)}")
        for plan in plans.plans()
        for row in plans.document(plan.slug).projects
    ]


def csv_file(name: str, columns: Columns) -> FlaskResponse:
    """An empty sheet as CSV, with the mark by which Excel knows UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return FlaskResponse("\ufeff" + template_csv(columns), mimetype="text/csv", headers=headers)


def xlsx_file(name: str, content: bytes) -> FlaskResponse:
    """A workbook to download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return FlaskResponse(content, mimetype=XLSX, headers=headers)
