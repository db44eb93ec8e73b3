"""How many voices each choice of a list's filters would show. Counting stops at a limit: nobody reads a thousand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from civic.cases.models import Case, Feedback
from civic.cases.queries.voice_rows import STATES, VoiceFilter, VoiceState
from civic.cases.queries.voices import narrowed
from civic.cases.rules import CaseStatus, FeedbackKind
from civic.core.extensions import db

MOST_COUNTED = 1000

_STATE_OF = {status: state for state, statuses in STATES.items() for status in statuses}
_ANSWERED = frozenset({VoiceState.REPLIED, VoiceState.CLOSED})


@dataclass(frozen=True, slots=True)
class VoiceFacets:
    """Counts beside the choices of kind, state and answer, each with the other two filters as they are.

    ``total`` is what the list itself holds.
    """

    total: int
    kinds: Mapping[FeedbackKind, int]
    states: Mapping[VoiceState, int]
    answered: Mapping[bool, int]


def voice_facets(wanted: VoiceFilter) -> VoiceFacets | None:
    """The counts; None where more voices than are counted would have to be looked at. One query."""
    of_all = select(Case.kind, Case.status)
    if wanted.paragraph_anchor:
        of_all = of_all.join(Feedback, Feedback.id == Case.feedback_id)
    base = narrowed(of_all, replace(wanted, kind=None, state=None, answered=None))
    some = base.limit(MOST_COUNTED + 1).subquery()
    columns = (some.c.kind, some.c.status)
    rows = db.session.execute(select(*columns, func.count().label("n")).group_by(*columns)).all()
    if sum(row.n for row in rows) > MOST_COUNTED:
        return None
    cube: Counter[tuple[FeedbackKind, VoiceState]] = Counter()
    for row in rows:
        cube[FeedbackKind(row.kind), _STATE_OF[CaseStatus(row.status)]] += row.n
    return VoiceFacets(
        _sum(cube, wanted),
        {kind: _sum(cube, replace(wanted, kind=kind)) for kind in FeedbackKind},
        {state: _sum(cube, replace(wanted, state=state)) for state in VoiceState},
        {given: _sum(cube, replace(wanted, answered=given)) for given in (True, False)},
    )


def _sum(cube: Counter[tuple[FeedbackKind, VoiceState]], wanted: VoiceFilter) -> int:
    return sum(
        n
        for (kind, state), n in cube.items()
        if wanted.kind in (None, kind)
        and wanted.state in (None, state)
        and wanted.answered in (None, state in _ANSWERED)
    )
