"""Cases that hold the words somebody at the desk looks for: an index of its own, which no public page reads.

It holds what departments write among themselves, so neither its table nor its query is shared with public search.
Who may see what is found is decided by the list that it narrows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from civic.cases import queries as cases
from civic.core.extensions import db
from civic.core.ids import normalise_reference
from civic.desk.models import staff_terms
from civic.search.rules import ways


def cases_with(text: str) -> Select[Any] | tuple[int, ...]:
    """The cases that a search is for: the one of that number, else those that hold all of the words."""
    number = normalise_reference(text)
    case_id = cases.case_id_of(number) if number else None
    if case_id is not None:
        return (case_id,)
    asked = ways(text)
    if not asked:
        return ()
    found = select(staff_terms.c.rowid)
    if db.engine.dialect.name == "sqlite":
        # FTS5 is asked of the table as a whole, by its name.
        return found.where(
            literal_column(staff_terms.name).op("MATCH")(_written(asked, " AND ", " OR ", '"'))
        )
    return found.where(
        staff_terms.c.terms.op("@@")(cast(literal(_written(asked, " & ", " | ", "'"), Text), TSQUERY))
    )


def staff_index_is_whole() -> bool:
    """Whether every case is in the index, and nothing else."""
    held = db.session.scalar(select(func.count(staff_terms.c.rowid)))
    return held == cases.count_cases()


def _written(asked: tuple[frozenset[str], ...], both: str, either: str, quote: str) -> str:
    """Sets of terms, of one of which all must be held; terms are letters and digits: nothing to escape."""
    groups = (both.join(f"{quote}{term}{quote}" for term in sorted(group)) for group in asked)
    return either.join(f"({group})" for group in groups)
