"""Whether two cases can become one. Lists, links, forms and the service ask the same. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from civic.cases.rules.facts import CaseFacts
from civic.cases.rules.guards import HOLDS_OTHERS
from civic.cases.rules.transitions import TRANSITIONS
from civic.cases.rules.vocabulary import ANSWERED, CaseAction, CaseStatus
from civic.core.errors import N_

CANT_END = N_("This case can't be merged as it stands: it is finished, or it waits for the resident.")
CANT_GO_ON = N_(
    "These two can't be merged as they stand: the other case is finished, or not yours to change."
)


@dataclass(frozen=True, slots=True)
class Mergeable:
    """What it depends on, of either of the two.

    ``objects``: its writer has objected once, so a round of its own is owed an answer. ``holds_others``: others are
    merged into it.
    """

    status: CaseStatus
    department_id: int | None
    objects: bool = False
    holds_others: bool = False
    is_erased: bool = False


def mergeable(facts: CaseFacts) -> Mergeable:
    """A case as merging sees it."""
    return Mergeable(
        facts.status,
        facts.department_id,
        objects=facts.round.number > 1,
        holds_others=bool(facts.absorbed),
        is_erased=facts.erased_at is not None,
    )


def merge_refusal(case: Mergeable, survivor: Mergeable) -> str | None:
    """Why the one can't go into the other as both stand (a msgid), None if it can.

    An objection isn't met by an answer that was there before it.
    """
    if case.is_erased or (case.status, CaseAction.MERGE) not in TRANSITIONS:
        return CANT_END
    if case.holds_others:
        return HOLDS_OTHERS
    if survivor.is_erased or (survivor.status, CaseAction.ABSORB) not in TRANSITIONS:
        return CANT_GO_ON
    if case.objects and survivor.status in ANSWERED:
        return N_(
            "The resident has objected and is owed a new answer, but the other case is answered already. "
            "Answer this case on its own, or merge it into one that is still open."
        )
    return None


def into_one(
    cases: Sequence[Mergeable], may_merge: Callable[[Mergeable, Mergeable], bool]
) -> tuple[int, ...]:
    """Which of them become one, by place: first the one into which most can go, of several the first, then these."""
    stand_so = Counter(cases)

    def taken_in(survivor: Mergeable) -> int:
        return sum(n for one, n in stand_so.items() if may_merge(one, survivor)) - may_merge(
            survivor, survivor
        )

    into = max(range(len(cases)), key=lambda at: (taken_in(cases[at]), -at))
    return into, *(at for at, one in enumerate(cases) if at != into and may_merge(one, cases[into]))
