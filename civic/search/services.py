"""Writes of the index of voices: it follows each change of a case, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, text, update

from civic.cases import queries as cases
from civic.cases.queries import VoiceRow
from civic.cases.rules import CaseChanged, CasesLoaded
from civic.core.extensions import db
from civic.search.models import VoiceEntry, voice_terms
from civic.search.queries.fulltext import write
from civic.search.queries.voices import is_answered, terms_of

BATCH = 500


def follow_case(change: CaseChanged) -> None:
    """Index what can be read of a case now, or forget it: a takedown holds from the next request on."""
    if not change.visible and not change.was_visible:
        return
    row = cases.voices_by_id([change.case_id]).get(change.case_id)
    if row is None:
        _forget(change.case_id)
    else:
        _index(change.case_id, row)


def follow_load(loaded: CasesLoaded) -> None:
    """Index what can be read of past cases. They stand before all that is there: ``rebuild-search`` sorts them in."""
    _write(loaded.visible)


def rebuild_voices() -> int:
    """Make the index anew from what is public; how many voices it holds."""
    db.session.execute(delete(voice_terms))
    db.session.execute(delete(VoiceEntry))
    ids = cases.public_case_ids()
    _write(ids)
    if db.engine.dialect.name == "sqlite":
        # FTS5's own command: one piece is read faster than the many that were written.
        db.session.execute(text("INSERT INTO voice_terms (voice_terms) VALUES ('optimize')"))
    return len(ids)


def _write(ids: Sequence[int]) -> None:
    """Entries of cases that have none, in this order."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        rows = cases.voices_by_id(batch)
        entries = [_entry(case_id, rows[case_id]) for case_id in batch]
        db.session.add_all(entries)
        db.session.flush()
        write((entry.id, terms_of(rows[entry.case_id])) for entry in entries)


def _index(case_id: int, row: VoiceRow) -> None:
    entry_id, now = _entry_of(case_id), _entry(case_id, row)
    if entry_id is None:
        db.session.add(now)
        db.session.flush()
        entry_id = now.id
    else:
        changed = update(VoiceEntry).where(VoiceEntry.id == entry_id)
        db.session.execute(changed.values(kind=now.kind, answered=now.answered))
        _erase_terms(entry_id)
    write([(entry_id, terms_of(row))])


def _entry(case_id: int, row: VoiceRow) -> VoiceEntry:
    return VoiceEntry(case_id=case_id, kind=row.kind.value, answered=is_answered(row))


def _forget(case_id: int) -> None:
    entry_id = _entry_of(case_id)
    if entry_id is not None:
        _erase_terms(entry_id)
        db.session.execute(delete(VoiceEntry).where(VoiceEntry.id == entry_id))


def _entry_of(case_id: int) -> int | None:
    return db.session.scalar(select(VoiceEntry.id).where(VoiceEntry.case_id == case_id))


def _erase_terms(entry_id: int) -> None:
    db.session.execute(delete(voice_terms).where(voice_terms.c.rowid == entry_id))
