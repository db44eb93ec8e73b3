"""What is sealed of opinions, and what is taken along of it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from docx import Document
from flask import Flask
from openpyxl import load_workbook

from civic.supervision.queries.opinions import OpinionFigure
from tests.integration.supervision.chamber import TITLE, Chamber


def ran(app: Flask, *arguments: str) -> str:
    found = app.test_cli_runner().invoke(args=["civic", *arguments])
    assert found.exit_code == 0, found.output
    return found.output


def opinions_are_sealed_and_taken_along(c: Chamber) -> None:
    """Command, table, sealed data, workbook and Word file say the same of each month."""
    for number, month in enumerate(("2026-09", "2026-10", "2026-11"), start=1):
        ran(c.app, "seal-period", month)
        sealed = json.loads(c.read("auditor", f"/supervision/snapshots/{number}.json"))["opinions"]
        said = json.loads(ran(c.app, "summary", "--period", month, "--json"))["opinions"]
        assert set(said["definitions"]) == set(OpinionFigure)
        assert counts_only(said["total"]) == sealed["total"]
        assert [row["key"] for row in said["departments"]] == [row["key"] for row in sealed["departments"]]
        lines = list(
            csv.reader(c.read("auditor", f"/en/supervision/summary.csv?period={month}").splitlines())
        )
        by_name = dict(zip(lines[0], lines[-1], strict=True))
        answered = sealed["total"]["answered"]
        assert by_name["Opinions given"] == str(sealed["total"]["given"])
        assert by_name["Opinions answered on time"] == str(answered["part"])
        book = load_workbook(io.BytesIO(c.get("auditor", f"/en/supervision/snapshots/{number}.xlsx").data))
        sheet = list(book["Opinions of deputies by departm"].iter_rows())
        total = {head.value: cell for head, cell in zip(sheet[0], sheet[-1], strict=True)}
        assert total["Opinions given"].value == sealed["total"]["given"]
        assert total["Opinions due"].value == answered["whole"]
        for cell in total.values():
            if cell.hyperlink:
                assert f'data-total="{cell.value}"' in c.read(
                    "auditor", cell.hyperlink.target.partition(":8000")[2]
                )
        defined = {row[0].value for row in book["Definitions"].iter_rows(min_row=2)}
        assert {head.value for head in sheet[0][1:] if ": " not in head.value} <= defined
    [listed] = sealed["listed"]
    assert (listed["serial"], listed["answered"], listed["rounds"], listed["rating"]) == (
        3, "2026-11-03", 2, "satisfied",
    )  # fmt: skip
    page = c.read("auditor", "/supervision/snapshots/3")
    assert "督办〔2026〕3号" in page
    assert TITLE not in page, "facts, no text"
    assert "figure=given" not in c.read("lead", "/supervision/snapshots/1"), (
        "a lead reads no lists of opinions"
    )
    word = Document(io.BytesIO(c.get("auditor", "/supervision/snapshots/3.docx").data))
    assert any(
        "督办〔2026〕3号" in cell.text for table in word.tables for row in table.rows for cell in row.cells
    )
    narrowed = json.loads(ran(c.app, "summary", "--period", "2026-10", "--kind", "suggestion", "--json"))
    assert narrowed["opinions"] is None, "an opinion has no kind"
    assert ran(c.app, "verify-snapshots").endswith("3 sealed, 0 broken\n")


def counts_only(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"part": value["part"], "whole": value["whole"]} if isinstance(value, dict) else value
        for name, value in row.items()
    }
