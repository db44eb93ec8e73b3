"""Whoever comes too late: the case is with another department by now."""

from __future__ import annotations

from datetime import datetime

from civic.cases import queries as cases
from civic.core.actor import Actor
from civic.core.errors import N_, NotFound, Stale
from civic.desk.queries import DeskCase, desk_case
from civic.web.filters import minute


def case_to_open(actor: Actor, reference: str, now: datetime) -> DeskCase:
    """The case that somebody wants to read.

    Raises :class:`Stale` for whoever worked for the department that had it before, :class:`NotFound` for everyone
    else.
    """
    gone = N_("This case is no longer with your department: it was passed on at %(time)s.")
    return _unless_passed_on(actor, reference, now, gone)


def case_to_change(actor: Actor, reference: str, now: datetime) -> DeskCase:
    """The case that a form was sent for; raises like :func:`case_to_open`."""
    gone = N_("This case is no longer with your department: it was passed on at %(time)s. Nothing was saved.")
    return _unless_passed_on(actor, reference, now, gone)


def _unless_passed_on(actor: Actor, reference: str, now: datetime, gone: str) -> DeskCase:
    try:
        return desk_case(actor, reference, now)
    except NotFound:
        left_at = cases.passed_on_at(actor, cases.case_id_of(reference) or 0)
        if left_at is None:
            raise
        raise Stale(gone, code="passed_on", time=minute(left_at)) from None
