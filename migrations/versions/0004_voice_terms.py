"""The terms of published voices: pairs of characters, in whichever full-text index the database has."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQLITE = (
    # The tokenizer must leave Chinese alone: it cuts at spaces and nothing else that a term can hold.
    "CREATE VIRTUAL TABLE voice_terms USING fts5"
    "(terms, detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\")",
)
POSTGRESQL = (
    "CREATE TABLE voice_terms (rowid bigint PRIMARY KEY REFERENCES voice_entry (id) ON DELETE CASCADE,"
    " terms tsvector NOT NULL)",
    "CREATE INDEX ix_voice_terms_terms ON voice_terms USING gin (terms) WITH (fastupdate = off)",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE voice_terms")
