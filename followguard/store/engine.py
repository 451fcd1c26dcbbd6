"""The database that a URL names: how it is opened, and what every connection is told first."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from followguard.errors import ConfigurationError
from followguard.files.private import ensure_file
from followguard.store.errors import explained, read_json

if TYPE_CHECKING:
    from followguard.store.store import Store

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


def open_store(
    database_url: str,
    *,
    lock_dir: Path | None = None,
    backup_dir: Path | None = None,
    token_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> "Store":
    """Returns the store at `database_url`; nothing is opened or created yet.

    `lock_dir` and `backup_dir` default to the folder of the SQLite file and `backups` in it; on PostgreSQL the server
    keeps the locks, and backups go to `backups` in the current folder. Raises `ConfigurationError` for a URL that is
    neither SQLite's nor PostgreSQL's.
    """
    from followguard.store.locks import StoreFolders
    from followguard.store.store import Store

    url = parse_url(database_url)
    home = Path(url.database).parent if url.get_backend_name() == SQLITE and url.database else Path()
    places = StoreFolders(locks=lock_dir or home, backups=backup_dir or home / "backups")
    return Store(make_engine(url), places, token_bytes)


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
    if not str(given[0]).startswith("file:"):
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
    """Explains a damaged file whose error sqlite3 itself can't decode; that is no fault of the statement."""
    if isinstance(context.original_exception, UnicodeDecodeError):
        raise explained(context.original_exception) from context.original_exception


def _begin(connection: Connection) -> None:
    """Takes the write lock at once, so that two writers queue up instead of failing half-way.

    Under the execution option `begin="DEFERRED"` it doesn't: such a transaction only reads, and waits for nobody.
    """
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'IMMEDIATE')}")
