"""The page of warnings."""

from __future__ import annotations

from flask import render_template, request

from civic.core.clock import now
from civic.core.errors import N_
from civic.supervision import queries
from civic.supervision.forms import read_warning_filter
from civic.supervision.queries import Tally
from civic.supervision.rules.warning_rules import RULE_LABELS
from civic.supervision.rules.warnings import SEVERITY_LABELS
from civic.supervision.views.summary import READERS, bp
from civic.web.access import access, current_actor

LIST_LABELS = {
    "received": N_("The messages that came"),
    "rated": N_("The rated answers"),
    "reply_due": N_("The cases whose reply was due"),
}
"""What the link to the list behind a figure says."""


@bp.get("/warnings")
@access(*READERS)
def warnings() -> str:
    """What the rules warn of now, by department, each with its reason."""
    page = queries.warnings_page(
        current_actor(), read_warning_filter(request.args), request.args.get("after"), now()
    )
    return render_template(
        "supervision/staff/warnings.html",
        page=page,
        rule_labels=RULE_LABELS,
        severity_labels=SEVERITY_LABELS,
        list_labels=LIST_LABELS,
    )


@bp.app_template_global()
def warnings_now() -> Tally:
    """How many warnings there are, for other pages of supervision."""
    return queries.warning_tally(current_actor(), now())
