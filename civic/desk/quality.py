"""What is pointed out about the reply of a case: read from the draft, its case and the department's earlier replies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civic.cases import queries as cases
from civic.cases.queries import CasePage
from civic.cases.rules import MAY_BE_PUBLIC, CaseAction, Hint, HintCode, Resolution, Written, hints
from civic.core import audit
from civic.desk.rules import EARLIER_COMPARED

SET_ASIDE = "reply.hint_set_aside"
"""The act in the audit trail; its parameters are the hint's code and the round of the case."""

WRITING = (CaseAction.DRAFT_REPLY, CaseAction.DRAFT_CORRECTION, CaseAction.CORRECT_REPLY)
"""What opens the editor of a reply."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is pointed out about a text, and what somebody said does not apply to this case."""

    hints: tuple[Hint, ...] = ()
    aside: tuple[Hint, ...] = ()


NOTHING = Quality()


def concerns(case: CasePage) -> bool:
    """Whether the reader writes or approves replies of this case: then it's pointed out to them."""
    return writes(case) or case.may(CaseAction.APPROVE_REPLY)


def writes(case: CasePage) -> bool:
    """Whether the reader may write a reply to this case now."""
    return any(case.may(action) for action in WRITING)


def quality_of(case: CasePage, text: str, resolution: Resolution | None) -> Quality:
    """What to point out about a text as the reply of this case."""
    if not text.strip() or not concerns(case):
        return NOTHING
    found = hints(
        Written(
            text=text,
            words="\n".join((*(words.text for words in case.feedback), *_asked_later(case))),
            resolution=resolution,
            open_to_all=case.publication in MAY_BE_PUBLIC,
            earlier=cases.earlier_replies(case.department_id or 0, case.case_id, EARLIER_COMPARED),
        )
    )
    aside = _set_aside(case) if found else frozenset()
    return Quality(
        tuple(hint for hint in found if hint.code not in aside),
        tuple(hint for hint in found if hint.code in aside),
    )


def _asked_later(case: CasePage) -> Iterable[str]:
    """What the resident added or objected: an answer owes it as much as the first words."""
    return (entry.text for entry in case.additions if entry.action is not CaseAction.RATE)


def _set_aside(case: CasePage) -> frozenset[HintCode]:
    entries = audit.entries_on("case", case.case_id, {SET_ASIDE})
    return frozenset(HintCode(e.params["code"]) for e in entries if e.params["round"] == case.round_number)
