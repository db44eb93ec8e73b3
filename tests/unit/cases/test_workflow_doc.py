"""docs/workflow.md says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic.cases.rules import DEFINITIONS, Measure
from civic.cases.workflow_doc import with_tables

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "workflow.md"


def test_the_workflow_document_is_current() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_tables(text) == text, "run: flask civic workflow-table"


def test_every_measure_is_defined() -> None:
    assert set(DEFINITIONS) == set(Measure)


def test_a_document_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        with_tables("# Nothing here")
