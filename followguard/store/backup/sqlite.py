"""Copies of a SQLite database by its own backup interface: consistent while others read and write."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from followguard.errors import DamagedDatabase, StoreFailed
from followguard.files.private import ensure_file
from followguard.store.backup.names import PARTS, whole_or_nothing
from followguard.store.errors import SQLITE_TROUBLE, explained
from followguard.store.health import reading

SUFFIX = ".db"
_WAIT_SECONDS = 0.25
_TRIES = 120
_ANOTHER = "See followguard db check; name an older backup: followguard db restore FILE."
_UNREADABLE = {
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}
_PRIMARY = 0xFF
"""The part of SQLite's result codes that names the kind of error."""


class SqliteCopies:
    """Copies of a SQLite file for `Upkeep`."""

    suffix = SUFFIX

    def __init__(self, engine: Engine) -> None:
        self._path = Path(engine.url.database or "")
        self.stem = self._path.stem

    def write(self, target: Path) -> None:
        """Copies the database to `target`, as one file without a write-ahead log, and checks the copy."""
        with _explained(), whole_or_nothing(target) as partial:
            copy(self._path, partial)
            with closing(reading(partial)) as made:
                made.execute("PRAGMA journal_mode=DELETE")
                _require_whole(made, partial)

    def schema_in(self, backup: Path) -> str | None:
        """Returns the schema of a backup that is whole. Raises `StoreFailed` when it isn't."""
        try:
            with closing(reading(backup, "ro")) as connection:
                _require_whole(connection, backup)
                known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        except SQLITE_TROUBLE as error:
            said = error if isinstance(error, sqlite3.Error) else "it is damaged"
            raise StoreFailed(f"{backup.name} can't be restored ({said}).", _ANOTHER) from error
        return None if row is None else str(row[0])

    def put_aside(self, aside: Path) -> Path | None:
        """Copies the database, or moves the damaged files themselves; None when there is no database."""
        if not self._path.exists():
            return None
        try:
            with whole_or_nothing(aside) as partial:
                copy(self._path, partial)
        except SQLITE_TROUBLE as error:
            if not _is_unreadable(error):
                raise explained(error) from error
            self._move_away(aside)
        return aside

    def put_back(self, backup: Path, spare: Path) -> None:
        """Replaces the database in one transaction: whoever has it open sees all of the backup or none of it.

        A database that takes no backup is moved to `spare` as it is.
        """
        with _explained():
            try:
                copy(backup, self._path)
            except SQLITE_TROUBLE as error:
                if not _is_unreadable(error):
                    raise
                self._move_away(spare)
                copy(backup, self._path)

    def _move_away(self, aside: Path) -> None:
        """Moves what can't be copied out of the way as it is, be it a folder."""
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            for suffix in PARTS:
                part = self._path.with_name(self._path.name + suffix)
                if part.exists():
                    shutil.move(part, aside.with_name(aside.name + suffix))
        except OSError as error:
            message = f"{self._path.name} is damaged, and can't be moved aside ({error.strerror or error})."
            raise StoreFailed(message, "Move it away by hand, then run the same command again.") from error


def _is_unreadable(error: Exception) -> bool:
    """Tells whether the database itself is what fails, not a lock or the room for its copy."""
    return (getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_CORRUPT) & _PRIMARY in _UNREADABLE


def copy(source: Path, target: Path) -> None:
    """Copies all pages in one step. Raises sqlite3.Error; `OperationalError` after half a minute's wait for a lock."""
    waits = iter(range(_TRIES))

    def give_up(status: int, _remaining: int, _total: int) -> None:
        busy = status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if busy and next(waits, None) is None:
            raise sqlite3.OperationalError("database is locked")

    ensure_file(target)
    with closing(reading(source)) as origin, closing(sqlite3.connect(target, timeout=0)) as made:
        origin.backup(made, progress=give_up, sleep=_WAIT_SECONDS)


def _require_whole(connection: sqlite3.Connection, path: Path) -> None:
    said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise DamagedDatabase(f"{path.name} is damaged ({said}).", _ANOTHER)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except SQLITE_TROUBLE as error:
        raise explained(error) from error
