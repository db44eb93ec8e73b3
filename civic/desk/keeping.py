"""Unsaved texts on a case: the reader's own, to be put back, and that others have begun one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.cases.queries import CasePage
from civic.core.actor import Actor
from civic.core.extensions import db
from civic.core.text import tidy
from civic.desk.models import KeptText
from civic.desk.rules import KEEPS, KEPT_FOR, Keepable


@dataclass(frozen=True, slots=True)
class Kept:
    """One's own unsaved text, the other fields with it, and the template it began with (``id:version``), '' if none."""

    text: str
    beside: Mapping[str, str]
    begun_with: str
    visit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody else has an unsaved text here; what it says stays theirs until they save it."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept on one case, by what it's for."""

    own: Mapping[Keepable, Kept]
    others: Mapping[Keepable, tuple[Begun, ...]]

    def offered(self, what: Keepable, stands: Mapping[str, Any]) -> Kept | None:
        """What can be put back: nothing if the fields, by their names, say the same already."""
        kept = self.own.get(what)
        return None if kept is None or stands_already(kept.text, kept.beside, stands) else kept


def stands_already(text: str, beside: Mapping[str, str], stands: Mapping[str, Any]) -> bool:
    """Whether these fields have nothing that isn't there; an empty one has nothing."""
    typed = {"text": text, **beside}
    return all(value in ("", tidy(str(stands.get(name) or ""))) for name, value in typed.items())


def may_keep(case: CasePage, what: Keepable) -> bool:
    """Whether the reader could save such a text now: only then is one kept, and given back."""
    return case.may(KEEPS[what]) if what in KEEPS else bool(case.parties)


def keeping_of(actor: Actor, case: CasePage, now: datetime) -> Keeping:
    """The unsaved texts of a case that concern the reader."""
    rows = db.session.scalars(
        select(KeptText)
        .where(KeptText.case_id == case.case_id, KeptText.kept_at > now - KEPT_FOR)
        .order_by(KeptText.kept_at, KeptText.account_id)
    ).all()
    open_to = {what for what in Keepable if may_keep(case, what)}
    mine = [row for row in rows if row.account_id == actor.account_id and row.what in open_to]
    theirs = [row for row in rows if row.account_id != actor.account_id and row.what in open_to & _SHARED]
    names = accounts.account_names(row.account_id for row in theirs)
    return Keeping(
        own={
            Keepable(row.what): Kept(row.text, row.beside, row.begun_with, row.visit, row.kept_at)
            for row in mine
        },
        others={
            what: tuple(
                Begun(names.get(row.account_id, ""), row.kept_at) for row in theirs if row.what == what
            )
            for what in _SHARED
        },
    )


_SHARED = frozenset({Keepable.REPLY, Keepable.PROPOSAL, Keepable.CORRECTION})
"""What only one can write: whoever begins it should know of the others. Notes and parts are each one's own."""
