"""Plain summaries: an editor's words about an item, each version kept. Publishing one changes nothing of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from civic.core import outbox
from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.errors import N_, Invalid, Stale
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.core.text import tidy
from civic.plans.models import PlainSummary
from civic.plans.policy import can_summarise
from civic.plans.queries.summaries import plain_summary
from civic.web.caching import renew_reference

KIND = "plain_script"
"""The kind of the outbox message that asks for the Traditional form."""

SHORTEST, LONGEST = 10, 600


@dataclass(frozen=True, slots=True)
class NewSummary:
    """What an editor wrote. ``seen_id``: the version that was on the screen, 0 if there was none."""

    text: str
    text_en: str = ""
    seen_id: int = 0


def publish_plain_summary(actor: Actor, item_id: int, new: NewSummary, now: datetime) -> int:
    """Publish a version and return its id; an empty text takes the summary back.

    Raises :class:`~civic.core.errors.NotAllowed`, :class:`Invalid`, :class:`Stale` if another version came first.
    """
    can_summarise(actor).require()
    words, english = tidy(new.text), tidy(new.text_en)
    current = plain_summary(item_id)
    if (current.id if current else 0) != new.seen_id:
        raise Stale(N_("Somebody else has published a summary of this item in the meantime."), code="stale")
    _check(words, english, bool(current and current.text))
    if current and (current.text, current.text_en) == (words, english):
        raise Invalid(N_("Nothing has changed."), field="text")
    row = PlainSummary(
        item_id=item_id, text=words, text_en=english, written_by=actor.account_id, published_at=now,
        supersedes_id=current.id if current else None,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Stale(
            N_("Somebody else has published a summary of this item in the meantime."), code="stale"
        ) from error
    if words:
        outbox.enqueue(KIND, f"{KIND}:{row.id}", {"summary_id": row.id}, now)
    renew_reference()
    record(actor, "plan.plain_summary", "item", item_id, now, summary_id=row.id)
    return row.id


def _check(words: str, english: str, stands: bool) -> None:
    if not words:
        if english or not stands:
            raise Invalid(N_("Write the summary in Chinese."), field="text")
        return
    if len(words) < SHORTEST:
        raise Invalid(N_("Please write a sentence: at least %(n)s characters."), field="text", n=SHORTEST)
    for field, text in (("text", words), ("text_en", english)):
        if len(text) > LONGEST * (3 if field == "text_en" else 1):
            raise Invalid(N_("A summary is short: at most %(n)s characters."), field=field, n=LONGEST)


def write_plain_traditional(payload: Mapping[str, Any], now: datetime) -> None:
    """Write the Traditional form of one version; doing it twice changes nothing."""
    row = db.session.get(PlainSummary, payload["summary_id"])
    if row is not None and row.text and not row.text_hant:
        row.text_hant = traditional(row.text)
        renew_reference()
