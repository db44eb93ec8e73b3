"""What can be done with plans: import, publish, say who answers for what."""

from civic.plans.services.changing import (
    change_deadline,
    change_item,
    change_target,
    change_text,
    change_title,
    check_quote,
    read_target,
)
from civic.plans.services.diffs import Diff
from civic.plans.services.duties import Duty, NewCommitment, load_commitments, load_responsibilities
from civic.plans.services.editing import (
    add_commitment,
    can_edit_plan,
    change_plan_data,
    commitment_values,
    item_values,
    plan_values,
    register_plan_data,
    responsible_values,
    withdraw_plan_change,
)
from civic.plans.services.finished import import_finished_plan
from civic.plans.services.gate import Approval, Change, Ledger, Place, differing, register_ledger
from civic.plans.services.importing import (
    PlanSpec,
    import_plan,
    read_period,
    source_hash,
    spec_for,
)
from civic.plans.services.items import PlacesChanged
from civic.plans.services.passing import item_holdings, move_responsibilities
from civic.plans.services.publishing import publish_plan
from civic.plans.services.series import Predecessor, link_series
from civic.plans.services.summarising import NewSummary, publish_plain_summary

__all__ = [
    "Approval",
    "Change",
    "Diff",
    "Duty",
    "Ledger",
    "NewCommitment",
    "NewSummary",
    "Place",
    "PlacesChanged",
    "PlanSpec",
    "Predecessor",
    "add_commitment",
    "can_edit_plan",
    "change_deadline",
    "change_item",
    "change_plan_data",
    "change_target",
    "change_text",
    "change_title",
    "check_quote",
    "commitment_values",
    "differing",
    "import_finished_plan",
    "import_plan",
    "item_holdings",
    "item_values",
    "link_series",
    "load_commitments",
    "load_responsibilities",
    "move_responsibilities",
    "plan_values",
    "publish_plain_summary",
    "publish_plan",
    "read_period",
    "read_target",
    "register_ledger",
    "register_plan_data",
    "responsible_values",
    "source_hash",
    "spec_for",
    "withdraw_plan_change",
]
