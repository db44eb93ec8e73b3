"""The staff's page of one case: everything they may see, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from civic.cases import policy
from civic.cases.models import Case, CaseEvent, Contact, Feedback, InternalNote, Reply
from civic.cases.queries.attachments import unsent_attachments
from civic.cases.queries.reading import (
    Told,
    answers_of,
    deadline_view,
    judgements_of_others,
    last_text,
    rating_of,
    reply_deadline,
    reply_view,
    tell,
    text_of,
    texts_of,
)
from civic.cases.queries.rows import (
    AllowedAction,
    CasePage,
    DeadlineView,
    FeedbackView,
    HistoryEntry,
    NoteView,
    PartView,
    RefusedAction,
    ReplyView,
    StintView,
)
from civic.cases.rules import (
    ACTION_TEXTS,
    PUBLICATION_LABELS,
    REASON_LABELS,
    STATUS_LABELS,
    AttachedTo,
    CaseAction,
    CaseFacts,
    Channel,
    FeedbackKind,
    Party,
    SpeaksAs,
    bears_one_signature,
    past_text,
)
from civic.core.actor import Actor, ActorKind
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.ids import normalise_reference
from civic.departments import queries as departments

BY_MACHINE = frozenset(
    {
        CaseAction.BECAME_OVERDUE,
        CaseAction.MOVE_DEADLINES,
        CaseAction.SUCCEED,
        CaseAction.FOLLOW,
        CaseAction.ABSORB,
        CaseAction.RELEASE,
        CaseAction.CLOSE,
        CaseAction.SUBMIT,
    }
)
"""Actions that never have a button of their own."""


def case_id_of(reference: str) -> int | None:
    """The id of a case by its number, None if there is none. Says nothing about who may see it."""
    return db.session.scalar(select(Case.id).where(Case.reference == normalise_reference(reference)))


def version_of(case_id: int) -> int:
    """The present version of a case, for whoever changes it without having looked at its page."""
    return db.session.scalars(select(Case.version).where(Case.id == case_id)).one()


def answered_with(case_id: int) -> int:
    """The case with which this one is answered: the one that it was merged into, or itself."""
    return db.session.scalar(select(Case.survivor_id).where(Case.id == case_id)) or case_id


def has_cases() -> bool:
    """Whether there is any case at all."""
    return db.session.scalar(select(Case.id).limit(1)) is not None


def case_page(actor: Actor, case_id: int, now: datetime) -> CasePage:
    """The page of a case; raises :class:`NotFound` for another department's."""
    case = db.session.get(Case, case_id)
    told = tell(case) if case else None
    if case is None or told is None or actor.kind is ActorKind.RESIDENT:
        raise _not_found()
    facts = told.facts
    if not policy.can_see(actor, facts):
        raise _not_found()
    texts = texts_of(case.id)
    history = _history(told, texts)
    contact, deciding = policy.can_see_contact(actor, facts), policy.can_decide_photo(actor, facts)
    stint = facts.stint
    return CasePage(
        case_id=case.id,
        reference=case.reference,
        version=case.version,
        status=facts.status,
        status_label=STATUS_LABELS[facts.status],
        publication=facts.publication,
        publication_label=PUBLICATION_LABELS[facts.publication],
        kind=facts.kind,
        item_id=facts.item_id,
        department_id=facts.department_id,
        assignee_id=facts.assignee_id,
        submitted_at=facts.submitted_at,
        parties=policy.parties(actor, facts),
        actions=_actions(actor, facts, now),
        refused=_refused(actor, facts, now),
        feedback=_feedback(case, facts),
        masked_text=texts.get(case.masked_text_id or 0, ""),
        additions=tuple(entry for entry in history if entry.action in _FROM_RESIDENT),
        reply_deadline=reply_deadline(facts, now),
        accept_deadline=_accept_deadline(facts, now),
        own_due_at=stint.own.due_at if stint and stint.own else None,
        return_by=stint.return_by if stint else None,
        paused_at=facts.paused_at,
        round_number=facts.round.number,
        reopenings=facts.reopenings,
        return_pending=facts.return_pending,
        suggested_department_id=_suggestion(told),
        extension=facts.extension,
        extension_days=facts.extension_days,
        supports=facts.supports,
        contributed=facts.contributed,
        parts=_parts(facts, history),
        survivor_reference=_references([case.survivor_id])[0] if case.survivor_id else "",
        absorbed=_references(facts.absorbed),
        extension_reason=last_text(told, CaseAction.REQUEST_EXTENSION, texts),
        escalated_at=facts.escalated_at,
        held_because=facts.held_because,
        resolution=facts.resolution,
        rating=rating_of(case),
        said_solved=facts.round.said_solved,
        decline_code=facts.decline_code,
        decline_text=last_text(told, CaseAction.DECLINE, texts) if facts.decline_code else "",
        draft=_draft(actor, facts),
        drafter_ids=tuple(sorted(facts.drafters)),
        is_approved=facts.approver_id is not None,
        correction_waits=facts.correction_waits,
        signs_alone=bears_one_signature(facts, actor.account_id),
        replies=answers_of(case),
        notes=_notes(actor, facts, case.id),
        files=unsent_attachments(actor, facts, case.id),
        may_attach_to_reply=bool(policy.can_attach(actor, AttachedTo.REPLY, facts, now)),
        stints=_stints(told, texts),
        history=history,
        signed_alone=frozenset(reply_id for entry in facts.rounds for reply_id, _day in entry.signed_alone),
        supporters=case.supporters,
        may_see_contact=bool(contact),
        contact_refusal=contact.reason,
        may_decide_photos=bool(deciding),
        photo_refusal=deciding.reason,
    )


_FROM_RESIDENT = frozenset(
    {CaseAction.ADD_INFORMATION, CaseAction.REOPEN, CaseAction.APPEAL, CaseAction.RATE}
)


def _not_found() -> NotFound:
    return NotFound(N_("There is no such case."), code="no_case")


def _actions(actor: Actor, facts: CaseFacts, now: datetime) -> tuple[AllowedAction, ...]:
    return tuple(
        AllowedAction(action, ACTION_TEXTS[action].label, ACTION_TEXTS[action].consequence)
        for action in policy.allowed_actions(actor, facts, now)
        if action not in BY_MACHINE
    )


def _refused(actor: Actor, facts: CaseFacts, now: datetime) -> tuple[RefusedAction, ...]:
    return tuple(
        RefusedAction(action, ACTION_TEXTS[action].label, reason)
        for action, reason in policy.refused_actions(actor, facts, now).items()
        if action not in BY_MACHINE
    )


def _parts(facts: CaseFacts, history: Sequence[HistoryEntry]) -> tuple[PartView, ...]:
    """The parts of the supporting departments, in the order in which they were asked."""
    parts: dict[int, PartView] = {}
    for entry in history:
        if entry.action is CaseAction.INVITE:
            parts[entry.detail["department_id"]] = _asked(entry, parts.get(entry.detail["department_id"]))
        elif entry.action is CaseAction.WITHDRAW_INVITATION:
            withdrawn = parts.pop(entry.detail["department_id"])
            if withdrawn.earlier:
                parts[withdrawn.department_id] = withdrawn.earlier
        elif entry.action in (CaseAction.REOPEN, CaseAction.APPEAL):
            parts = {
                one: given
                for one, part in parts.items()
                if (given := part if part.is_given else part.earlier)
            }
        elif entry.action is CaseAction.SUCCEED and entry.detail["from_id"] in parts:
            _succeed(parts, entry.detail["from_id"], entry.detail["department_id"])
        elif entry.action is CaseAction.CONTRIBUTE and entry.detail["department_id"] in parts:
            asked = parts[entry.detail["department_id"]]
            parts[asked.department_id] = replace(
                asked, text=entry.text, given_at=entry.at, given_by_id=entry.account_id
            )
    return tuple(part for part in parts.values() if part.department_id in facts.supports)


def _asked(entry: HistoryEntry, before: PartView | None) -> PartView:
    """A part that is asked for; one that the department gave before stands behind it."""
    due = entry.detail.get("due")
    earlier = before if before is None or before.is_given else before.earlier
    return PartView(
        department_id=entry.detail["department_id"],
        asked_at=entry.at,
        asked_by_id=entry.account_id,
        message=entry.text,
        due_at=datetime.fromisoformat(due) if due else None,
        earlier=earlier,
    )


def _succeed(parts: dict[int, PartView], old: int, new: int) -> None:
    """What one department was asked and gave is its successor's, together with what that one gave itself."""
    passed, own = parts.pop(old), parts.get(new)
    if own is None or own.given_at is None:
        asked_for = passed if own is None or passed.given_at else own
        parts[new] = replace(asked_for, department_id=new)
    elif passed.given_at is not None:
        parts[new] = replace(own, text=f"{passed.text}\n\n{own.text}")


def _accept_deadline(facts: CaseFacts, now: datetime) -> DeadlineView | None:
    stint = facts.stint
    if stint is None or stint.accept is None or stint.accepted_at is not None:
        return None
    return deadline_view(departments.calendar(), stint.accept, now, runs=facts.accept_due_at is not None)


def _suggestion(told: Told) -> int | None:
    """Which department the pending return suggests."""
    if not told.facts.return_pending:
        return None
    returns = [e for e in told.events if e.action == CaseAction.RETURN.value]
    found: int | None = returns[-1].params.get("suggested_department_id")
    return departments.heirs().get(found, found) if found is not None else None


def _feedback(case: Case, facts: CaseFacts) -> tuple[FeedbackView, ...]:
    """The words of this case and of those merged into it, whose writers judge the answer for themselves."""
    said = judgements_of_others(case.id) if facts.absorbed else {}
    rows = db.session.execute(
        select(Feedback, Case.id, Case.reference, Contact.id.label("contact_id"))
        .join(Case, Case.feedback_id == Feedback.id)
        .outerjoin(Contact, Contact.feedback_id == Feedback.id)
        .where((Case.id == case.id) | (Case.survivor_id == case.id))
        .order_by((Case.id != case.id), Feedback.id)
    )
    return tuple(
        replace(_words(row.Feedback, row.reference, row.contact_id is not None), judgement=said.get(row.id))
        for row in rows
    )


def _words(row: Feedback, reference: str, has_contact: bool) -> FeedbackView:
    return FeedbackView(
        feedback_id=row.id,
        reference=reference,
        received_at=row.received_at,
        kind=FeedbackKind(row.kind),
        text=row.text,
        item_id=row.item_id,
        paragraph_anchor=row.paragraph_anchor,
        paragraph_excerpt=row.paragraph_excerpt,
        street_id=row.street_id,
        community_id=row.community_id,
        place=row.place,
        wants_publication=row.wants_publication,
        speaks_as=SpeaksAs(row.speaks_as) if row.speaks_as else None,
        under_14=row.under_14,
        about_staff=row.about_staff,
        channel=Channel(row.channel),
        outside_reference=row.outside_reference,
        loaded_from=row.loaded_from,
        entered_by_id=row.entered_by_id,
        has_contact=has_contact,
        erased_at=row.erased_at,
    )


def _references(case_ids: Sequence[int]) -> tuple[str, ...]:
    if not case_ids:
        return ()
    rows = db.session.scalars(select(Case.reference).where(Case.id.in_(case_ids)).order_by(Case.id))
    return tuple(rows)


def _draft(actor: Actor, facts: CaseFacts) -> ReplyView | None:
    """The draft is the department's own: dispatcher and supporting departments don't read it."""
    if facts.draft_id is None or Party.HANDLER not in policy.parties(actor, facts):
        return None
    reply = db.session.get(Reply, facts.draft_id)
    return reply_view(reply, None) if reply else None


def _notes(actor: Actor, facts: CaseFacts, case_id: int) -> tuple[NoteView, ...]:
    if not policy.parties(actor, facts):
        return ()
    rows = db.session.scalars(
        select(InternalNote).where(InternalNote.case_id == case_id).order_by(InternalNote.id)
    )
    return tuple(NoteView(n.id, n.account_id, n.department_id, n.text, n.at) for n in rows)


_SENDING = frozenset(
    action.value
    for action in (
        CaseAction.TRIAGE,
        CaseAction.ROUTE,
        CaseAction.TRANSFER,
        CaseAction.DESIGNATE,
        CaseAction.SUCCEED,
    )
)


def _stints(told: Told, texts: Mapping[int, str]) -> tuple[StintView, ...]:
    sent = {event.at: event for event in told.events if event.action in _SENDING}
    views = []
    for stint in told.facts.stints:
        event = sent.get(stint.since_at)
        reason = event.params.get("reason", {}) if event else {}
        views.append(
            StintView(
                number=stint.number,
                department_id=stint.department_id,
                since_at=stint.since_at,
                designated=stint.designated,
                reason=reason,
                reason_label=REASON_LABELS.get(reason.get("code", ""), ""),
                reason_text=text_of(event.params, texts) if event else "",
                accept_due_at=stint.accept.due_at if stint.accept else None,
                accepted_at=stint.accepted_at,
                own_due_at=stint.own.due_at if stint.own else None,
                ended_at=stint.ended_at,
                end=stint.end,
                held_days=stint.held_days,
            )
        )
    return tuple(views)


def _history(told: Told, texts: Mapping[int, str]) -> tuple[HistoryEntry, ...]:
    return tuple(
        HistoryEntry(
            seq=event.seq,
            at=event.at,
            action=CaseAction(event.action),
            label=past_text(CaseAction(event.action), event.params),
            by=_by(event),
            account_id=event.account_id,
            department_id=event.department_id,
            text=text_of(event.params, texts),
            detail=event.params,
        )
        for event in told.events
    )


def _by(event: CaseEvent) -> Party:
    """In which capacity the author of an event acted, as far as it can be told afterwards."""
    if event.actor_kind == ActorKind.RESIDENT.value:
        return Party.RESIDENT
    if event.actor_kind == ActorKind.SYSTEM.value:
        return Party.SYSTEM
    return Party.HANDLER if event.department_id is not None else Party.DISPATCHER
