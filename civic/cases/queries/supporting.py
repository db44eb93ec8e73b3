"""Who supports a published voice: how many browsers, and whether this one does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from civic.cases.models import Case, VoiceSupport
from civic.cases.queries.voice_rows import VoiceRow
from civic.cases.queries.voices import voices_by_id
from civic.core.crypto import keyed_hash
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.ids import normalise_reference


@dataclass(frozen=True, slots=True)
class Supported:
    """A published voice with its supporters as they are this moment; ``mine``: the asking browser is one."""

    case_id: int
    voice: VoiceRow
    count: int
    mine: bool


def supported(reference: str, browser: str | None = None, now: datetime | None = None) -> Supported:
    """The voice by this number, or the one it was merged into; raises :class:`NotFound` unless it's public."""
    case_id = db.session.scalar(
        select(func.coalesce(Case.survivor_id, Case.id)).where(
            Case.reference == normalise_reference(reference)
        )
    )
    voice = voices_by_id([case_id], now).get(case_id) if case_id is not None else None
    if case_id is None or voice is None:
        raise NotFound(N_("There is no public message with this number."))
    return Supported(case_id, voice, count_supporters(case_id), _supports(case_id, browser))


def count_supporters(case_id: int) -> int:
    """How many browsers support a case or one that was merged into it; each counts once."""
    n = func.count(VoiceSupport.browser_hash.distinct())
    return db.session.scalar(select(n).where(VoiceSupport.case_id.in_(joined(case_id)))) or 0


def joined(case_id: int) -> Select[int]:
    """The ids of a case and of those that were merged into it."""
    return select(Case.id).where(or_(Case.id == case_id, Case.survivor_id == case_id))


def browser_hash(browser: str) -> str:
    """What is kept of a browser's number."""
    return keyed_hash(browser, "browser")


def _supports(case_id: int, browser: str | None) -> bool:
    if browser is None:
        return False
    mine = (VoiceSupport.case_id.in_(joined(case_id)), VoiceSupport.browser_hash == browser_hash(browser))
    return db.session.scalar(select(VoiceSupport.case_id).where(*mine).limit(1)) is not None
