"""The full-text index of either database: how terms are written into it and asked for, newest entries first.

FTS5 reads its lists from the newest entry on and stops when it has enough. PostgreSQL reads whole lists: tens of
thousands of entries for a word that everybody uses. So its entries also hold the numbers of the blocks of ids they
lie in, of several sizes, and a search looks into the two newest blocks of each size before it looks everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    TableClause,
    any_,
    cast,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from civic.core.bulk import given_rows
from civic.core.extensions import db
from civic.search.models import VoiceEntry, voice_terms

Clause = tuple[frozenset[str], ...]
"""Sets of terms: all of one of them must be held."""


class Match(NamedTuple):
    """An entry that answers, with what found voices are counted by."""

    entry_id: int
    case_id: int
    kind: str
    answered: bool


_TERM = re.compile(r"\w+")
BLOCKS = (12, 15, 18)
"""Binary logarithms of the sizes of blocks: each is eight times the one before."""
FEW_PAIRS = 64
"""What asks for more pairs than this is long, so found rarely, and looked for everywhere at once."""


def matches(clauses: list[Clause], limit: int, *, before: int | None = None) -> list[Match]:
    """The newest entries that answer all clauses, newest first; only those ``before`` one if it's given."""
    # No entry holds a term with other signs; what a list is filtered by may come from an address.
    clauses = [tuple(group for group in clause if all(map(_TERM.fullmatch, group))) for clause in clauses]
    if not all(clauses):
        return []
    if _on_sqlite():
        # FTS5 is asked of the table as a whole, by its name.
        found = _newest(literal_column(voice_terms.name).op("MATCH")(_written(clauses)), limit, before)
        return _entries(VoiceEntry.id.in_(found))
    ids = _by_blocks(clauses, limit, before)
    # One array and no list of numbers, which take longer to hand over than to look up; and no join, for which
    # the planner reads all entries.
    return _entries(VoiceEntry.id == any_(cast(ids, ARRAY(BigInteger)))) if ids else []


def write(entries: Iterable[tuple[int, Collection[str]]]) -> None:
    """Put the terms of new entries into the index."""
    write_terms(voice_terms, {entry_id: {*own, *_blocks_of(entry_id)} for entry_id, own in entries})


def write_terms(index: TableClause, entries: Mapping[int, Collection[str]]) -> None:
    """Put the terms of new entries into an index that has none of them."""
    rows = [{"rowid": entry_id, "terms": " ".join(sorted(own))} for entry_id, own in entries.items()]
    if not rows:
        return
    if _on_sqlite():
        db.session.execute(insert(index), rows)
        return
    given = given_rows(index.c, rows)
    terms = func.array_to_tsvector(func.string_to_array(given.c.terms, " "))
    db.session.execute(insert(index).from_select(["rowid", "terms"], select(given.c.rowid, terms)))


def _on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _blocks_of(entry_id: int) -> list[str]:
    return [] if _on_sqlite() else [_block(size, entry_id >> size) for size in BLOCKS]


def _block(size: int, number: int) -> str:
    return f"_n{size}_{number}"


def _holds(clauses: list[Clause]) -> ColumnElement[bool]:
    # In a query of its own, so that the planner can't know how many hold a term: it takes looking through
    # all entries from the newest on for cheaper than it is.
    asked = select(cast(_written(clauses), TSQUERY)).scalar_subquery()
    return voice_terms.c.terms.op("@@")(asked)


def _by_blocks(clauses: list[Clause], limit: int, before: int | None) -> list[int]:
    pairs = sum(len(group) for clause in clauses for group in clause if len(group) > 1)
    newest = (before or db.session.scalar(select(func.max(VoiceEntry.id))) or 0) if pairs <= FEW_PAIRS else 0
    for size in BLOCKS:
        last = newest >> size
        if last <= 1:
            break
        blocks = (frozenset({_block(size, last)}), frozenset({_block(size, last - 1)}))
        found = list(db.session.scalars(_newest(_holds([*clauses, blocks]), limit, before)))
        if len(found) == limit:
            return found
    return list(db.session.scalars(_newest(_holds(clauses), limit, before)))


def _newest(condition: ColumnElement[bool], limit: int, before: int | None) -> Select[int]:
    query = select(voice_terms.c.rowid).where(condition).order_by(voice_terms.c.rowid.desc()).limit(limit)
    return query if before is None else query.where(voice_terms.c.rowid < before)


def _entries(condition: ColumnElement[bool]) -> list[Match]:
    query = select(VoiceEntry.id, VoiceEntry.case_id, VoiceEntry.kind, VoiceEntry.answered).where(condition)
    return [Match(*row) for row in db.session.execute(query.order_by(VoiceEntry.id.desc()))]


def _written(clauses: list[Clause]) -> str:
    """The clauses in the database's own notation. Terms hold letters, digits and ``_``: nothing to escape."""
    both, either, quote = (" AND ", " OR ", '"') if _on_sqlite() else (" & ", " | ", "'")

    def together(group: frozenset[str]) -> str:
        return "(" + both.join(f"{quote}{term}{quote}" for term in sorted(group)) + ")"

    return both.join("(" + either.join(together(group) for group in clause) + ")" for clause in clauses)
