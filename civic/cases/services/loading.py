"""Past cases from another system, many at once: the rows that single steps would have left, written in bulk.

Events, projections and counters are made by the same pure rules as everything else, so that a replay gives the same
rows; only the way into the database is shorter. What is loaded tells nobody, makes no receipt and keeps no contact.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.cases.codes import text_fingerprint
from civic.cases.models import (
    Assignment,
    Case,
    CaseEvent,
    CaseRound,
    CaseText,
    Feedback,
    Rating,
    Reply,
    ReplyState,
    TextRole,
)
from civic.cases.rules import CaseFacts, CasesLoaded, CounterKey, Event, contributions, replay
from civic.cases.rules.past_events import Almanac, Kept, past_events
from civic.cases.rules.past_rows import PastCase, Places
from civic.cases.services.applying import salted_hash
from civic.cases.services.counting import post
from civic.cases.services.projecting import case_columns, round_columns, stint_columns
from civic.cases.services.surroundings import Surroundings, reference_prefix
from civic.core import events, ids
from civic.core.actor import ActorKind
from civic.core.bulk import insert_rows
from civic.core.crypto import keyed_hash
from civic.core.db import reserve_ids
from civic.core.extensions import db
from civic.core.scripts import traditional
from civic.departments import queries as departments
from civic.plans import queries as plans
from civic.web.caching import raise_content_version

LOCALE = "zh_Hans"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of some rows: new cases, those known from an earlier load, and published ones kept unseen."""

    new: int = 0
    known: int = 0
    kept_private: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(self.new + other.new, self.known + other.known, self.kept_private + other.kept_private)


def almanac() -> Almanac:
    """Working days and service levels as they stand, each level with the day since which it holds."""
    calendar, levels = departments.calendar(), departments.service_levels()
    return Almanac(
        calendar, lambda department_id, day: Surroundings(calendar, levels, day).levels(department_id)
    )


def places(plan_slug: str = "") -> Places:
    """All departments, streets and items by key and by name; items also by the code alone, of one plan.

    Without a plan's name that is the latest plan.
    """
    everyone = departments.departments(include_inactive=True)
    streets = departments.streets(include_inactive=True)
    documents = plans.documents()
    chosen = plan_slug or next((one.plan.slug for one in documents), "")
    items = {f"{one.plan.slug}/{ref.code}": ref.id for one in documents for ref in one.items}
    items |= {ref.code: ref.id for one in documents if one.plan.slug == chosen for ref in one.items}
    return Places(
        departments={row.name: row.id for row in everyone} | {row.key: row.id for row in everyone},
        items=items,
        streets={row.name: row.id for row in streets} | {row.code: row.id for row in streets},
        heirs=departments.heirs(),
        closed=frozenset(row.id for row in everyone if not row.active),
    )


def load_past_cases(rows: Sequence[PastCase], system: str, counted: Almanac, now: datetime) -> Loaded:
    """Write these cases, but for those that were loaded from the same system before; in the caller's transaction."""
    marks = {past.id: keyed_hash(f"{system}\x00{past.id}", "loaded-case") for past in rows}
    known = _known(marks.values())
    new = [past for past in rows if marks[past.id] not in known]
    if not new:
        return Loaded(known=len(rows))
    batch = _Batch(system, counted, now)
    for past, case_id, feedback_id, reply_id, text_id, reference in zip(
        new,
        reserve_ids(Case.__table__, len(new)),
        reserve_ids(Feedback.__table__, len(new)),
        reserve_ids(Reply.__table__, len(new)),
        reserve_ids(CaseText.__table__, len(new)),
        _references([counted.calendar.local_day(past.submitted_at).year for past in new]),
        strict=True,
    ):
        batch.add(past, marks[past.id], reference, _Ids(case_id, feedback_id, reply_id, text_id))
    batch.write()
    return Loaded(len(new), len(rows) - len(new), sum(past.exposes for past in new))


def _known(marks: Iterable[str]) -> set[str]:
    query = select(Feedback.nonce_hash).where(Feedback.nonce_hash.in_(list(marks)))
    return set(db.session.scalars(query))


def _references(years: Sequence[int]) -> list[str]:
    """As many free case numbers, each of its year."""
    prefix = reference_prefix()
    found = [ids.new_reference(prefix, year) for year in years]
    while True:
        taken = set(db.session.scalars(select(Case.reference).where(Case.reference.in_(found))))
        seen: set[str] = set()
        for place, reference in enumerate(found):
            if reference in taken or reference in seen:
                found[place] = ids.new_reference(prefix, years[place])
            seen.add(found[place])
        if not taken and len(seen) == len(found):
            return found


@dataclass(frozen=True, slots=True)
class _Ids:
    case: int
    feedback: int
    reply: int
    text: int


@dataclass
class _Batch:
    """The rows of many cases, table by table."""

    system: str
    almanac: Almanac
    now: datetime
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    counters: Counter[CounterKey] = field(default_factory=Counter)
    visible: list[int] = field(default_factory=list)
    case_ids: list[int] = field(default_factory=list)

    def add(self, past: PastCase, mark: str, reference: str, own: _Ids) -> None:
        """One case with everything that belongs to it."""
        salt = secrets.token_hex(16)
        kept = self._keep(past, own, salt)
        history = past_events(past, kept, self.almanac, self.system, self.now)
        facts = replay(history)
        assert facts is not None
        self.case_ids.append(own.case)
        if facts.is_visible:
            self.visible.append(own.case)
        self._words(past, own, mark, salt, facts)
        self._row(
            Case,
            id=own.case,
            reference=reference,
            version=1,
            feedback_id=own.feedback,
            **case_columns(facts),
        )
        self._history(own.case, history)
        for stint in facts.stints:
            self._row(Assignment, case_id=own.case, number=stint.number, **stint_columns(facts, stint))
        for entry in facts.rounds:
            self._row(CaseRound, case_id=own.case, number=entry.number, **round_columns(facts, entry))
        self.counters.update(contributions(facts))

    def write(self) -> None:
        """Everything at once, what others refer to first."""
        for model in (Feedback, Case, CaseEvent, Assignment, CaseRound, Reply, CaseText, Rating):
            if model in self.rows:
                insert_rows(model.__table__, self.rows[model])
        post(dict(sorted(self.counters.items(), key=_place)))
        if self.visible:
            raise_content_version()
        events.publish(CasesLoaded(tuple(self.case_ids), tuple(self.visible)))

    def _row(self, model: Any, **values: Any) -> None:
        self.rows.setdefault(model, []).append(values)

    def _words(self, past: PastCase, own: _Ids, mark: str, salt: str, facts: CaseFacts) -> None:
        """The resident's words; no contact, and no key by which anybody could look the case up."""
        self._row(
            Feedback,
            id=own.feedback,
            received_at=past.submitted_at,
            kind=past.kind.value,
            item_id=past.item_id,
            text=past.text,
            text_hant=traditional(past.text) if facts.is_visible else "",
            text_salt=salt,
            text_hash=text_fingerprint(past.text),
            street_id=past.street_id,
            place=past.place,
            wants_publication=facts.wants_publication,
            channel=past.channel.value,
            outside_reference=past.id,
            loaded_from=self.system,
            nonce_hash=mark,
            locale=LOCALE,
        )
        answer = past.answer
        if answer is not None and facts.is_visible:
            self.rows[Reply][-1]["text_hant"] = traditional(answer.text)

    def _keep(self, past: PastCase, own: _Ids, salt: str) -> Kept:
        """What the events name: the words, the answer and its rating, the explanation of a refusal."""
        text_hash, answer = salted_hash(salt, past.text), past.answer
        if past.declined is not None and past.declined.explanation:
            return Kept(own.feedback, text_hash, refusal=self._explanation(past, own))
        if answer is None:
            return Kept(own.feedback, text_hash)
        reply_salt = secrets.token_hex(16)
        self._row(
            Reply,
            id=own.reply,
            case_id=own.case,
            department_id=past.department_id,
            round=1,
            state=ReplyState.PUBLISHED.value,
            version=1,
            text=answer.text,
            text_hant="",
            salt=reply_salt,
            resolution=answer.resolution.value,
            referred_to=answer.referred_to,
            written_at=answer.at,
            published_at=answer.at,
        )
        if past.rating is not None:
            self._row(
                Rating,
                case_id=own.case,
                answered_case_id=own.case,
                round=1,
                reply_id=own.reply,
                level=past.rating.value,
                solved=past.solved.value if past.solved else None,
                at=past.rated_at or past.closed_at or answer.at,
            )
        return Kept(own.feedback, text_hash, own.reply, salted_hash(reply_salt, answer.text))

    def _explanation(self, past: PastCase, own: _Ids) -> dict[str, Any]:
        assert past.declined is not None
        salt = secrets.token_hex(16)
        self._row(
            CaseText,
            id=own.text,
            case_id=own.case,
            role=TextRole.DECLINE_EXPLANATION.value,
            text=past.declined.explanation,
            salt=salt,
            at=past.declined.at,
        )
        return {"text_id": own.text, "hash": salted_hash(salt, past.declined.explanation)}

    def _history(self, case_id: int, history: Sequence[Event]) -> None:
        for seq, event in enumerate(history, start=1):
            self._row(
                CaseEvent,
                case_id=case_id,
                seq=seq,
                action=event.action.value,
                at=event.at,
                day=event.day,
                actor_kind=ActorKind.SYSTEM.value,
                params=dict(event.params),
            )


def _place(entry: tuple[CounterKey, int]) -> tuple[Any, ...]:
    """Where a counter stands in the order in which all writers post them."""
    key = entry[0]
    return (
        key.measure, key.day, key.department_id, key.item_id, key.street_id, key.kind, key.bucket,
    )  # fmt: skip
