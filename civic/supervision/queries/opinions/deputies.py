"""Which deputies are still here: an account that is deactivated or lost the role can't go on with its opinions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, not_, or_

from civic.accounts.queries import accounts_with
from civic.core.actor import Role
from civic.supervision.models import Opinion
from civic.supervision.rules.opinions import OpinionStatus


def has_left(deputy_id: int | None) -> bool:
    """Whether the deputy of an opinion isn't one any more; one query."""
    return deputy_id not in _present()


def left_waiting() -> ColumnElement[bool]:
    """Opinions of deputies who have left that wait for a deputy: for a rating, or for agreement to publication that
    the department has given."""
    rated = and_(
        Opinion.status == OpinionStatus.CLOSED.value, Opinion.department_agrees, not_(Opinion.deputy_agrees)
    )
    here = Opinion.deputy_id.in_(_present())
    return and_(
        or_(Opinion.deputy_id.is_(None), not_(here)),
        or_(Opinion.status == OpinionStatus.DELIVERED.value, rated),
    )


def _present() -> frozenset[int]:
    return frozenset(one.id for one in accounts_with(Role.DEPUTY))
