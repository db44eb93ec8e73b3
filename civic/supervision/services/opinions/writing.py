"""A deputy's side: writing, sending, withdrawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from civic.cases import queries as cases
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, Stale
from civic.core.extensions import db
from civic.core.text import tidy
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.supervision import policy
from civic.supervision.models import Opinion, OpinionCase
from civic.supervision.rules.opinions import (
    LONGEST_OPINION,
    LONGEST_TITLE,
    MOST_CASES,
    SHORTEST_TEXT,
    OpinionAction,
    OpinionStatus,
    TextRole,
)
from civic.supervision.services.opinions.applying import OpinionWork, begun, changing


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """What a deputy types. ``item``: ``plan/code`` or a code alone; ``references``: numbers of cases."""

    title: str
    text: str
    department_key: str
    item: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Checked:
    title: str
    text: str
    department_id: int
    item_id: int | None
    case_ids: tuple[int, ...]


def write_opinion(actor: Actor, new: NewOpinion, now: datetime) -> int:
    """Begin an opinion: a draft that only its deputy sees. Returns its id. Raises NotAllowed, :class:`Invalid`."""
    policy.can_write_opinions(actor).require()
    checked = _check(new)
    row = Opinion(
        deputy_id=actor.account_id, department_id=checked.department_id, title=checked.title,
        status=OpinionStatus.DRAFT.value, created_at=now, version=0,
        deputy_agrees=False, department_agrees=False, public=False,
    )  # fmt: skip
    with begun(actor, row, now) as work:
        _write(work, checked)
    return row.id


def rewrite_opinion(actor: Actor, opinion_id: int, version: int, new: NewOpinion, now: datetime) -> None:
    """Write a draft anew. Raises NotFound, Stale, NotAllowed, :class:`Invalid`."""
    with changing(actor, opinion_id, version, now) as work:
        work.require(OpinionAction.WRITE)
        _write(work, _check(new))


def send_opinion(actor: Actor, opinion_id: int, version: int, now: datetime) -> None:
    """Send a draft: it gets its number, and the department its deadline."""
    with changing(actor, opinion_id, version, now) as work:
        work.require(OpinionAction.SEND)
        if work.row.department_id not in {one.id for one in departments.departments()}:
            raise Invalid(N_("This department no longer exists. Choose another one."), field="department")
        work.apply(OpinionAction.SEND, **work.new_deadline())
        year = departments.local_day(now).year
        last = db.session.scalar(select(func.max(Opinion.serial)).where(Opinion.year == year)) or 0
        work.row.year, work.row.serial, work.row.sent_at = year, last + 1, now
        assert work.current.round is not None
        work.row.status, work.row.due_at = work.current.status.value, work.current.round.due_at
        try:
            db.session.flush()
        except IntegrityError:
            raise Stale(N_("Somebody else has just sent an opinion. Please send yours again.")) from None


def withdraw_opinion(actor: Actor, opinion_id: int, version: int, now: datetime) -> None:
    """Take an opinion back before it was answered; a draft is given up."""
    with changing(actor, opinion_id, version, now) as work:
        work.apply(OpinionAction.WITHDRAW)


def _write(work: OpinionWork, new: _Checked) -> None:
    work.row.title, work.row.item_id = new.title, new.item_id
    text_id = work.keep_text(TextRole.OPINION, new.text)
    work.apply(OpinionAction.WRITE, department_id=new.department_id, text_id=text_id)
    db.session.execute(delete(OpinionCase).where(OpinionCase.opinion_id == work.row.id))
    db.session.add_all(OpinionCase(opinion_id=work.row.id, case_id=one) for one in new.case_ids)


def _check(new: NewOpinion) -> _Checked:
    title, text = tidy(new.title), new.text.strip()
    if not title:
        raise Invalid(N_("Say in a few words what it is about."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(N_("This is too long: at most %(most)s characters."), field="title", most=LONGEST_TITLE)
    if len(text) < SHORTEST_TEXT:
        raise Invalid(
            N_("Please write a sentence: at least %(n)s characters."), field="text", n=SHORTEST_TEXT
        )
    if len(text) > LONGEST_OPINION:
        raise Invalid(
            N_("This is too long: at most %(most)s characters."), field="text", most=LONGEST_OPINION
        )
    department_id = departments.department_ids().get(new.department_key)
    if department_id is None:
        raise Invalid(N_("Choose the department that is to answer."), field="department")
    return _Checked(title, text, department_id, _item(new.item), _cases(new.references))


def _item(text: str) -> int | None:
    """The item that was named, of the newest plan that has it."""
    plan_slug, _, code = text.strip().rpartition("/")
    if not code:
        return None
    for document in plans.documents():
        if document.plan.slug == (plan_slug or document.plan.slug) and code in document.by_code:
            return document.by_code[code].id
    raise Invalid(N_("No plan has an item with this code."), field="item")


def _cases(references: tuple[str, ...]) -> tuple[int, ...]:
    wanted = tuple(dict.fromkeys(one.strip().upper() for one in references if one.strip()))
    if len(wanted) > MOST_CASES:
        raise Invalid(N_("Name at most %(most)s cases."), field="references", most=MOST_CASES)
    found = {row.reference: row.case_id for row in cases.cases_named(wanted)}
    unknown = [one for one in wanted if one not in found]
    if unknown:
        raise Invalid(
            N_("There is no case with this number: %(numbers)s"),
            field="references",
            numbers="、".join(unknown[:5]),
        )
    return tuple(found[one] for one in wanted)
