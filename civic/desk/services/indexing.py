"""The index of what is said on cases follows each change of the words, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, text

from civic.cases import queries as cases
from civic.cases.rules import CaseAction, CaseChanged, CasesLoaded, NoteAdded
from civic.core.extensions import db
from civic.desk.models import staff_terms
from civic.search.queries.fulltext import write_terms
from civic.search.rules import held_terms

BATCH = 500

WORDY = frozenset(
    {
        CaseAction.SUBMIT,
        CaseAction.ADD_INFORMATION,
        CaseAction.APPEAL,
        CaseAction.RATE,
        CaseAction.REOPEN,
        CaseAction.DRAFT_REPLY,
        CaseAction.PUBLISH_REPLY,
        CaseAction.DRAFT_CORRECTION,
        CaseAction.CORRECT_REPLY,
        CaseAction.CONCEAL_REPLY,
        CaseAction.ERASE_WORDS,
        # A draft belongs to its department.
        CaseAction.ROUTE,
        CaseAction.TRANSFER,
        CaseAction.DESIGNATE,
        CaseAction.SUCCEED,
        CaseAction.FOLLOW,
    }
)
"""What changes the words that are found."""


def follow_words(change: CaseChanged) -> None:
    """Index the words of a case as they are now; what was erased is found no longer."""
    if not WORDY.isdisjoint(change.actions):
        _index([change.case_id])


def follow_note(note: NoteAdded) -> None:
    """Index a case with its new note."""
    _index([note.case_id])


def follow_load(loaded: CasesLoaded) -> None:
    """Index past cases; none of them is there yet."""
    for start in range(0, len(loaded.case_ids), BATCH):
        _write(loaded.case_ids[start : start + BATCH])


def rebuild_staff_index() -> int:
    """Make the index anew; how many cases it holds."""
    db.session.execute(delete(staff_terms))
    count, last = 0, 0
    while batch := cases.case_ids_after(last, BATCH):
        _write(batch)
        count, last = count + len(batch), batch[-1]
    if db.engine.dialect.name == "sqlite":
        # FTS5's own command: one piece is read faster than the many that were written.
        db.session.execute(text("INSERT INTO staff_terms (staff_terms) VALUES ('optimize')"))
    return count


def _index(case_ids: Collection[int]) -> None:
    db.session.execute(delete(staff_terms).where(staff_terms.c.rowid.in_(case_ids)))
    _write(case_ids)


def _write(case_ids: Collection[int]) -> None:
    write_terms(
        staff_terms, {case_id: held_terms(texts) for case_id, texts in cases.words_on(case_ids).items()}
    )
