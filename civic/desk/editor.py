"""What stands beside the text of a reply: hints, templates that fit, and what changed since it was seen or begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.cases import queries as cases
from civic.cases.queries import CasePage, ReplyView, Revision
from civic.cases.rules import CaseAction
from civic.core.actor import Actor
from civic.desk.quality import NOTHING, Quality, quality_of, writes
from civic.desk.rules import seen_before
from civic.desk.templates import Beginning, TemplateRow, beginning_of, templates_for


@dataclass(frozen=True, slots=True)
class Editor:
    """``before`` is the version that the present draft is compared with, ``began`` the template that was put into it.

    Each is None if there is nothing to compare.
    """

    quality: Quality = NOTHING
    templates: tuple[TemplateRow, ...] = ()
    before: Revision | None = None
    began: Beginning | None = None


CLOSED = Editor()

SENDING_OUT = (CaseAction.APPROVE_REPLY, CaseAction.PUBLISH_REPLY)
"""What lets a draft go out."""


def lets_out(case: CasePage) -> bool:
    """Whether the reader can let the draft go out: then all that is known about it stands where the button does."""
    return case.draft is not None and any(case.may(action) for action in SENDING_OUT)


def editor_of(actor: Actor, case: CasePage) -> Editor:
    """What this reader needs to write or approve the reply of a case; its writer also sees what the lead changed."""
    draft = case.draft
    return Editor(
        quality=quality_of(case, draft.text, draft.resolution) if draft else NOTHING,
        templates=templates_for(case.department_id, case.kind) if writes(case) else (),
        before=_before(actor, case, cases.revisions_of(draft.reply_id)) if draft else None,
        began=_began(draft) if draft else None,
    )


def _before(actor: Actor, case: CasePage, revisions: Sequence[Revision]) -> Revision | None:
    acts = [entry.at for entry in case.history if entry.account_id == actor.account_id]
    at = seen_before([(one.at, one.account_id) for one in revisions], max(acts, default=None))
    return None if at is None or revisions[at].said == revisions[-1].said else revisions[at]


def _began(draft: ReplyView) -> Beginning | None:
    found = beginning_of(draft.reply_id)
    return found if found and found.text != draft.text else None
