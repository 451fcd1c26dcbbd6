"""The database that a URL names: how it is opened, its schema and its seed, and the pragmas of each connection."""

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Error as SqliteError
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from followguard.errors import ConfigurationError, SchemaMismatch
from followguard.files.private import ensure_file
from followguard.store import tables
from followguard.store.errors import explained, unreadable
from followguard.store.tables import settings
from followguard.store.unbroken import unbroken
from followguard.store.values import insert_for

NAME = "seed"
BITS = 62


def ensure_seed(connection: Connection) -> None:
    """Draws the seed where it is missing, so that nobody outside can foresee the audit's draws."""
    statement = insert_for(connection, settings).on_conflict_do_nothing()
    connection.execute(statement, {"name": NAME, "value": str(secrets.randbits(BITS))})


def read_seed(connection: Connection) -> int:
    """Returns the seed, 0 where there is none."""
    value = connection.execute(select(settings.c.value).where(settings.c.name == NAME)).scalar()
    return int(value or 0)


SCHEMA = "0001"
"""The revision this program is written for: the name of the newest file in `migrations/versions`."""
VERSION_TABLE = "alembic_version"
_UPGRADERS = 7_041_977_255  # the advisory lock of those who change the schema
_START = (
    "New here: followguard init, which also makes the database of a configuration that is there. "
    "Lost: check `database_url`, or put a backup back with followguard db restore."
)


def schema_of(connection: Connection) -> str | None:
    """Returns the revision, or None for a database without ours. Raises `SchemaMismatch` for somebody else's tables."""
    names = set(inspect(connection).get_table_names())
    if VERSION_TABLE in names:
        revision = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        return None if revision is None else str(revision)
    if names & set(tables.metadata.tables):
        raise SchemaMismatch("The database holds tables, but none of followguard's making.", "Check `database_url`.")
    return None


def current_schema(engine: Engine) -> str | None:
    """Calls `schema_of` on a connection of its own; a missing SQLite file gives None, and stays missing."""
    if _missing_file(engine):
        return None
    with unbroken(), engine.connect().execution_options(begin="DEFERRED") as connection:
        return schema_of(connection)


def require_current(engine: Engine) -> None:
    """Raises `SchemaMismatch` unless the database has exactly `SCHEMA`."""
    found = current_schema(engine)
    if found is None:
        where = f"There is no database at {engine.url.database}." if _missing_file(engine) else "The database is empty."
        raise SchemaMismatch(where, _START)
    require_usable(found)
    if found != SCHEMA:
        message = f"The database has schema {found}, older than this program's {SCHEMA}."
        raise SchemaMismatch(message, "Run followguard db upgrade (it backs up first).")


def require_usable(found: str, what: str = "database") -> None:
    """Raises `SchemaMismatch` for a schema that a newer or another program made.

    Revisions are numbers; anything else was made by a program that isn't this one.
    """
    if not found.isdigit() or int(found) > int(SCHEMA):
        message = f"The {what} has schema {found}, newer than this program's {SCHEMA}."
        raise SchemaMismatch(message, "Install the followguard that made it, or restore an older backup by its name.")


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Runs all steps in one transaction. Raises `SchemaMismatch` when the schema is newer than the program's."""
    from followguard.store.migrations import run_upgrade

    with unbroken(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two who upgrade at once queue up; on SQLite they do so anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _UPGRADERS})
        before = schema_of(connection)
        if before is not None:
            require_usable(before)
        if before != SCHEMA:
            run_upgrade(connection)
            ensure_seed(connection)
    return before, SCHEMA


def _missing_file(engine: Engine) -> bool:
    name = engine.url.database
    return engine.dialect.name == "sqlite" and name is not None and not Path(name).exists()


_SERVER = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._~%-]*)(:[0-9]+)?")
_RAW = str.maketrans({"@": "%40"})


def sqlite_url(scheme: str, path: Path, query: str) -> str:
    """Makes the URL of a file, whatever its folders are called; `query` as it was written.

    Raises ConfigurationError for a name that isn't UTF-8: a URL can't hold it.
    """
    try:
        url = URL.create(scheme, database=str(path)).render_as_string(hide_password=False)
    except UnicodeEncodeError:
        raise ConfigurationError(
            "The database would lie in a folder whose name isn't UTF-8.", "Rename the folder, or use another one."
        ) from None
    return f"{url}?{query}" if query else url


def postgres_url(rest: str) -> str:
    """Makes the URL of a server, from what stands behind `://`; it goes through psycopg 3, the one driver installed.

    The last `@` of the address ends the password, since no host has one. Raises ConfigurationError, which repeats
    nothing of it, where a raw sign leaves open what is password and what is host: a driver would print it as a host.
    """
    end = next((place for place, sign in enumerate(rest) if sign in "/?"), len(rest))
    address, more = rest[:end], rest[end:]
    login, at, server = address.rpartition("@")
    if "@" in more or not _SERVER.fullmatch(server) or not rest.isprintable():
        raise ConfigurationError(
            "database_url can't be read: it isn't clear where the password ends and the host begins.",
            "Encode what is special in user name and password: @ as %40, / as %2F, ? as %3F, % as %25, : as %3A.",
        )
    name, colon, password = login.partition(":")
    return f"postgresql+psycopg://{name.translate(_RAW)}{colon}{password.translate(_RAW)}{at}{server}{more}"


BUSY_SECONDS = 30
POSTGRES = "postgresql"
SQLITE = "sqlite"
# FULL, not NORMAL: a follow that X carried out, or a page that was paid for, must survive a power cut (invariant 6).
# `recursive_triggers` makes INSERT OR REPLACE fire the triggers that refuse deletions. `secure_delete`: a text that is
# cleared, or a person who is forgotten, isn't left readable in the free space of the file.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "fullfsync=ON",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "secure_delete=ON",
)


def parse_url(database_url: str) -> URL:
    """Raises `ConfigurationError`; the message never repeats the URL, which may hold a password."""
    next_step = "Use sqlite:///followguard.db, or postgresql+psycopg://user@host/name."
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        raise ConfigurationError("`database_url` isn't a database URL.", next_step) from None  # it may repeat parts
    if url.drivername == POSTGRES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise ConfigurationError(f"`database_url` names {url.drivername!r}, which isn't supported.", next_step)
    if url.get_backend_name() == SQLITE and url.database in (None, "", ":memory:"):
        raise ConfigurationError("`database_url` names no file, so nothing would be kept.", next_step)
    return url


def make_engine(url: URL) -> Engine:
    """Makes an engine that hides values from messages and logs; one idle connection is kept."""
    common: dict[str, Any] = {
        "hide_parameters": True,
        "poolclass": QueuePool,
        "pool_size": 1,
        "max_overflow": -1,
        "json_deserializer": read_json,
    }
    if url.get_backend_name() == POSTGRES:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10}, **common)
    waiting = {} if "timeout" in url.query else {"timeout": BUSY_SECONDS}
    engine = create_engine(url, connect_args=waiting, **common)
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _unreadable)
    return engine


def _make_private(_: Any, __: Any, given: list[Any], ___: Any) -> None:
    """Makes the file for its owner alone: SQLite would follow the umask. Files beside it get the mode of this one."""
    if not str(given[0]).startswith("file:") and not Path(given[0]).exists():
        ensure_file(Path(given[0]))


def _prepare_sqlite(dbapi_connection: Any, _: Any) -> None:
    """Takes transactions away from pysqlite, which would begin them too late, and sets the pragmas."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    try:
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
    except UnicodeDecodeError as error:
        raise explained(error) from error
    finally:
        cursor.close()


def _unreadable(context: ExceptionContext) -> None:
    """Explains a damaged file whose error sqlite3 itself can't decode."""
    if isinstance(context.original_exception, UnicodeDecodeError):
        raise explained(context.original_exception) from context.original_exception


def _begin(connection: Connection) -> None:
    """Takes the write lock at once, so that two writers queue up instead of failing half-way.

    The execution option `begin="DEFERRED"` is for transactions that only read: they wait for nobody.
    """
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'IMMEDIATE')}")


@contextmanager
def translated() -> Iterator[None]:
    """Turns what SQLAlchemy and sqlite3 raise into `StoreFailed`."""
    try:
        yield
    except (SQLAlchemyError, SqliteError) as error:
        raise explained(error) from error


def read_json(text: str) -> Any:
    """Reads a JSON column. Raises `DamagedDatabase` for text that isn't JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise unreadable("JSON") from error
