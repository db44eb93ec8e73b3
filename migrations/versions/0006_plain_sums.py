"""Sums of counters stand in their rows as they are: PostgreSQL would compress those of many cases and unpack them."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # Close to a page, the most there may be; sums take up to some 3 kB.
        op.execute("ALTER TABLE case_sum SET (toast_tuple_target = 8160)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE case_sum RESET (toast_tuple_target)")
