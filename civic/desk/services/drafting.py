"""A draft that begins with a template filled in from its case, where nobody has written one yet."""

from __future__ import annotations

from datetime import datetime

from civic.cases import services as cases
from civic.cases.queries import case_page
from civic.cases.services import State
from civic.core.actor import Actor
from civic.core.errors import N_, NotAllowed
from civic.desk.services.templates import note_beginning
from civic.desk.templates import filled_in, templates_for
from civic.plans import queries as plans


def draft_from_template(actor: Actor, case_id: int, version: int, now: datetime, template_id: int) -> State:
    """Save the template as the draft of a case that has none.

    Raises :class:`NotAllowed` where there is a draft already, or the template isn't for such a case.
    """
    case = case_page(actor, case_id, now)
    if case.draft is not None:
        raise NotAllowed(N_("There is a draft already; nothing was written over."), code="has_draft")
    fitting = templates_for(case.department_id, case.kind)
    row = next((row for row in fitting if row.id == template_id), None)
    if row is None:
        raise NotAllowed(N_("This template isn't for cases of this kind or department."), code="does_not_fit")
    item = plans.item_ref(case.item_id) if case.item_id else None
    text = filled_in(row, case, item, actor, now)
    state = cases.draft_reply(actor, case_id, version, text, now, resolution=row.resolution)
    note_beginning(actor, case_page(actor, case_id, now), item, row.mark, now)
    return state
