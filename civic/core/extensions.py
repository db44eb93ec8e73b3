"""The Flask extensions, made once and bound to the application in ``init_extensions``."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from werkzeug.local import LocalProxy

from civic.core.config import Settings
from civic.core.db import Base, init_engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def init_extensions(app: Flask) -> None:
    """Bind database, migrations, CSRF protection and rate limits to ``app``."""
    import_module("civic.core.audit")
    import_module("civic.core.outbox")
    import_module("civic.core.tally")
    settings: Settings = app.extensions["settings"]
    sqlite = settings.database_url.startswith("sqlite")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={} if sqlite else {"pool_pre_ping": True},
        RATELIMIT_STORAGE_URI=settings.rate_limit_storage,
        RATELIMIT_ENABLED=settings.rate_limits,
    )
    db.init_app(app)
    with app.app_context():
        init_engine(db.engine)
    app.extensions["migrate"] = LocalProxy(partial(_migrate, app, sqlite))
    csrf.init_app(app)
    limiter.init_app(app)


def _migrate(app: Flask, sqlite: bool) -> Any:
    """What a migration asks for: a web process never does, and starts sooner without Alembic."""
    from flask_migrate import Migrate

    # Batch mode lets SQLite alter constraints; types are compared so that drift is seen.
    Migrate().init_app(app, db, directory=str(MIGRATIONS), render_as_batch=sqlite, compare_type=True)
    return app.extensions["migrate"]


def newest_schema() -> str:
    """The newest revision, by the number with which its file begins."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
