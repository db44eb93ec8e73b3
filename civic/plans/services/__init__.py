"""What can be done with plans: import, publish, say who answers for what."""

from civic.plans.services.duties import Duty, NewCommitment, load_commitments, load_responsibilities
from civic.plans.services.finished import import_finished_plan
from civic.plans.services.importing import (
    Diff,
    PlanImported,
    PlanSpec,
    import_plan,
    read_period,
    source_hash,
    spec_for,
)
from civic.plans.services.publishing import publish_plan

__all__ = [
    "Diff",
    "Duty",
    "NewCommitment",
    "PlanImported",
    "PlanSpec",
    "import_finished_plan",
    "import_plan",
    "load_commitments",
    "load_responsibilities",
    "publish_plan",
    "read_period",
    "source_hash",
    "spec_for",
]
