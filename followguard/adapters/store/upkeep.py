"""Schema, backups and the check of the whole database: `domain.stores.upkeep.Upkeep`."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from followguard.adapters.store import backup, wiping
from followguard.adapters.store.backup_postgres import PostgresCopies
from followguard.adapters.store.backup_sqlite import SqliteCopies
from followguard.adapters.store.errors import translated
from followguard.adapters.store.locks import whole_lock
from followguard.adapters.store.proving import ProvingTables
from followguard.adapters.store.restored import Replaced, note_restore, read_replaced
from followguard.adapters.store.schema import SCHEMA, current_schema, require_current, require_usable, upgrade
from followguard.domain.hashchain import GENESIS
from followguard.domain.proof.proof import check_log
from followguard.domain.stores.upkeep import Checked, Restored
from followguard.errors import SchemaMismatch, StoreFailed

if TYPE_CHECKING:
    from followguard.adapters.store.work import Places

ANOTHER = "Name another one: followguard db restore FILE."
COPIES: dict[str, type[SqliteCopies] | type[PostgresCopies]] = {"sqlite": SqliteCopies, "postgresql": PostgresCopies}


class SqlUpkeep:
    """Over one engine; `places` says where backups and locks live."""

    def __init__(
        self, engine: Engine, places: "Places", token_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._engine = engine
        self._token_bytes = token_bytes
        self._places = places
        self._copies = COPIES[engine.dialect.name](engine)

    @property
    def newest(self) -> str:
        """The newest revision in `migrations/versions`."""
        return SCHEMA

    def upgrade(self) -> tuple[str | None, str]:
        """All steps or none."""
        with translated():
            return upgrade(self._engine)

    def schema(self) -> str | None:
        """Never creates a SQLite file."""
        with translated():
            return current_schema(self._engine)

    def back_up(self, now: datetime, keep: int) -> Path:
        """Refuses to copy a database that isn't followguard's."""
        if self.schema() is None:
            raise SchemaMismatch("There is no database to back up.", "Run followguard init.")
        folder, copies = self._places.backups, self._copies
        target = folder / backup.backup_name(copies.stem, now, copies.suffix)
        copies.write(target)
        backup.keep_newest(folder, copies.stem, copies.suffix, keep)
        return target

    def backups(self) -> list[Path]:
        """Newest first."""
        return backup.backups_in(self._places.backups, self._copies.stem, self._copies.suffix)

    def restore(self, path: Path, now: datetime) -> Restored:
        """Nothing is touched before the backup has proved to be whole and of a schema this program knows."""
        found = self._copies.schema_in(path)
        if found is None:
            raise StoreFailed(f"{path.name} isn't a backup of followguard's.", ANOTHER)
        require_usable(found, f"backup {path.name}")
        before = read_replaced(self._engine)
        self._engine.dispose()
        with whole_lock(self._engine, self._places.locks):
            aside = self._places.backups / backup.aside_name(self._copies.stem, now, self._copies.suffix)
            kept = self._copies.put_aside(aside)
            self._copies.put_back(path)
            if found == SCHEMA:
                self._note(path.name, before, now)
        self._engine.dispose()
        return Restored(path, kept)

    def _note(self, backup: str, before: Replaced, now: datetime) -> None:
        """In the backup's own log; one of an older schema gets no note, for this program can't write there yet."""
        from followguard.adapters.store.work import SqlWork

        with translated(), self._engine.begin() as connection:
            work = SqlWork(connection, self._token_bytes)
            note_restore(work, backup, before, now)
            work.seal()

    def alone(self) -> AbstractContextManager[None]:
        """The lock that a restore takes."""
        return whole_lock(self._engine, self._places.locks)

    def wipe(self) -> None:
        """By VACUUM."""
        with translated():
            wiping.wipe(self._engine)

    def settle(self) -> None:
        """SQLite only; PostgreSQL recycles its log by itself."""
        with translated():
            wiping.checkpoint(self._engine)

    def copies(self) -> list[Path]:
        """Newest first, backups before what was put aside."""
        return self.backups() + backup.asides_in(self._places.backups, self._copies.stem, self._copies.suffix)

    def remove_copies(self, now: datetime, keep: int) -> list[Path]:
        """The new one first: there is no moment without a backup. A copy of the same second is overwritten by it."""
        old = self.copies()
        made = self.back_up(now, len(old) + 1) if keep else None
        for path in old:
            if path != made:
                backup.remove(path)
        return old

    def check(self) -> Checked:
        """Raises `SchemaMismatch` when there is nothing that could be checked."""
        with translated():
            require_current(self._engine)
            with self._engine.begin() as connection:
                return _checked(connection)


def _checked(connection: Connection) -> Checked:
    findings = _sqlite_findings(connection) if connection.dialect.name == "sqlite" else []
    stored = ProvingTables(connection).read()
    findings += [each.sentence for each in check_log(stored)[1]]
    head = stored.entries[-1].hash if stored.entries else GENESIS
    return Checked(SCHEMA, len(stored.entries), head, tuple(findings))


def _sqlite_findings(connection: Connection) -> list[str]:
    """PostgreSQL holds its keys and checks its pages by itself; a SQLite file may have been edited by anything."""
    pages = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    keys = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    findings = [f"file: {said}" for said in pages if said != "ok"]
    return findings + [f"keys: row {row[1]} of {row[0]} points at a missing row of {row[2]}" for row in keys]
