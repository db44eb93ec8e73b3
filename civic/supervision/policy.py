"""Who may read supervision: deputies, auditors, and those who answer for a department's figures."""

from __future__ import annotations

from civic.core.actor import Actor, ActorKind, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused
from civic.supervision.rules.opinions import OpinionAction, OpinionFacts, Party, refusal

READERS = (Role.DEPUTY, Role.AUDITOR, Role.DISPATCHER, Role.LEAD)
"""Figures hold no contact and no text; a lead may see how the own department compares."""


def can_read_summary(actor: Actor) -> Decision:
    """Whether the actor may open a summary and the lists behind its figures."""
    if actor.has(*READERS):
        return ALLOWED
    return refused(
        N_("Supervision summaries are for deputies, auditors, the dispatcher and departments' leads.")
    )


def can_seal(actor: Actor) -> Decision:
    """Periods are sealed by the platform itself: by the worker, or on the command line for one that was missed."""
    if actor.kind is ActorKind.SYSTEM:
        return ALLOWED
    return refused(N_("Periods are sealed by the platform itself."))


ASSESSMENT_READERS = (Role.EDITOR, Role.DEPUTY, Role.AUDITOR)
"""Who reads an assessment before it is published: those who write it and those who watch."""


def can_read_assessments(actor: Actor) -> Decision:
    """Whether the actor may read assessments that aren't published yet."""
    if actor.has(*ASSESSMENT_READERS):
        return ALLOWED
    return refused(N_("Open assessments are for editors, deputies and auditors."))


def can_write_assessment(actor: Actor) -> Decision:
    """Editors open, write and publish assessments."""
    if actor.has(Role.EDITOR):
        return ALLOWED
    return refused(N_("Only an editor writes assessments."))


def can_approve_assessment(actor: Actor, written_by: int | None) -> Decision:
    """Another editor than the one who changed it last: two people stand behind every assessment."""
    decision = can_write_assessment(actor)
    if decision and written_by is not None and written_by == actor.account_id:
        return refused(N_("You changed this assessment last: another editor has to approve it."))
    return decision


def can_write_part(actor: Actor, department_id: int) -> Decision:
    """A department's own people write its self-assessment."""
    if actor.has_in(department_id, Role.HANDLER, Role.LEAD):
        return ALLOWED
    return refused(N_("Only the department itself writes its self-assessment."))


def can_speak_for(actor: Actor, department_id: int) -> Decision:
    """The department's lead decides what it hands in and what it says about recommendations."""
    if actor.has_in(department_id, Role.LEAD):
        return ALLOWED
    return refused(N_("Only the lead of the department hands this in."))


OPINION_READERS = (Role.DEPUTY, Role.AUDITOR)
"""Who reads every opinion that was sent. A department's people read those to it, at the desk."""
ANSWERERS = (Role.HANDLER, Role.LEAD)


def opinion_parties(actor: Actor, facts: OpinionFacts, *, has_left: bool) -> frozenset[Party]:
    """In which capacities the actor meets an opinion; a department meets it once it was sent, and so does another
    deputy where the opinion's own one ``has_left``."""
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({Party.SYSTEM})
    found: set[Party] = set()
    if actor.account_id == facts.deputy_id and actor.has(Role.DEPUTY):
        found.add(Party.DEPUTY)
    if facts.rounds:
        if has_left and actor.account_id != facts.deputy_id and actor.has(Role.DEPUTY):
            found.add(Party.SUCCESSOR)
        if actor.has_in(facts.department_id, *ANSWERERS):
            found.add(Party.HANDLER)
        if actor.has_in(facts.department_id, Role.LEAD):
            found.add(Party.LEAD)
    return frozenset(found)


def can_write_opinions(actor: Actor) -> Decision:
    """Deputies write opinions."""
    if actor.has(Role.DEPUTY):
        return ALLOWED
    return refused(N_("Only deputies write opinions."))


def can_read_opinions(actor: Actor) -> Decision:
    """Whether the actor reads all opinions that were sent."""
    if actor.has(*OPINION_READERS):
        return ALLOWED
    return refused(N_("Opinions are for deputies and auditors; a department reads those to it."))


def can_answer_opinions(actor: Actor) -> Decision:
    """Whether the actor works in a department that gets opinions."""
    if actor.has(*ANSWERERS):
        return ALLOWED
    return refused(N_("Opinions are answered by departments."))


def can_act_on_opinion(
    actor: Actor, action: OpinionAction, facts: OpinionFacts, *, has_left: bool
) -> Decision:
    """Whether the actor may do ``action`` with this opinion now, and if not, why."""
    parties = opinion_parties(actor, facts, has_left=has_left)
    reason = refusal(facts, action, parties, actor.account_id)
    return refused(reason) if reason else ALLOWED
