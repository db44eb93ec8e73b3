"""Append-only guards on case events and audit rows."""

from alembic import op

from civic.core.guards import install_guards, remove_guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Named here and not taken from the code: later tables get their guards in their own migration.
TABLES = ("case_event", "audit_entry")


def upgrade() -> None:
    install_guards(op.get_bind(), TABLES)


def downgrade() -> None:
    remove_guards(op.get_bind(), TABLES)
