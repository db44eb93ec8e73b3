"""The database itself refuses to change or remove what must stay: append-only tables, and rows that are sealed.

SQLite and PostgreSQL each get triggers against UPDATE and DELETE; PostgreSQL also one against
TRUNCATE, which passes row triggers. Alembic's batch mode on SQLite rebuilds a table and
silently drops its triggers: a migration that does so calls :func:`install_guards` again,
and a test asserts at the newest schema that no guard is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection

APPEND_ONLY = (
    "case_event",
    "audit_entry",
    "observation",
    "annual_target",
    "budget",
    "follow_up",
    "opinion_event",
    "snapshot",
    "scoreboard_edition",
)
"""Tables whose rows are never changed: they are the truth that everything else follows from."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Rows of ``table`` that ``refused`` (SQL over OLD and, on update only, NEW) picks out aren't changed."""

    table: str
    kind: str
    refused: str
    message: str

    @property
    def name(self) -> str:
        return f"seal_{self.table}_{self.kind}"


def _sealed(table: str, when: str, message: str) -> tuple[Seal, Seal]:
    return Seal(table, "update", when, message), Seal(table, "delete", when, message)


def _changed(columns: Iterable[str]) -> str:
    """SQL: one of the columns changes. Compared as text: JSON has no equality on PostgreSQL."""
    return " OR ".join(
        f"COALESCE(CAST(NEW.{c} AS TEXT), '') <> COALESCE(CAST(OLD.{c} AS TEXT), '')" for c in columns
    )


def _words_of_residents() -> tuple[Seal, Seal]:
    """A resident's words are never edited. The worker writes their Traditional form once; and once they can be
    erased at the resident's request: all of it together, nothing else with it, and nothing after."""
    facts = _changed(FEEDBACK_KEPT)
    words = _changed(FEEDBACK_ERASED)
    converted = f"NEW.erased_at IS NULL AND OLD.text_hant = '' AND NOT ({words})"
    empty = [
        f"NOT NEW.{c}" if c in ("under_14", "guardian") else f"COALESCE(CAST(NEW.{c} AS TEXT), '') = ''"
        for c in (*FEEDBACK_ERASED, "text_hant")
    ]
    erased = f"NEW.erased_at IS NOT NULL AND {' AND '.join(empty)}"
    return (
        Seal(
            "feedback",
            "update",
            f"OLD.erased_at IS NOT NULL OR {facts} OR NOT (({converted}) OR ({erased}))",
            "a resident''s words are never edited",
        ),
        Seal("feedback", "delete", "1 = 1", "a resident''s words are never edited"),
    )


FEEDBACK_KEPT = (
    "id", "received_at", "kind", "item_id", "paragraph_anchor", "paragraph_excerpt", "street_id",
    "wants_publication", "about_staff", "channel", "entered_by_id", "loaded_from", "nonce_hash", "locale",
)  # fmt: skip
"""Columns of ``feedback`` that no erasure touches: what the case and its figures are made of."""
FEEDBACK_ERASED = (
    "text", "text_salt", "text_hash", "community_id", "place", "speaks_as", "under_14", "guardian",
    "outside_reference",
)  # fmt: skip
"""Columns that an erasure empties, together with ``text_hant``."""


def _with_adjustment(table: str, columns: tuple[str, ...], subjects: str) -> tuple[Seal, Seal]:
    """What a published plan promises changes only together with a new adjustment that is in force for it."""
    published = (
        "(SELECT plan.status FROM plan JOIN item ON item.plan_id = plan.id WHERE item.id = OLD.item_id)"
        " <> 'draft'"
    )
    changed = _changed(columns)
    allowed = (
        "EXISTS (SELECT 1 FROM adjustment WHERE adjustment.id = NEW.adjustment_id"
        " AND NEW.adjustment_id <> COALESCE(OLD.adjustment_id, 0)"
        f" AND adjustment.item_id = NEW.item_id AND adjustment.subject IN ({subjects})"
        " AND adjustment.state = 'in_force')"
    )
    message = f"a published {table} changes only with an adjustment in force"
    return (
        Seal(table, "update", f"{published} AND ({changed}) AND NOT {allowed}", message),
        Seal(table, "delete", published, message),
    )


SEALS: tuple[Seal, ...] = (
    *_words_of_residents(),
    Seal(
        "plain_summary",
        "update",
        # The worker writes the Traditional form once; nothing else of a version ever changes.
        "OLD.text_hant <> '' OR NEW.id <> OLD.id OR NEW.item_id <> OLD.item_id OR NEW.text <> OLD.text"
        " OR NEW.text_en <> OLD.text_en OR COALESCE(NEW.written_by, 0) <> COALESCE(OLD.written_by, 0)"
        " OR NEW.published_at <> OLD.published_at"
        " OR COALESCE(NEW.supersedes_id, 0) <> COALESCE(OLD.supersedes_id, 0)",
        "a version of a plain summary is never edited",
    ),
    Seal("plain_summary", "delete", "1 = 1", "a version of a plain summary is never deleted"),
    *_sealed("progress_update", "OLD.state = 'published'", "a published update is never edited"),
    *_sealed("adjustment", "OLD.state = 'in_force'", "an adjustment in force is never edited"),
    *_sealed("assessment", "OLD.state = 'published'", "a published assessment is sealed"),
    *(
        seal
        for table in ("assessment_part", "recommendation")
        for seal in _sealed(
            table,
            "(SELECT state FROM assessment WHERE assessment.id = OLD.assessment_id) = 'published'",
            "a published assessment is sealed",
        )
    ),
    *_with_adjustment(
        "indicator",
        ("item_id", "printed", "target_kind", "lower_is_better", "baseline_year", "target_year"),
        "'target', 'deadline'",
    ),
    *_with_adjustment(
        "commitment", ("item_id", "quote", "measure", "deadline"), "'target', 'deadline', 'text'"
    ),
    *_with_adjustment("project", ("item_id", "deadline"), "'deadline'"),
)

_KINDS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def install_guards(connection: Connection, tables: Iterable[str] = APPEND_ONLY) -> None:
    """Make the guards of ``tables``; those that exist already are made anew."""
    install = _install_sqlite if connection.dialect.name == "sqlite" else _install_postgresql
    for table in tables:
        install(connection, table)


def remove_guards(connection: Connection, tables: Iterable[str] = APPEND_ONLY) -> None:
    """Take the guards away (for a migration that must rebuild a table)."""
    on_table = "" if connection.dialect.name == "sqlite" else "ON {table}"
    for table in tables:
        for kind in _KINDS[connection.dialect.name]:
            connection.execute(
                text(f"DROP TRIGGER IF EXISTS {_name(table, kind)} {on_table.format(table=table)}")
            )


def missing_guards(connection: Connection, tables: Iterable[str] = APPEND_ONLY) -> list[str]:
    """The names of guards that should exist and don't."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    dialect = connection.dialect.name
    there = set(connection.execute(text(catalogue[dialect])).scalars())
    wanted = [_name(table, kind) for table in tables for kind in _KINDS[dialect]]
    wanted += [seal.name for seal in SEALS]
    return [name for name in wanted if name not in there]


def _name(table: str, kind: str) -> str:
    return f"guard_{table}_{kind}"


def _install_sqlite(connection: Connection, table: str) -> None:
    for kind in _KINDS["sqlite"]:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {_name(table, kind)}"))
        connection.execute(
            text(
                f"CREATE TRIGGER {_name(table, kind)} BEFORE {kind.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        )


def _install_postgresql(connection: Connection, table: str) -> None:
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    )
    for kind in _KINDS["postgresql"]:
        each = "STATEMENT" if kind == "truncate" else "ROW"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {_name(table, kind)} ON {table}"))
        connection.execute(
            text(
                f"CREATE TRIGGER {_name(table, kind)} BEFORE {kind.upper()} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
        )


def install_seals(connection: Connection, seals: Iterable[Seal] = SEALS) -> None:
    """Make the triggers of ``seals``; those that exist already are made anew."""
    for seal in seals:
        remove_seals(connection, (seal,))
        moment = f"BEFORE {seal.kind.upper()} ON {seal.table}"
        if connection.dialect.name == "sqlite":
            raised = f"SELECT RAISE(ABORT, '{seal.message}')"
            connection.execute(
                text(f"CREATE TRIGGER {seal.name} {moment} WHEN {seal.refused} BEGIN {raised}; END")
            )
            continue
        # In a function and not in WHEN, which may hold no subquery.
        passed = "NEW" if seal.kind == "update" else "OLD"
        body = f"BEGIN IF {seal.refused} THEN RAISE EXCEPTION '{seal.message}'; END IF; RETURN {passed}; END"
        connection.execute(
            text(f"CREATE OR REPLACE FUNCTION {seal.name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        )
        connection.execute(
            text(f"CREATE TRIGGER {seal.name} {moment} FOR EACH ROW EXECUTE FUNCTION {seal.name}()")
        )


def remove_seals(connection: Connection, seals: Iterable[Seal] = SEALS) -> None:
    """Take the seals away (for a migration that must rebuild a table)."""
    for seal in seals:
        on_table = "" if connection.dialect.name == "sqlite" else f"ON {seal.table}"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {seal.name} {on_table}"))
