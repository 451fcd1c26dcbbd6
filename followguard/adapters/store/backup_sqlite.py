"""Copies of a SQLite database by its own backup interface: consistent while others read and write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine

from followguard.adapters.private import ensure_file
from followguard.adapters.store.backup import whole_or_nothing
from followguard.adapters.store.errors import explained
from followguard.errors import StoreFailed

SUFFIX = ".db"
_WAIT_SECONDS = 0.25
_TRIES = 120
_ANOTHER = "See followguard db check; name an older backup: followguard db restore FILE."
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


class SqliteCopies:
    """How `SqlUpkeep` copies, reads and replaces a SQLite file."""

    suffix = SUFFIX

    def __init__(self, engine: Engine) -> None:
        self._path = Path(engine.url.database or "")
        self.stem = self._path.stem

    def write(self, target: Path) -> None:
        """Copies the database to `target`, as one file without a write-ahead log, and checks the copy."""
        with _explained(), whole_or_nothing(target) as partial:
            copy(self._path, partial)
            with closing(sqlite3.connect(partial)) as made:
                made.execute("PRAGMA journal_mode=DELETE")
                _require_whole(made, partial)

    def schema_in(self, backup: Path) -> str | None:
        """The schema of a backup that is whole. Raises `StoreFailed` when it isn't."""
        try:
            with closing(_opened(backup, "ro")) as connection:
                _require_whole(connection, backup)
                known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        except sqlite3.Error as error:
            raise StoreFailed(f"{backup.name} can't be restored ({error}).", _ANOTHER) from error
        return None if row is None else str(row[0])

    def put_aside(self, aside: Path) -> Path | None:
        """A copy of the database, or the damaged files themselves; None when there is no database."""
        if not self._path.exists():
            return None
        try:
            with whole_or_nothing(aside) as partial:
                copy(self._path, partial)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) not in _DAMAGED:
                raise explained(error) from error
            self._move_away(aside)
        return aside

    def put_back(self, backup: Path) -> None:
        """One transaction inside the database: whoever has it open sees all of the backup or none of it."""
        with _explained():
            copy(backup, self._path)

    def _move_away(self, aside: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            part = self._path.with_name(self._path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))


def copy(source: Path, target: Path) -> None:
    """All pages in one step. Raises sqlite3.Error; `OperationalError` after half a minute of waiting for a lock."""
    waits = iter(range(_TRIES))

    def give_up(status: int, _remaining: int, _total: int) -> None:
        busy = status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if busy and next(waits, None) is None:
            raise sqlite3.OperationalError("database is locked")

    ensure_file(target)
    with closing(_opened(source, "rw")) as origin, closing(sqlite3.connect(target, timeout=0)) as made:
        origin.backup(made, progress=give_up, sleep=_WAIT_SECONDS)


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    """Never creates the file."""
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, timeout=0)


def _require_whole(connection: sqlite3.Connection, path: Path) -> None:
    said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise StoreFailed(f"{path.name} is damaged ({said}).", _ANOTHER)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explained(error) from error
