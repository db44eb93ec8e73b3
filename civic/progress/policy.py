"""Who may say what has come of the plan."""

from __future__ import annotations

from collections.abc import Iterable

from civic.core.actor import Actor, ActorKind, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused
from civic.plans.queries import ResponsibilityRow


def can_record_observation(actor: Actor) -> Decision:
    """Editors publish values of indicators; so does the operator on the command line."""
    if actor.kind is ActorKind.SYSTEM or actor.has(Role.EDITOR):
        return ALLOWED
    return refused(N_("Only an editor may publish values of indicators."))


def can_adjust(actor: Actor) -> Decision:
    """Editors announce and record adjustments; so does the operator who loads a changed document."""
    if actor.kind is ActorKind.SYSTEM or actor.has(Role.EDITOR):
        return ALLOWED
    return refused(N_("Only an editor may adjust a plan."))


def reporting_department(actor: Actor, duties: Iterable[ResponsibilityRow]) -> int | None:
    """For which department the actor reports on an item: the one that leads it, else one that supports it."""
    return next((d.department_id for d in duties if can_report(actor, d.department_id)), None)


def can_report(actor: Actor, department_id: int) -> Decision:
    """A department's own people write its reports."""
    if actor.has_in(department_id, Role.HANDLER, Role.LEAD):
        return ALLOWED
    return refused(N_("Only the department itself reports on its items."))


def can_lead_reports(actor: Actor, department_id: int) -> Decision:
    """The department's lead decides what it publishes."""
    if actor.has_in(department_id, Role.LEAD):
        return ALLOWED
    return refused(N_("Only the lead of the department approves its reports."))


def can_approve_report(actor: Actor, department_id: int, drafted_by: int | None) -> Decision:
    """The department's lead, and never for words of his own: two people stand behind every report."""
    decision = can_lead_reports(actor, department_id)
    if decision and drafted_by is not None and drafted_by == actor.account_id:
        return refused(N_("You wrote this report yourself: somebody else has to approve it."))
    return decision


def can_record_budget(actor: Actor) -> Decision:
    """Editors publish money of projects; so does the operator on the command line."""
    if actor.kind is ActorKind.SYSTEM or actor.has(Role.EDITOR):
        return ALLOWED
    return refused(N_("Only an editor may publish amounts of projects."))
