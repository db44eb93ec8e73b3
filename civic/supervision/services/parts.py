"""The self-assessment of a department: its people write, its lead hands in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid, NotFound, Stale
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.supervision import policy
from civic.supervision.models import Assessment, AssessmentPart
from civic.supervision.rules.assessments import LONGEST_PROSE, AssessmentState

SHORTEST = 10


def save_part(
    actor: Actor,
    assessment_id: int,
    department_key: str,
    version: int,
    text: str,
    now: datetime,
    *,
    hand_in: bool,
) -> None:
    """Save the department's part; ``hand_in`` lays it before the editor, which only its lead does.

    Saving without handing in takes back what was handed in, so that nothing is published unseen. Raises
    NotFound (for everybody else), NotAllowed, :class:`Invalid`, :class:`Stale`.
    """
    department_id = departments.department_ids().get(department_key)
    if department_id is None or not policy.can_write_part(actor, department_id):
        raise NotFound(N_("There is no such assessment."))
    if hand_in:
        policy.can_speak_for(actor, department_id).require()
    # The assessment is locked first: an approval waits for this part, or this part comes too late.
    state = db.session.scalar(
        select(Assessment.state).where(Assessment.id == assessment_id).with_for_update(of=Assessment)
    )
    query = select(AssessmentPart).where(
        AssessmentPart.assessment_id == assessment_id, AssessmentPart.department_id == department_id
    )
    part: AssessmentPart | None = db.session.scalar(
        query.with_for_update(of=AssessmentPart).execution_options(populate_existing=True)
    )
    if part is None or state is None or state == AssessmentState.DISCARDED.value:
        raise NotFound(N_("There is no such assessment."))
    if state != AssessmentState.OPEN.value:
        raise Stale(N_("The assessment is approved; nothing can be handed in any more."), code="closed")
    if part.version != version:
        raise Stale(N_("Somebody of your department has saved in the meantime."), code="stale")
    words = text.strip()
    if len(words) > LONGEST_PROSE:
        raise Invalid(N_("This is too long: at most %(most)s characters."), field="text", most=LONGEST_PROSE)
    if hand_in and len(words) < SHORTEST:
        raise Invalid(N_("Please write a sentence: at least %(n)s characters."), field="text", n=SHORTEST)
    part.text, part.written_by = words, actor.account_id
    part.version += 1
    part.submitted_by, part.submitted_at = (actor.account_id, now) if hand_in else (None, None)
    action = "assessment.hand_in" if hand_in else "assessment.part"
    record(actor, action, "assessment", assessment_id, now, department=department_key, version=part.version)
    db.session.flush()
