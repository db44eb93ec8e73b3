"""The audit trail and what waits in the outbox, newest first, paged by key; names of departments for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from civic.accounts import queries as accounts
from civic.accounts.policy import can_read_audit
from civic.admin.policy import can_decide_deliveries
from civic.core.actor import Actor
from civic.core.audit import AuditEntry
from civic.core.dated import ChangeRow, history
from civic.core.errors import N_, NotFound
from civic.core.extensions import db
from civic.core.outbox import UNDECIDED, OutboxMessage, OutboxStatus
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.departments import queries as departments
from civic.web.locale import chinese_or_english

PAGE_SIZE = 100
DELIVERIES = 50


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act: when, by whom, what, on what; ``params`` are ids and codes."""

    id: int
    at: datetime
    actor_kind: str
    account_id: int | None
    account_name: str | None
    action: str
    subject_type: str
    subject_id: str
    subject_name: str | None
    params: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; everything that is empty doesn't narrow."""

    action: str = ""
    account_id: int | None = None
    """By or on this account."""


def audit_page(actor: Actor, wanted: AuditFilter, cursor: str | None) -> Page[AuditRow]:
    """100 acts a page. Auditors and administrators only."""
    can_read_audit(actor).require()
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.account_id is not None:
        on_it = (AuditEntry.subject_type == "account") & (AuditEntry.subject_id == str(wanted.account_id))
        query = query.where((AuditEntry.account_id == wanted.account_id) | on_it)
    after = decode_cursor(cursor, 1)
    if after is not None:
        query = query.where(AuditEntry.id < int(after[0] or 0))
    found = list(db.session.scalars(query))
    entries = found[:PAGE_SIZE]
    names = accounts.account_names([e.account_id for e in entries] + [_account_of(e) for e in entries])
    rows = tuple(_row(entry, names) for entry in entries)
    return Page(rows, encode_cursor(rows[-1].id) if len(found) > PAGE_SIZE else None)


def _account_of(entry: AuditEntry) -> int | None:
    is_account = entry.subject_type == "account" and entry.subject_id.isdigit()
    return int(entry.subject_id) if is_account else None


def _row(entry: AuditEntry, names: dict[int, str]) -> AuditRow:
    return AuditRow(
        id=entry.id,
        at=entry.at,
        actor_kind=entry.actor_kind,
        account_id=entry.account_id,
        account_name=names.get(entry.account_id or 0),
        action=entry.action,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        subject_name=names.get(_account_of(entry) or 0),
        params=tuple((key, str(value)) for key, value in sorted(entry.params.items())),
    )


def names_of_departments(ids: Iterable[int | None]) -> dict[int, str]:
    """Department names by id, in the reader's language."""
    found = departments.department_names(ids)
    return {i: chinese_or_english(d.name, d.name_hant, d.name_en) for i, d in found.items()}


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message that waits for a person: no text, no address, and of its key only a hash."""

    id: int
    kind: str
    state: str
    mark: str
    """By which two messages can be told apart, and the same one recognised in the log of a gateway's operator."""
    attempts: int
    created_at: datetime
    at: datetime
    """When it was tried last."""
    code: str
    waits: bool

    @property
    def uncertain(self) -> bool:
        return self.state == OutboxStatus.UNCERTAIN


@dataclass(frozen=True, slots=True)
class DeliveriesPage:
    """How many messages of each kind are in which state, and those that wait for a person, newest first."""

    counts: tuple[tuple[str, dict[str, int]], ...]
    page: Page[DeliveryRow]


def deliveries_page(actor: Actor, cursor: str | None) -> DeliveriesPage:
    """50 messages a page. Administrators only."""
    can_decide_deliveries(actor).require()
    counts: dict[str, dict[str, int]] = {}
    tally = select(OutboxMessage.kind, OutboxMessage.status, func.count()).group_by(
        OutboxMessage.kind, OutboxMessage.status
    )
    for kind, state, n in db.session.execute(tally):
        counts.setdefault(kind, {})[state] = n
    undecided = OutboxMessage.status.in_([state.value for state in UNDECIDED])
    query = select(OutboxMessage).where(undecided).order_by(OutboxMessage.id.desc()).limit(DELIVERIES + 1)
    after = decode_cursor(cursor, 1)
    if after is not None:
        query = query.where(OutboxMessage.id < int(after[0] or 0))
    found = list(db.session.scalars(query))
    rows = tuple(_delivery(row) for row in found[:DELIVERIES])
    more = encode_cursor(rows[-1].id) if len(found) > DELIVERIES else None
    return DeliveriesPage(tuple(sorted(counts.items())), Page(rows, more))


def delivery(actor: Actor, message_id: int) -> DeliveryRow:
    """One message of the outbox; raises :class:`NotFound` for what is settled and forgotten."""
    can_decide_deliveries(actor).require()
    row = db.session.get(OutboxMessage, message_id)
    if row is None:
        raise NotFound(N_("There is no such message."))
    return _delivery(row)


def _delivery(row: OutboxMessage) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        kind=row.kind,
        state=row.status,
        mark=sha256(row.key.encode()).hexdigest()[:10],
        attempts=row.attempts,
        created_at=row.created_at,
        at=row.due_at,
        code=row.last_error,
        waits=row.status in UNDECIDED,
    )


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One change for its history: fields as (name, old, new) in the reader's words, and who entered it."""

    row: ChangeRow
    fields: tuple[tuple[str, str, str], ...]
    by: str


def changes_of(subject: str, subject_id: int) -> tuple[ChangeShown, ...]:
    """The history of a row, planned changes first."""
    rows = history(subject, subject_id)
    names = accounts.account_names([row.recorded_by for row in rows if row.recorded_by])
    return tuple(
        ChangeShown(
            row,
            tuple((name, in_words(name, old), in_words(name, new)) for name, old, new in row.fields),
            names.get(row.recorded_by or 0, ""),
        )
        for row in rows
    )


def in_words(field: str, value: Any) -> str:
    """A stored value as a reader knows it: names instead of ids, yes and no."""
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if field == "days":
        return str(_(", ")).join(
            f"{day} {name} {_('workday') if works else _('day off')}" for day, works, name in value
        )
    if field in ("lead", "department_id"):
        return names_of_departments([value]).get(value, "—")
    if field == "support":
        found = names_of_departments(value)
        return str(_(", ")).join(found.get(one, "—") for one in value)
    if field == "street_id":
        return next((s.name for s in departments.streets() if s.id == int(value)), str(value))
    if field == "area":
        return next((area.name for area in departments.areas() if area.key == value), str(value))
    return value.isoformat() if isinstance(value, date) else str(value)
