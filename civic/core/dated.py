"""Changes of the district's own data from a day on, with their history.

Whoever changes a name, a responsibility or a street gives the day from which it holds, and why.
A day to come waits as a planned change until the daily job applies it; everything
applied stays as history. A feature registers what can be changed (:func:`register_subject`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import CheckConstraint, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.actor import Actor
from civic.core.audit import record
from civic.core.db import JsonDict, UtcDateTime
from civic.core.errors import N_, DomainError, Invalid, NotFound, Stale
from civic.core.extensions import db

Values = Mapping[str, Any]


class DatedChange(db.Model):  # type: ignore[name-defined,misc]
    """One change of one row; ``old`` and ``new`` hold only the fields that differ, ``old`` is {} for a new row."""

    __tablename__ = "dated_change"
    __table_args__ = (
        CheckConstraint("applied_at IS NULL OR withdrawn_at IS NULL", "applied_or_withdrawn"),
        Index("ix_dated_change_subject", "subject", "subject_id", "id"),
        Index("ix_dated_change_waiting", "applied_at", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int]
    old: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    new: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    effective_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Subject:
    """How rows of one kind are read and written. Values are plain JSON; ``write`` gets only what changes and the
    day from which it holds, and raises :class:`~civic.core.errors.DomainError` where the change can't be."""

    read: Callable[[int], dict[str, Any]]
    write: Callable[[int, Values, date], None]


@dataclass(frozen=True, slots=True)
class Dating:
    """From which day a change holds (a local day, inclusive), why, and on what paper."""

    effective_on: date
    reason: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change as the history shows it; ``fields`` are (name, old, new) and (name, None, new) of a new row."""

    id: int
    fields: tuple[tuple[str, Any, Any], ...]
    effective_on: date
    reason: str
    document: str
    recorded_by: int | None
    recorded_at: datetime
    applied: bool
    withdrawn: bool


def register_subject(app: Flask, name: str, subject: Subject) -> None:
    """Let rows of this kind be changed with a date."""
    app.extensions.setdefault("civic.dated", {})[name] = subject


def fingerprint(values: Values) -> str:
    """A mark of what a form showed: a save of something else is refused."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def change(
    actor: Actor,
    name: str,
    subject_id: int,
    values: Values,
    dating: Dating,
    now: datetime,
    today: date,
    *,
    seen: str | None = None,
) -> int:
    """Change a row from a day on: at once if that day has come, else when it comes. Returns the change's id.

    ``seen``: the :func:`fingerprint` of what the form showed. Raises :class:`Stale` if the row is another by
    now, :class:`Invalid` if nothing changes or no reason is given.
    """
    subject = _subject(name)
    current = subject.read(subject_id)
    if seen is not None and seen != fingerprint(current):
        raise Stale(
            N_("Someone else has changed this meanwhile. Compare what is stored with what you entered.")
        )
    if not dating.reason.strip():
        raise Invalid(N_("Say why it changes."), field="reason")
    new = {key: value for key, value in values.items() if current.get(key) != value}
    if not new:
        raise Invalid(N_("Nothing is changed yet."))
    row = _note(actor, name, subject_id, {key: current.get(key) for key in new}, new, dating, now)
    if dating.effective_on <= today:
        _apply(row, now)
    return row.id


def note_created(
    actor: Actor, name: str, subject_id: int, values: Values, dating: Dating, now: datetime
) -> None:
    """Begin the history of a row that was just made."""
    _note(actor, name, subject_id, {}, dict(values), dating, now).applied_at = now


def withdraw(actor: Actor, name: str, subject_id: int, change_id: int, now: datetime) -> None:
    """Drop a planned change; raises :class:`NotFound`, :class:`Invalid` once it is applied."""
    row = db.session.get(DatedChange, change_id)
    if row is None or (row.subject, row.subject_id) != (name, subject_id):
        raise NotFound(N_("There is no such change."))
    if row.applied_at is not None:
        raise Invalid(N_("This change is applied already. Enter a new one to change it back."))
    row.withdrawn_at = row.withdrawn_at or now
    record(actor, f"{name}.change_withdrawn", name, subject_id, now, change=row.id)


def apply_due(now: datetime, today: date) -> int:
    """Apply the planned changes whose day has come, oldest first; returns how many. Run by the worker."""
    query = select(DatedChange).where(
        DatedChange.applied_at.is_(None),
        DatedChange.withdrawn_at.is_(None),
        DatedChange.effective_on <= today,
    )
    applied = 0
    for row in db.session.scalars(query.order_by(DatedChange.effective_on, DatedChange.id)).all():
        try:
            with db.session.begin_nested():
                _apply(row, now)
            applied += 1
        except DomainError as error:
            # It stays planned and is shown as overdue to whoever entered it.
            structlog.get_logger().warning("a dated change can't be applied", change=row.id, error=str(error))
    return applied


def history(name: str, subject_id: int) -> tuple[ChangeRow, ...]:
    """All changes of a row, planned ones first, then the newest."""
    query = select(DatedChange).where(DatedChange.subject == name, DatedChange.subject_id == subject_id)
    rows = db.session.scalars(
        query.order_by(
            DatedChange.applied_at.is_not(None), DatedChange.effective_on.desc(), DatedChange.id.desc()
        )
    )
    return tuple(
        ChangeRow(
            row.id, tuple((key, row.old.get(key), value) for key, value in row.new.items()), row.effective_on,
            row.reason, row.document, row.recorded_by, row.recorded_at,
            row.applied_at is not None, row.withdrawn_at is not None,
        )
        for row in rows
    )  # fmt: skip


def changed_here(name: str) -> dict[int, frozenset[str]]:
    """{row: fields that were changed on the site}: a data file that is loaded again doesn't take them back."""
    found: dict[int, frozenset[str]] = {}
    query = select(DatedChange.subject_id, DatedChange.new).where(
        DatedChange.subject == name, DatedChange.applied_at.is_not(None)
    )
    for subject_id, new in db.session.execute(query):
        found[subject_id] = found.get(subject_id, frozenset()) | frozenset(new)
    return found


def _subject(name: str) -> Subject:
    subject: Subject = current_app.extensions["civic.dated"][name]
    return subject


def _note(
    actor: Actor, name: str, subject_id: int, old: Values, new: Values, dating: Dating, now: datetime
) -> DatedChange:
    row = DatedChange(
        subject=name, subject_id=subject_id, old=dict(old), new=dict(new), effective_on=dating.effective_on,
        reason=dating.reason.strip(), document=dating.document.strip(), recorded_by=actor.account_id,
        recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(actor, f"{name}.change", name, subject_id, now, change=row.id, fields=sorted(new))
    return row


def _apply(row: DatedChange, now: datetime) -> None:
    subject = _subject(row.subject)
    current = subject.read(row.subject_id)
    # What stood on the day itself, which may be other than when the change was entered.
    row.old = {key: current.get(key) for key in row.new}
    subject.write(row.subject_id, row.new, row.effective_on)
    row.applied_at = now
    db.session.flush()
