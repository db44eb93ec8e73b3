"""Keeping what somebody is writing, again and again, until it's saved: no event, no version of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from civic.accounts.rules import AccountDeactivated
from civic.cases.queries import CasePage, answered_with
from civic.cases.rules import CaseAction, CaseChanged, RevisionsErased
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotAllowed, Stale
from civic.core.extensions import db
from civic.core.text import tidy
from civic.desk.keeping import may_keep, stands_already
from civic.desk.models import KeptText, ReplyBeginning
from civic.desk.rules import KEPT_FOR, Keepable, outdated

LONGEST_KEPT = 10_000
"""Twice what can be saved: whoever has to shorten a text must not lose it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What an open page sends: its text and other fields, which page it is, for the how many-th time.

    ``over`` says over whose text it may write: it names the visit whose text the person has seen and decided about.
    """

    text: str
    visit: str
    turn: int
    over: str = ""
    begun_with: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)


def keep_text(
    actor: Actor, case: CasePage, what: Keepable, typed: Typed, now: datetime, *, stands: Mapping[str, Any]
) -> bool:
    """Keep what is being written; whether there is anything to keep: not what ``stands`` saved already.

    Raises :class:`NotAllowed` for whoever could not save it now, :class:`Invalid` for a text too long to keep,
    :class:`Stale` if another page of the same person has kept something that wasn't decided about.
    """
    if not may_keep(case, what) or actor.account_id is None:
        raise NotAllowed(N_("This is not possible in the present state of the case."))
    text = tidy(typed.text)
    beside = {name: tidy(value) for name, value in typed.beside.items() if tidy(value)}
    if any(len(value) > LONGEST_KEPT for value in (text, *beside.values())):
        raise Invalid(
            N_("This is too long: at most %(longest)s characters."),
            code="text_too_long",
            field="text",
            longest=LONGEST_KEPT,
        )
    own = (
        KeptText.case_id == case.case_id,
        KeptText.account_id == actor.account_id,
        KeptText.what == what.value,
    )
    if not text or stands_already(text, beside, stands):
        db.session.execute(delete(KeptText).where(*own, KeptText.visit.in_([typed.visit, typed.over])))
        return False
    make = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    statement = make(KeptText).values(
        case_id=case.case_id,
        account_id=actor.account_id,
        what=what.value,
        text=text,
        beside=beside,
        begun_with=typed.begun_with,
        visit=typed.visit,
        turn=typed.turn,
        kept_at=now,
    )
    changed = ("text", "beside", "begun_with", "visit", "turn", "kept_at")
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["case_id", "account_id", "what"],
            set_={name: statement.excluded[name] for name in changed},
            where=or_(
                KeptText.visit == typed.over,
                and_(KeptText.visit == typed.visit, KeptText.turn < typed.turn),
            ),
        )
    )
    if db.session.scalar(select(KeptText.visit).where(*own)) != typed.visit:
        raise Stale(N_("You have written something else here in another window."), code="kept_elsewhere")
    return True


def drop_kept(actor: Actor, case_id: int, what: Keepable) -> None:
    """The writer has saved it, or doesn't want it any more."""
    db.session.execute(
        delete(KeptText).where(
            KeptText.case_id == case_id,
            KeptText.account_id == actor.account_id,
            KeptText.what == what.value,
        )
    )


def follow_case(change: CaseChanged) -> None:
    """What was written for a step that the case has taken goes, and everything with the resident's words.

    With the words of a merged case goes what is being written on the one that it's answered with.
    """
    gone = outdated(change.actions)
    if gone:
        cases = {change.case_id}
        if CaseAction.ERASE_WORDS in change.actions:
            cases.add(answered_with(change.case_id))
        db.session.execute(delete(KeptText).where(KeptText.case_id.in_(cases), KeptText.what.in_(gone)))


def follow_revisions(erased: RevisionsErased) -> None:
    """The template of a draft goes with the draft's versions: it had been filled in from the case."""
    db.session.execute(delete(ReplyBeginning).where(ReplyBeginning.reply_id.in_(erased.reply_ids)))


def follow_leaver(leaver: AccountDeactivated) -> None:
    """What somebody was writing goes with the account."""
    db.session.execute(delete(KeptText).where(KeptText.account_id == leaver.account_id))


def forget_kept_texts(now: datetime) -> None:
    """Forget what nobody has touched for long."""
    db.session.execute(delete(KeptText).where(KeptText.kept_at < now - KEPT_FOR))
