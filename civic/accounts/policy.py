"""Who may do what with accounts. Templates and services ask the same functions."""

from __future__ import annotations

from civic.accounts.rules import TOLD_OF_WORK
from civic.core.actor import Actor, ActorKind, Role
from civic.core.errors import N_
from civic.core.policy import ALLOWED, Decision, refused

_ADMIN_ONLY = N_("Only an administrator can do this.")


def _runs_the_accounts(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM or actor.has(Role.ADMIN)


def can_manage_accounts(actor: Actor) -> Decision:
    """See the accounts and create new ones: administrators, and the command line."""
    return ALLOWED if _runs_the_accounts(actor) else refused(_ADMIN_ONLY)


def can_change_account(actor: Actor, account_id: int) -> Decision:
    """Roles, activity and password links of *another* account: nobody gives himself a role.

    It also keeps the last administrator from locking everyone out.
    """
    if not _runs_the_accounts(actor):
        return refused(_ADMIN_ONLY)
    if actor.account_id == account_id:
        return refused(N_("Another administrator has to change your account."))
    return ALLOWED


def can_revoke_sessions(actor: Actor, account_id: int) -> Decision:
    """An administrator everyone's, each person their own."""
    if _runs_the_accounts(actor) or (actor.is_staff and actor.account_id == account_id):
        return ALLOWED
    return refused(_ADMIN_ONLY)


def can_choose_digest(actor: Actor) -> Decision:
    """Whoever has work at the desk, for themselves."""
    if actor.is_staff and actor.has(*TOLD_OF_WORK):
        return ALLOWED
    return refused(N_("Only whoever has work at the desk is written to about it."))


def can_see_absences(actor: Actor, department_id: int) -> Decision:
    """Who is away is known to those who work in the department, and to nobody else."""
    if actor.has_in(department_id, Role.HANDLER, Role.LEAD):
        return ALLOWED
    return refused(N_("Only colleagues of the department see this."))


def can_enter_absence(actor: Actor, account_id: int, department_id: int) -> Decision:
    """Everyone one's own, a lead that of everybody in the department: who falls ill can't do it."""
    own = actor.account_id == account_id and actor.has_in(department_id, Role.HANDLER, Role.LEAD)
    if own or actor.has_in(department_id, Role.LEAD):
        return ALLOWED
    return refused(N_("Your own absence is yours to enter; a colleague's is the lead's."))


def can_request_second_factor_reset(actor: Actor, account_id: int) -> Decision:
    """An administrator, for somebody else, in person: the command line can't be the first pair of eyes."""
    if not actor.has(Role.ADMIN):
        return refused(_ADMIN_ONLY)
    if actor.account_id == account_id:
        return refused(N_("Another administrator has to change your account."))
    return ALLOWED


def can_confirm_second_factor_reset(actor: Actor, account_id: int, requested_by: int) -> Decision:
    """A second administrator: neither the one who asked nor the account's owner."""
    if not actor.has(Role.ADMIN):
        return refused(_ADMIN_ONLY)
    if actor.account_id in (requested_by, account_id):
        return refused(N_("A second administrator has to confirm this."))
    return ALLOWED


def can_read_audit(actor: Actor) -> Decision:
    """The trail of who did what: auditors and administrators."""
    if actor.has(Role.AUDITOR, Role.ADMIN):
        return ALLOWED
    return refused(N_("Your role has no access to this page."))
