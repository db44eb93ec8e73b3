"""The official answer: drafted, approved, published, and corrected only by a newer one."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from civic.cases.models import Reply, ReplyRevision, ReplyState, TextRole
from civic.cases.rules import CaseAction, CaseStatus, FeedbackKind, Resolution, closing_moment, days_used
from civic.cases.rules.answering import SUGGESTIONS_ONLY
from civic.cases.services.applying import CaseWork, State, changing, checked_text, salted_hash
from civic.cases.services.attaching import send_out_with
from civic.cases.services.clocking import held_days
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db


def draft_reply(
    actor: Actor,
    case_id: int,
    version: int,
    text: str,
    now: datetime,
    *,
    resolution: Resolution | None = None,
    referred_to: str = "",
) -> State:
    """Save the draft of the answer; there is one at a time. What the lead changes in it keeps its author."""
    with changing(actor, case_id, version, now) as work:
        work.require(CaseAction.DRAFT_REPLY)
        _check_resolution(work, resolution, referred_to, complete=False)
        reply = _draft_of(work) or _new_reply(work)
        in_review = work.current.status is CaseStatus.REPLY_REVIEW
        if in_review and reply.author_id not in (None, actor.account_id):
            reply.editor_id = actor.account_id
        else:
            reply.author_id, reply.editor_id = actor.account_id, None
        _write(reply, text, resolution, referred_to)
        _keep_revision(work, reply)
        work.apply(CaseAction.DRAFT_REPLY, reply_id=reply.id, hash=salted_hash(reply.salt, reply.text))
    return work.state


def send_for_approval(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """Lay the draft before the lead; it must be complete, with its resolution."""
    with changing(actor, case_id, version, now) as work:
        _check_complete(work)
        work.apply(CaseAction.SEND_FOR_APPROVAL, reply_id=work.current.draft_id)
    return work.state


def send_back_reply(actor: Actor, case_id: int, version: int, now: datetime, *, reason: str) -> State:
    """The lead wants it changed, and says what."""
    with changing(actor, case_id, version, now) as work:
        work.apply(CaseAction.SEND_BACK, **work.write(TextRole.SEND_BACK_REASON, reason))
    return work.state


def approve_reply(actor: Actor, case_id: int, version: int, now: datetime, *, publish: bool = False) -> State:
    """The lead agrees; with ``publish`` the answer goes out at once."""
    with changing(actor, case_id, version, now) as work:
        _check_complete(work)
        work.apply(CaseAction.APPROVE_REPLY, reply_id=work.current.draft_id)
        if publish:
            _publish(work)
    return work.state


def publish_reply(actor: Actor, case_id: int, version: int, now: datetime) -> State:
    """The approved answer goes to the resident. A lead may publish alone: that's a single signature."""
    with changing(actor, case_id, version, now) as work:
        _check_complete(work)
        _publish(work)
    return work.state


def draft_correction(
    actor: Actor,
    case_id: int,
    version: int,
    text: str,
    now: datetime,
    *,
    resolution: Resolution,
    reason: str,
    referred_to: str = "",
) -> State:
    """Propose a newer version of the published answer; the lead publishes it, and then two persons have signed it."""
    with changing(actor, case_id, version, now) as work:
        work.require(CaseAction.DRAFT_CORRECTION)
        _check_resolution(work, resolution, referred_to, complete=True)
        why = work.write(TextRole.CORRECTION_REASON, reason)
        reply = _draft_of(work) or _new_reply(work)
        reply.author_id, reply.editor_id = actor.account_id, None
        _write(reply, text, resolution, referred_to)
        _keep_revision(work, reply)
        work.apply(
            CaseAction.DRAFT_CORRECTION,
            reply_id=reply.id,
            reply_hash=salted_hash(reply.salt, reply.text),
            **why,
        )
    return work.state


def correct_reply(
    actor: Actor,
    case_id: int,
    version: int,
    text: str,
    now: datetime,
    *,
    resolution: Resolution,
    reason: str,
    referred_to: str = "",
) -> State:
    """Replace a published answer by a newer one; the old stays readable and is pointed to.

    What a colleague proposed is published, as it is or changed; without a proposal that's a single signature.
    """
    with changing(actor, case_id, version, now) as work:
        work.require(CaseAction.CORRECT_REPLY)
        _check_resolution(work, resolution, referred_to, complete=True)
        old_id = work.current.reply_id
        why = work.write(TextRole.CORRECTION_REASON, reason)
        reply = _draft_of(work) or _new_reply(work)
        proposed = reply.text
        _write(reply, text, resolution, referred_to)
        if reply.author_id in (None, actor.account_id):
            reply.author_id = actor.account_id
        elif reply.text != proposed:
            reply.editor_id = actor.account_id
        reply.approver_id = actor.account_id
        reply.state = ReplyState.PUBLISHED.value
        reply.published_at = now
        reply.corrects_id = old_id
        db.session.add(reply)
        db.session.flush()
        send_out_with(reply)
        work.apply(
            CaseAction.CORRECT_REPLY,
            reply_id=reply.id,
            resolution=resolution.value,
            close_at=_time_to_object(work, resolution),
            reply_hash=salted_hash(reply.salt, reply.text),
            **why,
        )
    return work.state


def conceal_reply(actor: Actor, case_id: int, version: int, reply_id: int, now: datetime) -> State:
    """Hide an old version that exposes a person. The current one must be corrected first."""
    with changing(actor, case_id, version, now) as work:
        reply = db.session.get(Reply, reply_id)
        if reply is None or reply.case_id != case_id or reply.state != ReplyState.PUBLISHED.value:
            raise NotFound(N_("There is no such reply."), code="no_reply")
        if reply_id == work.current.reply_id:
            raise Invalid(N_("This is the current reply: correct it first, then hide the old one."))
        work.apply(CaseAction.CONCEAL_REPLY, reply_id=reply_id)
        reply.concealed_at = now
    return work.state


def _time_to_object(work: CaseWork, resolution: Resolution) -> str | None:
    """Whoever is told now that the answer brings something else can object to that for as long as to any answer."""
    facts, around = work.current, work.around
    if facts.status is not CaseStatus.REPLIED or resolution is facts.resolution:
        return None
    return closing_moment(
        around.calendar, work.now, around.levels(facts.department_id).close_after
    ).isoformat()


def _publish(work: CaseWork) -> None:
    facts, around = work.current, work.around
    reply = _draft_of(work)
    if reply is None:
        raise Invalid(N_("There is no draft of a reply yet."), code="no_draft", field="text")
    assert reply.resolution is not None
    approver_id = facts.approver_id if facts.approver_id is not None else work.actor.account_id
    work.apply(
        CaseAction.PUBLISH_REPLY,
        reply_id=reply.id,
        hash=salted_hash(reply.salt, reply.text),
        resolution=reply.resolution,
        days=days_used(around.calendar, facts.round.clock, work.now),
        held_days=held_days(work),
        close_at=closing_moment(
            around.calendar, work.now, around.levels(facts.department_id).close_after
        ).isoformat(),
    )
    reply.state = ReplyState.PUBLISHED.value
    reply.published_at = work.now
    reply.approver_id = approver_id
    send_out_with(reply)


def drop_drafts(case_id: int) -> None:
    """What was being written for an answer that is owed no longer is left behind."""
    left = select(Reply).where(Reply.case_id == case_id, Reply.state == ReplyState.DRAFT.value)
    for draft in db.session.scalars(left):
        draft.state = ReplyState.DROPPED.value


def _write(reply: Reply, text: str, resolution: Resolution | None, referred_to: str) -> None:
    reply.text = checked_text(text, "text")
    reply.salt = secrets.token_hex(16)
    reply.resolution = resolution.value if resolution else None
    reply.referred_to = checked_text(referred_to, "referred_to", required=False, longest=300)


def _keep_revision(work: CaseWork, reply: Reply) -> None:
    """Keep the draft as it is saved now, so that whoever approves it sees what changed."""
    reply.written_at = work.now
    reply.version = (reply.version or 0) + 1
    db.session.add(reply)
    db.session.flush()
    who = work.actor.account_id
    db.session.add(
        ReplyRevision(
            reply_id=reply.id,
            number=reply.version,
            text=reply.text,
            resolution=reply.resolution,
            referred_to=reply.referred_to,
            account_id=who,
            at=work.now,
        )
    )


def _draft_of(work: CaseWork) -> Reply | None:
    draft_id = work.current.draft_id
    return db.session.get(Reply, draft_id) if draft_id else None


def _new_reply(work: CaseWork) -> Reply:
    """An empty draft; what a department before had drafted is left behind."""
    drop_drafts(work.case.id)
    department_id = work.current.department_id
    assert department_id is not None
    return Reply(
        case_id=work.case.id,
        department_id=department_id,
        round=work.current.round.number,
        state=ReplyState.DRAFT.value,
        salt=secrets.token_hex(16),
        written_at=work.now,
        version=0,
    )


def _check_complete(work: CaseWork) -> None:
    reply = _draft_of(work)
    if reply is None:
        raise Invalid(N_("There is no draft of a reply yet."), code="no_draft", field="text")
    resolution = Resolution(reply.resolution) if reply.resolution else None
    _check_resolution(work, resolution, reply.referred_to, complete=True)


def _check_resolution(
    work: CaseWork, resolution: Resolution | None, referred_to: str, *, complete: bool
) -> None:
    if resolution is None:
        if complete:
            raise Invalid(N_("Choose what the reply brings."), code="resolution_missing", field="resolution")
        return
    if resolution in SUGGESTIONS_ONLY and work.current.kind is not FeedbackKind.SUGGESTION:
        raise Invalid(
            N_("Only a suggestion can be adopted or not adopted."), code="bad_resolution", field="resolution"
        )
    if complete and resolution is Resolution.REFERRED and not referred_to.strip():
        raise Invalid(
            N_("Name the authority that is competent and how to reach it."),
            code="referred_to_missing",
            field="referred_to",
        )
