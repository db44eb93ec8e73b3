"""The tables of progress. What was published is never edited: a correction is a new row that points to the old."""

from civic.progress.models.adjustments import Adjustment
from civic.progress.models.observations import ObservationRow
from civic.progress.models.targets import AnnualTargetRow, BudgetRow
from civic.progress.models.updates import ProgressUpdate, UpdateScript

__all__ = ["Adjustment", "AnnualTargetRow", "BudgetRow", "ObservationRow", "ProgressUpdate", "UpdateScript"]
