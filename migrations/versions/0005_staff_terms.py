"""What is said on cases, for the desk's own search: pairs of characters, in whichever full-text index there is."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQLITE = (
    # The tokenizer must leave Chinese alone: it cuts at spaces and nothing else that a term can hold.
    "CREATE VIRTUAL TABLE staff_terms USING fts5(terms, detail=none, columnsize=0, tokenize='ascii')",
)
POSTGRESQL = (
    "CREATE TABLE staff_terms (rowid bigint PRIMARY KEY REFERENCES case_file (id) ON DELETE CASCADE,"
    " terms tsvector NOT NULL)",
    "CREATE INDEX ix_staff_terms_terms ON staff_terms USING gin (terms) WITH (fastupdate = off)",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE staff_terms")
