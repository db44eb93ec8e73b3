"""Values of indicators: editors only."""

from __future__ import annotations

from tests.access.matrix import staff

LINES = [
    staff("progress.values", editor=200),
    staff("progress.new_value", editor=200),
    staff("progress.new_value", method="POST", editor=422),
    staff("progress.values_template", editor=200),
    staff("progress.values_template_workbook", editor=200),
    staff("progress.import_values", editor=200),
    staff("progress.import_values", method="POST", editor=422),
    staff("progress.apply_values", method="POST", editor=422),
]
