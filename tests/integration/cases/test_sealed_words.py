"""The database lets a resident's words be erased, all at once, and changed in no other way."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from civic.cases import services
from civic.cases.models import FROM_RESIDENT, Feedback, TextRole
from civic.cases.services.erasing import NOTHING_LEFT
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.guards import FEEDBACK_ERASED, FEEDBACK_KEPT
from tests.integration.cases.worlds import World


def test_every_role_of_a_text_is_the_residents_or_the_staffs() -> None:
    staff = set(TextRole) - FROM_RESIDENT
    assert staff == {
        TextRole.ROUTING_REASON, TextRole.RETURN_REASON, TextRole.DECLINE_EXPLANATION, TextRole.QUESTION,
        TextRole.EXTENSION_REASON, TextRole.SEND_BACK_REASON, TextRole.ESCALATION_REASON,
        TextRole.MERGE_REASON, TextRole.CONTRIBUTION, TextRole.CORRECTION_REASON, TextRole.UNPUBLISH_REASON,
        TextRole.PRIVATE_EXPLANATION, TextRole.INVITATION, TextRole.REISSUE_REASON,
    }, "say in FROM_RESIDENT whether a new kind of text is erased with the resident's words"  # fmt: skip


def test_the_guard_knows_every_column_of_a_residents_words() -> None:
    columns = set(Feedback.__table__.columns.keys())
    assert columns == {*FEEDBACK_KEPT, *FEEDBACK_ERASED, "text_hant", "erased_at"}
    assert set(NOTHING_LEFT) == {*FEEDBACK_ERASED, "text_hant"}


GONE = (
    "text = '', text_hant = '', text_salt = '', text_hash = '', community_id = NULL, place = '',"
    " speaks_as = NULL, under_14 = false, guardian = false, outside_reference = ''"
)
STAMP = "erased_at = '2026-09-07 02:00:00'"


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE feedback SET text = '改过的话'",
        "UPDATE feedback SET text = ''",
        f"UPDATE feedback SET {STAMP}",
        f"UPDATE feedback SET {GONE}",
        f"UPDATE feedback SET {GONE}, {STAMP}, kind = 'praise'",
        f"UPDATE feedback SET {GONE}, {STAMP}, item_id = NULL",
        f"UPDATE feedback SET {GONE}, {STAMP}, received_at = '2020-01-01 00:00:00'",
        f"UPDATE feedback SET {GONE.replace(chr(39) * 2, chr(39) + '0' + chr(39), 1)}, {STAMP}",
        f"UPDATE feedback SET {GONE.replace(', place = ' + chr(39) * 2, '')}, {STAMP}",
        f"UPDATE feedback SET {GONE.replace('under_14 = false', 'under_14 = true')}, {STAMP}",
        "UPDATE feedback SET text_hant = '請', wants_publication = false",
        "DELETE FROM feedback",
    ],
)
def test_the_database_lets_no_other_change_of_the_words_through(world: World, attempt: str) -> None:
    world.submit(place="桥头", text="请修路灯")
    with pytest.raises(DatabaseError, match="never edited"), unit_of_work() as session:
        session.execute(text(attempt))


def test_the_traditional_form_is_written_once_and_after_erasing_nothing_at_all(world: World) -> None:
    case_id = world.submit(text="请修路灯").case_id
    with unit_of_work() as session:
        session.execute(text("UPDATE feedback SET text_hant = '請修路燈'"))
    with pytest.raises(DatabaseError, match="never edited"), unit_of_work() as session:
        session.execute(text("UPDATE feedback SET text_hant = '請'"))
    world.do(services.erase_words, RESIDENT, case_id)
    for again in ("text = '请修路灯'", "text_hant = '請'", "erased_at = NULL", "place = '桥头'"):
        with pytest.raises(DatabaseError, match="never edited"), unit_of_work() as session:
            session.execute(text(f"UPDATE feedback SET {again}"))
