"""Sealed periods are never changed."""

from alembic import op

from civic.core.guards import install_guards, remove_guards

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("snapshot",)


def upgrade() -> None:
    install_guards(op.get_bind(), TABLES)


def downgrade() -> None:
    remove_guards(op.get_bind(), TABLES)
