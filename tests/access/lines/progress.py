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
    staff("progress.targets", editor=200),
    staff("progress.new_target", editor=200),
    staff("progress.new_target", method="POST", editor=422),
    staff("progress.targets_template", editor=200),
    staff("progress.targets_template_workbook", editor=200),
    staff("progress.import_targets", editor=200),
    staff("progress.import_targets", method="POST", editor=422),
    staff("progress.apply_targets", method="POST", editor=422),
    staff("progress.budgets", editor=200),
    staff("progress.new_budget", editor=200),
    staff("progress.new_budget", method="POST", editor=422),
]
