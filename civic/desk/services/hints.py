"""Setting aside what was pointed out about a reply: recorded, so that whoever approves knows it was seen."""

from __future__ import annotations

from datetime import datetime

from civic.cases.queries import CasePage
from civic.cases.rules import HintCode
from civic.core import audit
from civic.core.actor import Actor
from civic.core.errors import N_, NotAllowed
from civic.desk.quality import SET_ASIDE, concerns


def set_hint_aside(actor: Actor, case: CasePage, code: HintCode, now: datetime) -> None:
    """Say that a hint does not apply to the present round of this case."""
    if not concerns(case):
        raise NotAllowed(N_("Your role does not allow this."))
    audit.record(actor, SET_ASIDE, "case", case.case_id, now, code=code.value, round=case.round_number)
