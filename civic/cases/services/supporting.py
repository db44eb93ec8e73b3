"""Supporting a published voice, and taking it back: once per browser, counted for the public pages once a minute.

A press writes two small rows and no public page changes; :func:`show_supports` counts what was pressed since and
renews the pages once for all of it (decision 018).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from civic.cases.models import Case, SupportChange, VoiceSupport
from civic.cases.queries.supporting import browser_hash, count_supporters, joined, supported
from civic.cases.services.locking import lock_cases
from civic.core.extensions import db
from civic.web.caching import raise_content_version

BATCH = 500
"""Voices counted in one run: the next run goes on where this one stopped."""


def support_voice(reference: str, browser: str, now: datetime) -> None:
    """Count a browser's support once; pressing again changes nothing. Raises :class:`NotFound` unless it's public.

    Who was merged into another case is supported there.
    """
    found = supported(reference, browser)
    if found.mine:
        return
    statement = _insert(VoiceSupport).values(
        case_id=found.case_id, browser_hash=browser_hash(browser), at=now
    )
    db.session.execute(statement.on_conflict_do_nothing())
    note_support_change([found.case_id], now)


def take_back_support(reference: str, browser: str, now: datetime) -> None:
    """Forget a browser's support; without one nothing changes. Raises :class:`NotFound` unless it's public."""
    found = supported(reference, browser)
    mine = (
        VoiceSupport.case_id.in_(joined(found.case_id)),
        VoiceSupport.browser_hash == browser_hash(browser),
    )
    gone = db.session.scalars(
        delete(VoiceSupport)
        .where(*mine)
        .returning(VoiceSupport.case_id)
        .execution_options(synchronize_session=False)
    )
    touched = set(gone)
    if touched:
        touched.add(found.case_id)
        lock_cases(touched)
        note_support_change(touched, now)


def note_support_change(case_ids: Iterable[int], now: datetime) -> None:
    """Have these voices' supporters counted again.

    The row is written even if it's there: that holds off a count which would not see this transaction yet.
    """
    for case_id in sorted(case_ids):
        statement = _insert(SupportChange).values(case_id=case_id, at=now)
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["case_id"], set_={"at": statement.excluded.at})
        )


def show_supports(now: datetime) -> int:
    """Count again what was pressed since the last time; how many public numbers changed.

    What another transaction is just pressing, or a case that is just being changed, waits for the next run; this one
    waits for nobody.
    """
    due = list(
        db.session.scalars(
            select(SupportChange.case_id)
            .join(Case, Case.id == SupportChange.case_id)
            .order_by(SupportChange.case_id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    )
    db.session.execute(delete(SupportChange).where(SupportChange.case_id.in_(due)))
    shown = sum(_count_again(case_id) for case_id in due)
    if shown:
        raise_content_version()
    return shown


def _count_again(case_id: int) -> bool:
    """Whether a number that the public reads has changed."""
    n = count_supporters(case_id)
    changed = db.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.supporters != n)
        .values(supporters=n)
        .returning(Case.visible)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.scalar())


def _insert(model: type[VoiceSupport | SupportChange]) -> Any:
    """The database's own INSERT, which knows what to do about a row that is there."""
    return (sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert)(model)
