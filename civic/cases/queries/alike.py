"""Other cases that the staff of one should know of: those that say nearly the same, and the same writer's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from civic.cases import policy
from civic.cases.models import Case, Contact, Feedback, Reply, Support
from civic.cases.queries.rows import CasePage
from civic.cases.queries.voices import ALIKE, CANDIDATES, similar_voices
from civic.cases.rules import ANSWERED, OPEN, STATUS_LABELS, CaseStatus, Mergeable, Resolution, likeness
from civic.core.actor import Actor, Role
from civic.core.extensions import db
from civic.core.text import bigrams

SHOWN = 5

COMPARED = frozenset(status.value for status in OPEN | ANSWERED)
"""What is merged, withdrawn or declined has no answer of its own to learn from."""

_Survivor = aliased(Case)
"""Made once: a new alias makes a copy of each column."""


@dataclass(frozen=True, slots=True)
class AlikeCase:
    """Another case with its answer; ``text`` is the public one where the reader has no business inside.

    ``may_open``: the reader finds its page at the desk, otherwise only among the published voices.
    ``takes_this``: as both stand now, the reader may merge the case beside which it stands into it.
    """

    reference: str
    status: CaseStatus
    status_label: str
    department_id: int | None
    submitted_at: datetime
    text: str
    reply_text: str
    resolution: Resolution | None
    may_open: bool
    takes_this: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same writer's other cases: how many there are, and those that the reader may open, the newest first."""

    count: int
    cases: tuple[AlikeCase, ...]

    @property
    def elsewhere(self) -> int:
        """How many are not shown here: another department's, or further back."""
        return self.count - len(self.cases)


def similar_cases(actor: Actor, page: CasePage) -> tuple[AlikeCase, ...]:
    """Cases of the same item or street that say nearly the same, most similar first.

    From inside only what the actor may open, besides that what is published.
    """
    words = page.feedback[0]
    wanted = set(bigrams(words.text))
    if words.erased_at is not None or not wanted:
        return ()
    found: dict[str, tuple[float, AlikeCase]] = {}
    for voice in similar_voices(page.item_id, words.text, SHOWN + 1):
        shown = AlikeCase(
            voice.reference, voice.status, voice.status_label, voice.department_id, voice.submitted_at,
            voice.text, voice.reply_text, voice.resolution, may_open=False,
        )  # fmt: skip
        found[voice.reference] = likeness(wanted, set(bigrams(voice.text))), shown
    for row in db.session.execute(_near(actor, page)):
        how = likeness(wanted, set(bigrams(row.text)))
        if how >= ALIKE:
            found[row.Case.reference] = how, _inside(actor, page, row)
    found.pop(page.reference, None)
    best = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].reference))
    return tuple(case for _, case in best[:SHOWN])


def earlier_cases(actor: Actor, page: CasePage) -> Earlier | None:
    """The same writer's other cases by telephone or e-mail; None if the actor may not know how to reach the writer.

    What is about a department's staff is neither counted nor shown to a department: it would say who complained.
    """
    if not page.may_see_contact:
        return None
    own = db.session.execute(
        select(Contact.phone_hash, Contact.email_hash).where(
            Contact.feedback_id == page.feedback[0].feedback_id
        )
    ).one_or_none()
    same = [
        column == value
        for column, value in ((Contact.phone_hash, own.phone_hash), (Contact.email_hash, own.email_hash))
        if value
    ] if own else []  # fmt: skip
    if not same:
        return Earlier(0, ())
    condition = and_(or_(*same), Case.id != page.case_id)
    if not actor.has(Role.DISPATCHER):
        condition = and_(condition, Case.about_staff.is_(False))
    count = db.session.scalar(
        select(func.count(Case.id)).join(Contact, Contact.feedback_id == Case.feedback_id).where(condition)
    )
    query = _select().join(Contact, Contact.feedback_id == Case.feedback_id)
    rows = db.session.execute(query.where(condition, _held_by(actor)).order_by(Case.id.desc()).limit(SHOWN))
    return Earlier(count or 0, tuple(_inside(actor, page, row) for row in rows))


def _near(actor: Actor, page: CasePage) -> Select[*tuple[Any, ...]]:
    """The newest cases of the same item or street that the actor may open."""
    places: list[ColumnElement[bool]] = []
    if page.item_id is not None:
        places.append(Case.item_id == page.item_id)
    if page.feedback[0].street_id is not None:
        places.append(Case.street_id == page.feedback[0].street_id)
    if not places and page.department_id is not None:
        places.append(Case.department_id == page.department_id)
    return (
        _select()
        .where(or_(*places) if places else true(), _skimmed_by(actor))
        .where(Case.status.in_(COMPARED), Feedback.erased_at.is_(None), Case.id != page.case_id)
        .order_by(Case.id.desc())
        .limit(CANDIDATES)
    )


def _select() -> Select[*tuple[Any, ...]]:
    """Cases with their words and the answer that stands; a merged one's is that of the case it is answered with."""
    answers = or_(
        and_(Reply.id == Case.reply_id, Case.resolution.is_not(None)),
        and_(Reply.id == _Survivor.reply_id, _Survivor.resolution.is_not(None)),
    )
    resolution = func.coalesce(Case.resolution, _Survivor.resolution)
    return (
        select(
            Case,
            Feedback.text,
            Feedback.erased_at,
            Reply.text.label("reply_text"),
            resolution.label("resolution"),
        )
        .join(Feedback, Feedback.id == Case.feedback_id)
        .outerjoin(_Survivor, _Survivor.id == Case.survivor_id)
        .outerjoin(Reply, answers)
    )


def _held_by(actor: Actor) -> ColumnElement[bool]:
    """Which cases' contacts the actor may know of: neither a supporting department's nor an auditor's ever."""
    if actor.has(Role.DISPATCHER):
        return true()
    return Case.department_id.in_(actor.departments(Role.HANDLER, Role.LEAD))


def _opened_by(actor: Actor) -> ColumnElement[bool]:
    """Which cases have a page at the desk for the actor."""
    scope = policy.queue_scope(actor)
    if scope is None:
        return true()
    supporting = exists().where(Support.case_id == Case.id, Support.department_id.in_(scope))
    return or_(_held_by(actor), supporting)


def _skimmed_by(actor: Actor) -> ColumnElement[bool]:
    """Which of them may be quoted beside another case: the same as :func:`~civic.cases.policy.can_skim` says."""
    if not actor.has(Role.AUDITOR) or actor.has(Role.DISPATCHER):
        return _opened_by(actor)
    return or_(_held_by(actor), and_(Case.visible.is_(True), Case.masked_text_id.is_(None)))


def _inside(actor: Actor, page: CasePage, row: Any) -> AlikeCase:
    case: Case = row.Case
    status = CaseStatus(case.status)
    other = Mergeable(status, case.department_id, is_erased=row.erased_at is not None)
    return AlikeCase(
        reference=case.reference,
        status=status,
        status_label=STATUS_LABELS[status],
        department_id=case.department_id,
        submitted_at=case.submitted_at,
        text=row.text,
        reply_text=row.reply_text or "",
        resolution=Resolution(row.resolution) if row.resolution else None,
        may_open=True,
        takes_this=bool(policy.can_merge(actor, page.mergeable, other)),
    )
