"""Alembic environment: the application's database and metadata, in one transaction per migration run."""

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Migrate the application's database. There is no offline mode: a migration needs the real one."""
    # A file database is locked for the whole run, so that two processes starting at once take turns.
    options = {"civic_write": True} if db.engine.dialect.name == "sqlite" else {}
    with db.engine.connect().execution_options(**options) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="civic.core.db.",
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
