"""What is published about progress stays: append-only values, sealed updates, targets only with an adjustment."""

from alembic import op

from civic.core.guards import SEALS, install_guards, install_seals, remove_guards, remove_seals

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "observation",
    "annual_target",
    "budget",
    "follow_up",
    "opinion_event",
    "snapshot",
    "scoreboard_edition",
)


def upgrade() -> None:
    install_guards(op.get_bind(), TABLES)
    install_seals(op.get_bind(), SEALS)


def downgrade() -> None:
    remove_seals(op.get_bind(), SEALS)
    remove_guards(op.get_bind(), TABLES)
