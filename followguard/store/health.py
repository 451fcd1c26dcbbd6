"""A quick look at whether the database is whole, within a time that a night can spare.

Table by table, those first by which people are followed. SQLite: the pages of each table and its indexes, then its
foreign keys, then its texts. PostgreSQL: `health_postgres`.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, select

from followguard.domain.health import Health
from followguard.errors import DamagedDatabase
from followguard.store import health_postgres
from followguard.store.engine import VERSION_TABLE, translated
from followguard.store.errors import SQLITE_TROUBLE, explained
from followguard.store.tables import metadata

FIRST = ("orders", "attempts", "decisions", "people", "roles", "accounts", "items", "followers", "settings", "log")
"""Tables that decide who is followed, and for whom."""
MOST = 20
"""Findings that are told."""
WAIT_SECONDS = 5.0
WITHOUT_END = float("inf")
_STEPS = 10_000
"""Instructions of SQLite's between two looks at the clock: less than a millisecond."""

Look = Callable[[], list[str]]
"""One part looked at -> what is wrong with it."""


def look_over(engine: Engine, seconds: float, *, whole_file: bool = False) -> Health:
    """Finds what is damaged, and what time didn't suffice for. Raises `DamagedDatabase` where nothing can be read.

    `whole_file`: also pages of a SQLite file that belong to no table.
    """
    if engine.dialect.name == "postgresql":
        with translated():
            return health_postgres.look_over(engine, ordered(), seconds)
    try:
        return _look_over_sqlite(Path(engine.url.database or ""), time.monotonic() + seconds, whole_file=whole_file)
    except SQLITE_TROUBLE as error:
        raise explained(error) from error


def ordered() -> list[str]:
    """Lists every table, those of `FIRST` first."""
    return [*FIRST, *(table.name for table in metadata.sorted_tables if table.name not in FIRST)]


def _look_over_sqlite(path: Path, deadline: float, *, whole_file: bool) -> Health:
    findings: list[str] = []
    unchecked: list[str] = []
    with closing(reading(path)) as connection:
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        for name, look in _looks(connection, whole_file=whole_file):
            if time.monotonic() > deadline or not _within_time(look, findings):
                unchecked.append(name)
    return Health(tuple(findings[:MOST]), tuple(unchecked))


def _looks(connection: sqlite3.Connection, *, whole_file: bool) -> Iterator[tuple[str, Look]]:
    for table in ("",) if whole_file else ("sqlite_master", VERSION_TABLE, *ordered()):
        yield table, partial(_pages, connection, table)
    for table in ordered():
        yield f"keys of {table}", partial(_keys, connection, table)
    for table in ordered():
        yield f"texts of {table}", partial(_texts, connection, table)


def _texts(connection: sqlite3.Connection, table: str) -> list[str]:
    """Reads every row as the program would."""
    lenient, connection.text_factory = connection.text_factory, str
    try:
        for _ in connection.execute(f'SELECT * FROM "{table}"'):
            pass
    except sqlite3.OperationalError as error:
        if "could not decode" not in str(error).lower():
            raise
        return [f"text: {table} holds text that isn't UTF-8"]
    finally:
        connection.text_factory = lenient
    return []


def _within_time(look: Look, findings: list[str]) -> bool:
    """Tells whether the look came to its end; what it saw is added. A part that can't be read is itself a finding."""
    try:
        findings += look()
    except SQLITE_TROUBLE as error:
        if isinstance(error, sqlite3.Error) and "interrupted" in str(error):
            return False
        findings.append(_damage(error))
    return True


def _damage(error: Exception) -> str:
    """Returns what is damaged. Raises `StoreFailed` for an error that says something else, such as a lock."""
    known = explained(error)
    if not isinstance(known, DamagedDatabase):
        raise known from error
    return known.message


def _pages(connection: sqlite3.Connection, table: str) -> list[str]:
    """Checks the pages of a table and its indexes; without one the whole file's."""
    rows = connection.execute(f'PRAGMA integrity_check("{table}")' if table else "PRAGMA integrity_check")
    return [f"file: {said}" for (said,) in rows if said != "ok"]


def _keys(connection: sqlite3.Connection, table: str) -> list[str]:
    rows = connection.execute(f'PRAGMA foreign_key_check("{table}")')
    return [f"keys: row {row[1]} of {row[0]} points at a missing row of {row[2]}" for row in rows]


def values_unread(connection: Connection) -> Iterator[str]:
    """Reads every value of every row as the program does; names the tables that hold one that isn't of its kind."""
    for name in ordered():
        try:
            for _ in connection.execute(select(metadata.tables[name])):
                pass
        except DamagedDatabase as error:
            yield f"values: {name}: {error.message}"


def reading(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """Opens a connection that never creates the file, and reads whatever bytes a damaged one holds."""
    place = quote(os.fsencode(path.absolute()))  # bytes: a name need not be UTF-8
    connection = sqlite3.connect(f"file:{place}?mode={mode}", uri=True, timeout=WAIT_SECONDS)
    connection.text_factory = lambda raw: raw.decode(errors="backslashreplace")
    return connection
