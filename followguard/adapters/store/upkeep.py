"""Schema, backups and the check of the whole database: `domain.stores.upkeep.Upkeep`."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from followguard.adapters.store import backup, wiping
from followguard.adapters.store.backup_postgres import PostgresCopies
from followguard.adapters.store.backup_sqlite import SqliteCopies
from followguard.adapters.store.errors import translated
from followguard.adapters.store.health import WITHOUT_END, look_over, values_unread
from followguard.adapters.store.locks import whole_lock
from followguard.adapters.store.proving import ProvingTables
from followguard.adapters.store.restored import Replaced, note_restore, read_replaced
from followguard.adapters.store.schema import SCHEMA, current_schema, require_current, require_usable, upgrade
from followguard.domain.hashchain import GENESIS
from followguard.domain.proof.proof import check_log
from followguard.domain.stores.upkeep import Checked, Health, Restored
from followguard.errors import DamagedDatabase, SchemaMismatch, StoreFailed

if TYPE_CHECKING:
    from followguard.adapters.store.work import StoreFolders

ANOTHER = "Name another one: followguard db restore FILE."
COPIES: dict[str, type[SqliteCopies] | type[PostgresCopies]] = {"sqlite": SqliteCopies, "postgresql": PostgresCopies}


class SqlUpkeep:
    """Over one engine; `places` says where backups and locks live."""

    def __init__(
        self, engine: Engine, places: "StoreFolders", token_bytes: Callable[[int], bytes] = secrets.token_bytes
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
        target = self._written(now)
        backup.keep_newest(folder, copies.stem, copies.suffix, keep)
        return target

    def _written(self, now: datetime, tries: int = 20) -> Path:
        """Makes a backup under the first free name; where another run takes that meanwhile, under the next one."""
        target = backup.backup_path(self._places.backups, self._copies.stem, now, self._copies.suffix)
        try:
            self._copies.write(target)
        except StoreFailed:
            if not target.is_file() or tries <= 1:
                raise
            return self._written(now, tries - 1)
        return target

    def backups(self) -> list[Path]:
        """Newest first."""
        return backup.backups_in(self._places.backups, self._copies.stem, self._copies.suffix)

    def newest_backup(self) -> datetime | None:
        """To the second."""
        kept = self.backups()
        return backup.made_at(kept[0]) if kept else None

    def restore(self, path: Path, now: datetime) -> Restored:
        """Nothing is touched before the backup has proved to be whole and of a schema this program knows."""
        found = self._copies.schema_in(path)
        if found is None:
            raise StoreFailed(f"{path.name} isn't a backup of followguard's.", ANOTHER)
        require_usable(found, f"backup {path.name}")
        before = read_replaced(self._engine)
        self._engine.dispose()
        with whole_lock(self._engine, self._places.locks):
            kept = self._copies.put_aside(self._aside(now))
            self._put_back(path, kept, self._aside(now))
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

    def _aside(self, now: datetime) -> Path:
        return backup.aside_path(self._places.backups, self._copies.stem, now, self._copies.suffix)

    def _put_back(self, path: Path, kept: Path | None, spare: Path) -> None:
        try:
            self._copies.put_back(path, spare)
        except StoreFailed as error:
            where = f" What was there before is {kept}." if kept else ""
            raise StoreFailed(f"{path.name} couldn't be put back: {error.message}{where}", error.next_step) from error

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
        """The new one first: there is no moment without a backup."""
        old = self.copies()
        if keep:
            self.back_up(now, len(old) + 1)
        for path in old:
            backup.remove(path)
        return old

    def look_over(self, seconds: float) -> Health:
        """Table by table; see `health`."""
        return look_over(self._engine, seconds)

    def check(self) -> Checked:
        """Raises `SchemaMismatch` when there is nothing that could be checked."""
        with translated():
            require_current(self._engine)
            findings = look_over(self._engine, WITHOUT_END, whole_file=True).findings
            with self._engine.begin() as connection:
                values = tuple(values_unread(connection)) if not findings else ()
                found = _checked(connection)
        return replace(found, findings=findings + values + found.findings)


def _checked(connection: Connection) -> Checked:
    """The log and what it vouches for; one that can't be read is a finding like any other."""
    try:
        stored = ProvingTables(connection).read()
    except DamagedDatabase as error:
        return Checked(SCHEMA, 0, "", (f"log: {error.message}",))
    findings = tuple(each.sentence for each in check_log(stored)[1])
    head = stored.entries[-1].hash if stored.entries else GENESIS
    return Checked(SCHEMA, len(stored.entries), head, findings)
