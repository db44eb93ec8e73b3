"""The page of one opinion: for its deputy, for auditors, for its department, and for everyone once both agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select

from civic.accounts.queries import account_names
from civic.cases import queries as cases
from civic.cases.rules import (
    EXPOSES_LABELS,
    KIND_LABELS,
    RATING_LABELS,
    STATUS_LABELS,
    RatingLevel,
    exposures,
)
from civic.core.actor import Actor, Role
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import policy
from civic.supervision.models import (
    Opinion,
    OpinionCase,
    OpinionEvent,
    OpinionRound,
    OpinionText,
    SupervisionScript,
)
from civic.supervision.queries.opinions.deputies import has_left
from civic.supervision.queries.opinions.lists import opinion_rows, rows_with
from civic.supervision.queries.opinions.rows import (
    AllowedOpinionAction,
    AnswerView,
    CaseLine,
    CasesView,
    DraftView,
    OpinionPage,
    OpinionStep,
    PublicOpinion,
)
from civic.supervision.rules.opinions import (
    TRANSITIONS,
    WORDINGS,
    AnswerClass,
    Event,
    OpinionAction,
    OpinionFacts,
    Party,
    TextRole,
    replay,
)

_MISSING = N_("There is no such opinion.")
STEP_LABELS: Mapping[OpinionAction, str] = {
    OpinionAction.SEND: N_("Sent to the department"),
    OpinionAction.DRAFT_ANSWER: N_("Answer saved"),
    OpinionAction.SEND_FOR_APPROVAL: N_("Answer sent for approval"),
    OpinionAction.SEND_BACK: N_("Answer sent back by the lead"),
    OpinionAction.APPROVE: N_("Answer approved and handed over"),
    OpinionAction.RATE: N_("Answer rated"),
    OpinionAction.WITHDRAW: N_("Withdrawn by the deputy"),
    OpinionAction.TAKE_OVER: N_("Taken over by another deputy, because the former one has left"),
    OpinionAction.DEPUTY_AGREES: N_("The deputy agrees to publication"),
    OpinionAction.DEPUTY_REFUSES: N_("The deputy takes agreement back"),
    OpinionAction.DEPARTMENT_AGREES: N_("The department agrees to publication"),
    OpinionAction.DEPARTMENT_REFUSES: N_("The department takes agreement back"),
    OpinionAction.SUCCEED: N_("Passed on with the department’s tasks"),
    OpinionAction.MOVE_DEADLINE: N_("Deadline moved: the calendar changed"),
}
INTERNAL = frozenset({OpinionAction.DRAFT_ANSWER, OpinionAction.SEND_FOR_APPROVAL, OpinionAction.SEND_BACK})
"""What happens inside the department: nobody else sees it, nor who did what."""


def opinion_page(actor: Actor, opinion_id: int, now: datetime) -> OpinionPage:
    """An opinion for deputies and auditors: a draft only for its author, an answer once it was handed over.

    Raises :class:`NotFound`, NotAllowed.
    """
    policy.can_read_opinions(actor).require()
    row, facts, events = _read(opinion_id)
    parties = policy.opinion_parties(actor, facts, has_left=False)
    if not facts.rounds and Party.DEPUTY not in parties:
        raise NotFound(_MISSING)
    return _page(actor, row, facts, events, now, inside=False)


def desk_opinion(actor: Actor, opinion_id: int, now: datetime) -> OpinionPage:
    """An opinion for the people of its department, with the answer that is being written; for others it isn't there."""
    policy.can_answer_opinions(actor).require()
    row, facts, events = _read(opinion_id)
    if not policy.opinion_parties(actor, facts, has_left=False) & {Party.HANDLER, Party.LEAD}:
        raise NotFound(_MISSING)
    return _page(actor, row, facts, events, now, inside=True)


def public_opinion(year: int, serial: int, now: datetime) -> PublicOpinion:
    """What both sides agreed to publish; raises :class:`NotFound`. Six queries at most beside kept data."""
    row: Opinion | None = db.session.scalar(
        select(Opinion).where(Opinion.year == year, Opinion.serial == serial, Opinion.public)
    )
    if row is None or row.sent_at is None:
        raise NotFound(_MISSING)
    texts, rounds = _texts(row.id), _rounds(row.id)
    hant = db.session.scalar(
        select(SupervisionScript.texts).where(
            SupervisionScript.subject == "opinion", SupervisionScript.subject_id == row.id
        )
    )
    script: Mapping[str, str] = hant or {}
    named = cases.cases_of(_case_ids(row.id))
    seen = tuple(one for one in named if one.visible)
    answers = _answers(rounds, texts, script)
    last = (len(rounds), answers[-1].rating, answers[-1].answer_class)
    text = texts[row.text_id or 0].text
    found = rows_with([row], {row.id: last}, {row.id: script}, now, named=False)[0]
    return PublicOpinion(
        found, text, script.get(text, ""), departments.local_day(row.sent_at), rounds[0].due_day,
        answers, CasesView(_lines(seen), len(named) - len(seen)),
    )  # fmt: skip


def _page(
    actor: Actor,
    row: Opinion,
    facts: OpinionFacts,
    events: list[OpinionEvent],
    now: datetime,
    *,
    inside: bool,
) -> OpinionPage:
    texts, rounds = _texts(row.id), _rounds(row.id)
    standing = facts.round
    deadline = (
        departments.calendar().deadline(standing.opened_at, standing.days)
        if standing is not None and standing.ended_day is None
        else None
    )
    tried = [
        action for action in OpinionAction if (facts.status, action) in TRANSITIONS and action in WORDINGS
    ]
    left = not inside and has_left(facts.deputy_id)
    decided = {action: policy.can_act_on_opinion(actor, action, facts, has_left=left) for action in tried}
    parties = policy.opinion_parties(actor, facts, has_left=left)
    return OpinionPage(
        row=opinion_rows([row], now)[0],
        text=texts[facts.text_id].text,
        cases=_cases_for(actor, row.id, inside=inside),
        answers=_answers(rounds, texts, {}),
        draft=_draft(facts, events, texts) if inside else None,
        deadline=deadline,
        answer_by=standing.due_at if standing else None,
        history=_history(events, inside=inside),
        allowed=tuple(AllowedOpinionAction(action) for action, may in decided.items() if may),
        why_not={
            action: may.reason
            for action, may in decided.items()
            if not may and TRANSITIONS[facts.status, action].by & parties and action is OpinionAction.APPROVE
        },
        exposing=_exposing(row, texts),
    )


def _exposing(row: Opinion, texts: Mapping[int, OpinionText]) -> tuple[str, ...]:
    """Kinds of what is recognised by its form in what would be published, a draft of the answer included."""
    said = [one.text for one in texts.values() if one.role != TextRole.REMARK.value]
    kinds = {found.what for text in (row.title, *said) for found in exposures(text)}
    return tuple(label for what, label in EXPOSES_LABELS.items() if what in kinds)


def _read(opinion_id: int) -> tuple[Opinion, OpinionFacts, list[OpinionEvent]]:
    row = db.session.get(Opinion, opinion_id)
    query = select(OpinionEvent).where(OpinionEvent.opinion_id == opinion_id).order_by(OpinionEvent.seq)
    events = list(db.session.scalars(query))
    facts = replay(
        Event(OpinionAction(one.action), one.at, one.day, one.account_id, one.params) for one in events
    )
    if row is None or facts is None:
        raise NotFound(_MISSING)
    return row, facts, events


def _texts(opinion_id: int) -> dict[int, OpinionText]:
    query = select(OpinionText).where(OpinionText.opinion_id == opinion_id).order_by(OpinionText.id)
    return {one.id: one for one in db.session.scalars(query)}


def _rounds(opinion_id: int) -> list[OpinionRound]:
    query = select(OpinionRound).where(OpinionRound.opinion_id == opinion_id).order_by(OpinionRound.number)
    return list(db.session.scalars(query))


def _case_ids(opinion_id: int) -> Select[int]:
    return select(OpinionCase.case_id).where(OpinionCase.opinion_id == opinion_id)


def _cases_for(actor: Actor, opinion_id: int, *, inside: bool) -> CasesView:
    """Deputies see the facts of all of them; a department's people only cases of their own department."""
    named = cases.cases_of(_case_ids(opinion_id))
    ours = actor.departments(Role.HANDLER, Role.LEAD)
    seen = tuple(one for one in named if not inside or one.department_id in ours)
    return CasesView(_lines(seen), len(named) - len(seen))


def _lines(named: tuple[cases.NamedCase, ...]) -> tuple[CaseLine, ...]:
    items = plans.item_refs(one.item_id for one in named if one.item_id is not None)
    return tuple(
        CaseLine(one, items.get(one.item_id or 0), KIND_LABELS[one.kind], STATUS_LABELS[one.status])
        for one in named
    )


def _answers(
    rounds: list[OpinionRound], texts: Mapping[int, OpinionText], hant: Mapping[str, str]
) -> tuple[AnswerView, ...]:
    reasons = {one.round: one.text for one in texts.values() if one.role == TextRole.RATING.value}
    names = departments.department_names(one.department_id for one in rounds)
    found = []
    for one in rounds:
        if one.answer_id is None or one.answered_at is None:
            continue
        said, reason = texts[one.answer_id], reasons.get(one.number, "")
        found.append(
            AnswerView(
                one.number, names[one.department_id], AnswerClass(str(said.answer_class)), said.text,
                hant.get(said.text, ""), one.answered_at, one.answered_at <= one.due_at,
                RatingLevel(one.rating) if one.rating else None, reason, hant.get(reason, ""),
            )
        )  # fmt: skip
    return tuple(found)


def _draft(
    facts: OpinionFacts, events: list[OpinionEvent], texts: Mapping[int, OpinionText]
) -> DraftView | None:
    if facts.draft_id is None:
        return None
    row, before, remark = texts[facts.draft_id], "", ""
    last: int | None = None
    for event in events:
        match OpinionAction(event.action):
            case OpinionAction.DRAFT_ANSWER:
                last = event.params["text_id"]
            case OpinionAction.SEND_BACK | OpinionAction.APPROVE if last is not None:
                before = texts[last].text
                remark = texts[event.params["text_id"]].text if "text_id" in event.params else ""
    writer = account_names([row.account_id]).get(row.account_id or 0, "")
    return DraftView(AnswerClass(str(row.answer_class)), row.text, writer, row.at, before, remark)


def _history(events: list[OpinionEvent], *, inside: bool) -> tuple[OpinionStep, ...]:
    """Newest first. Outside the department its people aren't named."""
    shown = [
        one
        for one in events
        if OpinionAction(one.action) in STEP_LABELS and (inside or OpinionAction(one.action) not in INTERNAL)
    ]
    names = account_names(one.account_id for one in shown)
    found = []
    for one in reversed(shown):
        action = OpinionAction(one.action)
        theirs = action in (
            OpinionAction.APPROVE,
            OpinionAction.DEPARTMENT_AGREES,
            OpinionAction.DEPARTMENT_REFUSES,
        )
        person = "" if theirs and not inside else names.get(one.account_id or 0, "")
        detail = RATING_LABELS[RatingLevel(one.params["level"])] if action is OpinionAction.RATE else ""
        found.append(OpinionStep(action, STEP_LABELS[action], one.at, person, detail))
    return tuple(found)
