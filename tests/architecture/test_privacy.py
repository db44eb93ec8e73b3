"""``docs/privacy.md`` names every column that says something about a person; a new one fails until it is decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Table

from civic import create_app
from civic.core.extensions import db
from tests.conftest import ROOT, make_settings

DOCUMENT = (ROOT / "docs" / "privacy.md").read_text("utf-8")
ROWS = [line for line in DOCUMENT.splitlines() if re.match(r"\| `[a-z0-9_]+\.[a-z0-9_]+`", line)]
DOCUMENTED = {name for row in ROWS for name in re.findall(r"`([a-z0-9_]+\.[a-z0-9_]+)`", row.split("|")[1])}

WITHOUT_PERSONS = {
    # the plan and what is published about it
    "plan", "item", "paragraph", "commitment", "indicator", "project", "plan_table", "erratum", "responsibility",
    "plain_summary", "adjustment", "annual_target", "observation", "budget", "progress_update",
    "progress_update_script", "assessment", "assessment_part", "recommendation", "follow_up",
    "supervision_script", "snapshot", "scoreboard_edition",
    "opinion", "opinion_round", "opinion_text", "opinion_event", "opinion_case",
    # what many say, in at least one public message
    "topic", "topic_sweep",
    # the district
    "department", "street", "community", "calendar_year", "calendar_day", "service_level", "load_record",
    "routing_rule", "statutory_channel", "dated_change", "reorganisation",
    # figures and machinery
    "case_stat", "case_sum", "case_sum_group", "case_posting", "content_version", "spent_proof", "voice_entry",
    "voice_support_change", "case_support",
    "assignment", "case_judgement", "case_round", "lone_signature", "recomputation", "recomputed_case",
    # prepared texts
    "reply_template", "reply_template_version",
}  # fmt: skip
"""Tables in which no column says anything about a person, but which member of staff did something in office."""

PLAIN = {
    "account": {"active", "created_at", "deactivated_at", "password_set_at", "password_link_at"},
    "audit_entry": {"at", "actor_kind", "action", "subject_type"},
    "case_attachment": {"case_id", "attached_to", "department_id", "reply_id", "size", "at", "withdrawn_at"},
    "case_event": {"case_id", "seq", "action", "at", "day", "actor_kind", "department_id"},
    "case_file": {
        "version", "feedback_id", "status", "publication", "visible", "kind", "item_id", "department_id",
        "sealed_department_id", "submitted_at", "submitted_day", "published_day", "published_at",
        "masked_text_id", "review_due_at", "accept_due_at", "due_at", "due_day", "urgent_at", "paused_at",
        "replied_at", "close_at", "ended_at", "ended_day", "resolution", "reply_id", "waits_for_lead", "rating",
        "solved",
        "reopenings", "return_pending", "extension", "decline_code", "survivor_id", "escalated_at",
        "escalated_day", "overdue_noted", "single_signature", "changed_at", "supporters",
    },
    "case_photo": {"feedback_id", "number", "state", "squares", "decided_at"},
    "case_presence": {"case_id"},
    "case_text": {"case_id", "role", "department_id", "at"},
    "contact": {"feedback_id"},
    "district_setting": {"key"},
    "absence": {"department_id"},
    "feedback": {"received_at", "kind", "item_id", "paragraph_anchor", "paragraph_excerpt", "erased_at", "loaded_from"},
    "internal_note": {"case_id", "department_id", "at"},
    "kept_apart": {"first_id", "second_id", "at"},
    "kept_text": {"case_id", "what", "begun_with", "visit", "turn", "kept_at"},
    "outbox_message": {"kind", "status", "attempts", "created_at", "due_at", "last_error"},
    "topic_voice": {"sweep_id", "day", "item_id", "street_id", "published"},
    "query_key": {"feedback_id", "issued_at", "replaced_at"},
    "rating": {"case_id", "answered_case_id", "round", "reply_id", "at"},
    "reply": {
        "case_id", "department_id", "round", "state", "version", "resolution", "written_at", "published_at",
        "corrects_id", "concealed_at",
    },
    "reply_beginning": {"reply_id", "template_id", "template_version", "at"},
    "reply_revision": {"reply_id", "number", "resolution", "at"},
    "role_grant": {"role", "department_id", "granted_at"},
    "second_factor_reset": {"requested_at", "confirmed_at", "cancelled_at"},
    "saved_list": {"position"},
    "sender_tally": {"what", "slot", "n"},
    "staff_session": set(),
    "stored_file": {
        "media_type", "size", "width", "height", "public", "uploaded_at", "withdrawn_at", "kept_until",
    },
    "subscription": {"item_id", "department_id", "asked_at", "asked_times", "confirmed_at", "sent_until"},
    "voice_support": {"case_id", "at"},
}  # fmt: skip
"""Columns of the other tables that say nothing about a person by themselves."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    create_app(make_settings(tmp_path_factory.mktemp("privacy")))
    return {table.name: table for table in db.metadata.sorted_tables}


def is_staff(column: Column[object]) -> bool:
    """Whether a column says which member of staff: the document has one row for all of these."""
    refers = any(key.target_fullname == "account.id" for key in column.foreign_keys)
    return refers or column.name == "account_id"


def undecided(table: Table) -> Iterator[str]:
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        plain = column.name == "id" or is_staff(column) or column.name in PLAIN.get(table.name, ())
        if not plain and name not in DOCUMENTED:
            yield name


def test_every_column_is_documented_or_says_nothing_about_a_person(tables: dict[str, Table]) -> None:
    missing = [
        name for table in tables.values() if table.name not in WITHOUT_PERSONS for name in undecided(table)
    ]
    assert missing == [], (
        "Does it say something about a person? Then add a row to docs/privacy.md (what, why, who sees it, how long, "
        "how it goes), and let civic/cases/services/erasing.py and the resident's own data know of it. "
        "If not, name it here."
    )


def test_the_document_and_these_lists_name_nothing_that_is_gone(tables: dict[str, Table]) -> None:
    there = {f"{table.name}.{column.name}" for table in tables.values() for column in table.columns}
    named = DOCUMENTED | {f"{table}.{column}" for table, columns in PLAIN.items() for column in columns}
    assert sorted(named - there) == []
    assert sorted((WITHOUT_PERSONS | set(PLAIN)) - set(tables)) == []


def test_nothing_is_called_plain_and_personal_at_once() -> None:
    plain = {f"{table}.{column}" for table, columns in PLAIN.items() for column in columns}
    assert sorted(plain & DOCUMENTED) == []
    assert sorted(WITHOUT_PERSONS & {name.partition(".")[0] for name in DOCUMENTED}) == []


def test_every_row_of_the_document_is_whole() -> None:
    assert len(ROWS) > 20
    for row in ROWS:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        assert len(cells) == 6, row
        assert all(cells[:5]), f"say what, why, basis, who and how long: {row}"


def test_the_tests_and_pages_it_names_are_there() -> None:
    for path in re.findall(r"`(tests/[a-z_/]+\.py)`", DOCUMENT):
        assert (ROOT / path).is_file(), path
    for path in re.findall(r"\((decisions/[^)]+)\)", DOCUMENT):
        assert (Path(ROOT) / "docs" / path).is_file(), path
