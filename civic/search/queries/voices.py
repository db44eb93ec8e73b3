"""Published voices that answer a query, newest first, from the full-text index of either database.

What a voice is filtered by is held as terms beside its words, so that a rare department among frequent words
costs no more than a rare word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from markupsafe import Markup, escape
from sqlalchemy import func, select

from civic.cases import queries as cases
from civic.cases.queries import VoiceFilter, VoiceRow
from civic.cases.rules import FeedbackKind
from civic.core.errors import N_, Invalid
from civic.core.extensions import db
from civic.core.paging import Page, decode_cursor, encode_cursor
from civic.departments import queries as departments
from civic.search.models import VoiceEntry, voice_terms
from civic.search.queries.fulltext import Clause, matches
from civic.search.queries.items import LONGEST_QUERY
from civic.search.rules import held_terms, marked, ways, window

MOST_COUNTED = 1000
"""More voices than this are said as "1,000+": nobody reads them one by one, and counting takes time."""

LONGEST_PERIOD = 366
"""Days; each is a term of its own in a query."""

VOICES_SHOWN = 10
"""Voices below the items on the first view of a search."""


@dataclass(frozen=True, slots=True)
class VoicesFound:
    """A page of voices with how many there are: ``count`` is at most ``MOST_COUNTED``, and then there may be more."""

    voices: Page[VoiceRow]
    count: int
    capped: bool
    terms: frozenset[str]
    """What to highlight."""
    kinds: Mapping[FeedbackKind, int] = field(default_factory=dict)
    """How many of those counted are of each kind; of what there's none of is left out."""
    answered: int = 0
    """How many of those counted have an answer."""


NOTHING = VoicesFound(Page((), None), 0, False, frozenset())


def find_voices(
    query: str,
    wanted: VoiceFilter | None = None,
    cursor: str | None = None,
    *,
    now: datetime | None = None,
    size: int = 20,
) -> VoicesFound:
    """Published voices that hold the words of the query, newest first; an empty query finds nothing.

    Raises :class:`~civic.core.errors.Invalid` for a broken cursor.
    """
    asked = ways(query[:LONGEST_QUERY])
    if not asked:
        return NOTHING
    clauses = [asked, *_clauses(wanted or VoiceFilter())]
    newest = matches(clauses, MOST_COUNTED + 1)
    after = decode_cursor(cursor, 1)
    shown = newest[: size + 1] if after is None else matches(clauses, size + 1, before=_entry_of(after[0]))
    counted = newest[:MOST_COUNTED]
    kinds = Counter(one.kind for one in counted)
    return VoicesFound(
        Page(
            _rows([one.case_id for one in shown[:size]], now),
            encode_cursor(shown[size - 1].entry_id) if len(shown) > size else None,
        ),
        *_capped(len(newest)),
        frozenset().union(*asked),
        {kind: kinds[kind.value] for kind in FeedbackKind if kinds[kind.value]},
        sum(one.answered for one in counted),
    )


def count_voices(wanted: VoiceFilter) -> tuple[int, bool]:
    """How many voices a list holds, and whether there may be more than that."""
    clauses = _clauses(wanted)
    if clauses:
        return _capped(len(matches(clauses, MOST_COUNTED + 1)))
    some = select(VoiceEntry.id).limit(MOST_COUNTED + 1).subquery()
    return _capped(db.session.scalar(select(func.count()).select_from(some)) or 0)


def _capped(n: int) -> tuple[int, bool]:
    return min(n, MOST_COUNTED), n > MOST_COUNTED


def terms_of(row: VoiceRow) -> frozenset[str]:
    """The terms by which a voice is found: of its words, its answer and its number, and what it's filtered by."""
    marks = {
        f"_k_{row.kind.value}",
        f"_st_{row.state.value}",
        "_answered" if is_answered(row) else "_unanswered",
        f"_on_{departments.local_day(row.published_at):%Y%m%d}",
    }
    for letter, value in (("d", row.department_id), ("s", row.street_id), ("i", row.item_id)):
        if value is not None:
            marks.add(f"_{letter}_{value}")
    if row.paragraph_anchor:
        marks.add(f"_p_{row.item_id}_{row.paragraph_anchor}")
    return held_terms((row.text, row.reply_text, row.reference)) | marks


def is_answered(row: VoiceRow) -> bool:
    """Whether the reply that stands to a voice says what came of it."""
    return row.resolution is not None


def voice_index_is_right() -> bool:
    """Whether the index holds what is public and nothing else."""
    indexed = set(db.session.scalars(select(VoiceEntry.case_id)))
    held = db.session.scalar(select(func.count(voice_terms.c.rowid)))
    return indexed == set(cases.public_case_ids()) and held == len(indexed)


def highlight(words: str, terms: Collection[str], length: int = 0) -> Markup:
    """The words with what was found in ``<mark>``; with a ``length``, only so many characters around the first."""
    shown = window(words, terms, length) if length else words
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if found else escape(piece)
        for piece, found in marked(shown, terms)
    )


def _clauses(wanted: VoiceFilter) -> list[Clause]:
    found: list[Clause] = _days(wanted.since, wanted.until)
    if wanted.paragraph_anchor:
        pointed = (frozenset({f"_p_{item_id}_{wanted.paragraph_anchor}"}) for item_id in wanted.item_ids)
        found.append(tuple(pointed))
    elif wanted.item_ids:
        found.append(tuple(frozenset({f"_i_{item_id}"}) for item_id in wanted.item_ids))
    if wanted.department_id is not None:
        found.append((frozenset({f"_d_{wanted.department_id}"}),))
    if wanted.street_id is not None:
        found.append((frozenset({f"_s_{wanted.street_id}"}),))
    if wanted.kind is not None:
        found.append((frozenset({f"_k_{wanted.kind.value}"}),))
    if wanted.state is not None:
        found.append((frozenset({f"_st_{wanted.state.value}"}),))
    if wanted.answered is not None:
        found.append((frozenset({"_answered" if wanted.answered else "_unanswered"}),))
    return found


def _days(since: date | None, until: date | None) -> list[Clause]:
    if since is None and until is None:
        return []
    if since is None or until is None or not 0 <= (until - since).days <= LONGEST_PERIOD:
        raise ValueError("a period has a first and a last day, at most a year apart")
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [tuple(frozenset({f"_on_{day:%Y%m%d}"}) for day in days)]


def _rows(case_ids: list[int], now: datetime | None) -> tuple[VoiceRow, ...]:
    rows = cases.voices_by_id(case_ids, now)
    return tuple(rows[case_id] for case_id in case_ids if case_id in rows)


def _entry_of(value: object) -> int:
    if not isinstance(value, int) or not 0 < value < 2**62:
        raise Invalid(N_("This page of the list can't be opened. Go back to its beginning."))
    return value
