"""What somebody said of cases that look alike: they are not one matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import select

from civic.cases import queries as cases
from civic.core import audit
from civic.core.actor import Actor, Role
from civic.core.errors import N_, NotAllowed, NotFound
from civic.core.extensions import db
from civic.desk.models import KeptApart

MOST = 50


def keep_apart(actor: Actor, references: Sequence[str], now: datetime) -> None:
    """Never suggest any two of these cases as one matter again. Raises NotAllowed, NotFound."""
    if not actor.has(Role.DISPATCHER):
        raise NotAllowed(N_("Only the dispatcher decides this."))
    ids = sorted({case_id for one in references[:MOST] if (case_id := cases.case_id_of(one)) is not None})
    if len(ids) < 2:
        raise NotFound(N_("There is no such case."), code="no_case")
    known = select(KeptApart.first_id, KeptApart.second_id).where(KeptApart.first_id.in_(ids))
    said = {tuple(row) for row in db.session.execute(known)}
    db.session.add_all(
        KeptApart(first_id=one, second_id=other, at=now)
        for one, other in combinations(ids, 2)
        if (one, other) not in said
    )
    db.session.flush()
    audit.record(actor, "case.kept_apart", "case", ids[0], now, cases=len(ids))


def said_apart() -> frozenset[tuple[int, int]]:
    """The pairs of case ids that aren't one matter, the smaller first."""
    rows = db.session.execute(select(KeptApart.first_id, KeptApart.second_id))
    return frozenset((row.first_id, row.second_id) for row in rows)
