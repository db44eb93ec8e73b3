"""The audit trail, newest first, paged by key; names of departments for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.accounts.policy import can_read_audit
from civic.core.actor import Actor
from civic.core.audit import AuditEntry
from civic.core.dated import ChangeRow, history
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.departments import queries as departments
from civic.web.locale import chinese_or_english

PAGE_SIZE = 100


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
