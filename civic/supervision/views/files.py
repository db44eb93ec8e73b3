"""Reports as files: what writes them is read only when somebody asks for one."""

from __future__ import annotations

from enum import StrEnum

from flask import Response

from civic.supervision.reports.layout import Report


class Format(StrEnum):
    """As what a report can be taken along; the value is the ending of its name."""

    XLSX = "xlsx"
    DOCX = "docx"


MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def report_file(report: Report, wanted: Format, name: str) -> Response:
    """The report to be saved under ``name`` and the ending of its format."""
    return Response(
        _written(report, wanted),
        content_type=MEDIA_TYPES[wanted],
        headers={"Content-Disposition": f'attachment; filename="{name}.{wanted.value}"'},
    )


def _written(report: Report, wanted: Format) -> bytes:
    if wanted is Format.XLSX:
        from civic.supervision.reports.xlsx import workbook_of

        return workbook_of(report)
    from civic.supervision.reports.docx import document_of

    return document_of(report)
